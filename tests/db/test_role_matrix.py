"""Every path for every role: nobody gets a row, a number, a name or a place that is not theirs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from dash import Dash
from flask.testing import FlaskClient
from sqlalchemy import Connection, Engine, text

from dashboard.app import create_app
from dashboard.auth.demo import ROLES
from dashboard.auth.gate import OPEN
from dashboard.settings import Settings
from db.queries.areas import find_densest
from db.queries.catalogue import list_agencies
from tests.conftest import client_as, owner_of
from tests.db.plan_samples import choose_households, hand, make_plan
from tests.db.role_answers import (
    Answer,
    ask_callbacks,
    ask_plans,
    ask_routes,
    ask_tiles,
    distance_m,
    list_filed_places,
    list_points,
    list_views,
)
from tests.desk_samples import Desks

BLIND = ("guest", "auditor", "administrator")
_NUMBER = re.compile(r"(?<!\d)\d{16}(?!\d)")
_DEGREES = re.compile(r"-?\d{1,3}[.,]\d{5,}")


@dataclass(frozen=True)
class Household:
    id: int
    area: str
    kk: str | None
    address: str | None
    names: frozenset[str]
    niks: frozenset[str]
    lon: float | None
    lat: float | None
    x: float | None
    y: float | None


@dataclass(frozen=True)
class Register:
    """What there is to leak, and where the roles of an area work."""

    households: dict[int, Household]
    kecamatan: str
    desa: str
    plan: int
    handover: int
    handed: frozenset[int]

    def inside(self, area: str) -> list[Household]:
        return [one for one in self.households.values() if one.area.startswith(area)]

    def outside(self, area: str) -> list[Household]:
        return [one for one in self.households.values() if not one.area.startswith(area)]


@pytest.fixture(scope="module")
def app(
    desk_register: tuple[str, Desks], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Dash]:
    settings = Settings(database_url=desk_register[0], home=tmp_path_factory.mktemp("home"))
    made = create_app(settings)
    engine = made.server.extensions["engine"]
    hand_plan(engine)
    yield made
    drop_plans(engine)
    engine.dispose()


@pytest.fixture(scope="module")
def register(app: Dash) -> Register:
    with owner_of(app.server.extensions["engine"]).connect() as conn:
        return read_register(conn)


def hand_plan(engine: Engine) -> None:
    """Hand a plan of a few households, inside the densest desa and elsewhere, to the agency."""
    with owner_of(engine).begin() as conn:
        desa = find_densest(conn)[1]
        own = choose_households(conn, 6, area=desa)
        elsewhere = [one for one in choose_households(conn, 30) if one not in own][:12]
        plan = make_plan(conn, [*own, *elsewhere])
        hand(conn, plan, agency=list_agencies(conn)[0])


def drop_plans(engine: Engine) -> None:
    """Leave the register as the other tests know it."""
    with owner_of(engine).begin() as conn:
        conn.execute(text("DELETE FROM plan"))
        conn.execute(text("SELECT refresh_plan_flags(NULL)"))


def read_register(conn: Connection) -> Register:
    rows = conn.execute(
        text("""
            SELECT h.id, h.area_code, h.kk, h.address, array_agg(p.name), array_agg(p.nik),
                   ST_X(h.location), ST_Y(h.location), ST_X(h.location_3857), ST_Y(h.location_3857)
            FROM household AS h JOIN person AS p ON p.household_id = h.id GROUP BY h.id
        """)
    )
    households = {
        row[0]: Household(*row[:4], frozenset(row[4]), frozenset(filter(None, row[5])), *row[6:])
        for row in rows
    }
    plan, handover = conn.execute(text("SELECT plan_id, id FROM plan_handover")).one()
    handed = frozenset(conn.scalars(text("SELECT household_id FROM plan_target")))
    return Register(households, *find_densest(conn), plan, handover, handed)


def own_client(app: Dash, role: str, **more: str) -> FlaskClient:
    """Make a client at an address of its own: all of them together ask more than one may."""
    client = client_as(app, role, **more)
    place = [one.role for one in ROLES].index(role) + 1
    client.environ_base["REMOTE_ADDR"] = f"127.0.1.{place}"
    return client


@dataclass(frozen=True)
class Gathered:
    """All that a role was answered, and the points of its tiles."""

    answers: list[Answer]
    points: list[tuple[int | None, float, float]]
    household_texts: list[Answer]


def gather(client: FlaskClient, register: Register) -> Gathered:
    """Ask everything: in the area of the area's roles, and in another."""
    own = next(one for one in register.inside(register.desa) if one.lon and one.kk and one.niks)
    other = next(
        one for one in register.outside(register.kecamatan) if one.lon and one.kk and one.niks
    )
    both = (own.id, other.id)
    areas = (register.kecamatan, register.desa, other.area[:8], other.area)
    views = list_views(areas, both)
    words = [
        word
        for one in (own, other)
        for word in (*sorted(one.names)[:1], *sorted(one.niks)[:1], str(one.kk), one.area)
    ]
    answers = [*ask_callbacks(client, views, words), *ask_routes(client, views, both)]
    answers += ask_plans(client, register.plan, register.handover, areas)
    points = []
    places = tuple((float(one.x or 0), float(one.y or 0)) for one in (own, other))
    for answer, tile in ask_tiles(client, places):
        answers.append(answer)
        points += list_points(answer, tile)
    # Polygons are full of degrees; only what lists households may hold a house's.
    about = [one for one in answers if "/export/households" in one.address or "card" in one.address]
    return Gathered(answers, points, about)


def find_numbers(answers: list[Answer]) -> set[str]:
    return {number for one in answers for number in _NUMBER.findall(one.text)}


def find_texts(answers: list[Answer], wanted: set[str]) -> set[str]:
    """Return which of some texts, of a sample of them, stand in the answers."""
    sample = sorted(wanted)[:: max(1, len(wanted) // 120)]
    everything = "\n".join(one.text for one in answers)
    return {word for word in sample if word in everything}


def find_exact_places(answers: list[Answer], households: list[Household]) -> set[int]:
    found = set()
    for one in answers:
        degrees = {round(float(part.replace(",", ".")), 5) for part in _DEGREES.findall(one.text)}
        found |= {
            house.id
            for house in households
            if house.lon is not None
            and {round(house.lon, 5), round(abs(house.lat or 0), 5)}
            <= degrees | {abs(d) for d in degrees}
        }
    return found


def all_names(households: list[Household]) -> set[str]:
    return {name for one in households for name in one.names if " " in name}


def all_numbers(households: list[Household]) -> set[str]:
    return {number for one in households for number in (*one.niks, one.kk) if number}


def all_addresses(households: list[Household]) -> set[str]:
    return {one.address for one in households if one.address and len(one.address) > 9}


def test_the_roles_are_all_of_them() -> None:
    assert {role.role for role in ROLES} == {
        *BLIND, "agency", "regent", "planner", "task_unit", "village_operator",
    }  # fmt: skip


ASKED = {
    "/", "/<path:path>", "/_dash-dependencies", "/_dash-layout", "/_dash-update-component",
    "data.ask_upload", "data.get_batch_page", "data.get_home", "data.get_job_page",
    "data.get_job_state", "data.get_rejected", "data.get_sources", "data.get_upload",
    "audit.get_file", "audit.get_log", "audit.get_viewers", "auth.show_account",
    "programmes.edit_programme", "programmes.get_programme", "programmes.get_programmes",
    "questions.ask_question", "questions.count_households", "questions.get_question_page",
    "questions.get_saving", "questions.keep_view",
    "positions.dismiss", "positions.get_file", "positions.repair", "positions.show_desk",
    "routes.get_boundaries", "routes.get_drawing", "routes.get_export", "routes.get_health",
    "deliveries.get_annex", "deliveries.get_job_state", "deliveries.get_workbook",
    "deliveries.show_deliveries", "handed.get_annex", "handed.get_workbook", "handed.show_list",
    "handed.show_lists", "gaps.get_file", "gaps.show_page", "plans.compare",
    "plans.get_job_state", "plans.show_approval",
    "plans.show_new", "plans.show_plan", "plans.show_plans", "plans.show_settings",
    "routes.get_tile", "routes.reveal", "review.get_job_state", "review.get_review",
    "verification.get_history", "verification.get_job_state", "verification.get_list",
    # Their answers hold nothing but where to look next, or a sentence (test_desk_pages.py).
    "review.decide", "review.undo", "verification.decide",
    # Nor do theirs (test_handed_pages.py, test_plan_pages.py).
    "deliveries.hand_over", "deliveries.record", "deliveries.record_file", "deliveries.revoke",
    "handed.record", "handed.record_file", "plans.approve", "plans.create", "plans.do_act",
    "plans.save",
}  # fmt: skip
"""Endpoints that the matrix asks."""
WITHOUT_HOUSEHOLDS = {
    "/_favicon.ico", "/_reload-hash", "auth.change", "auth.end_all", "auth.show_totp",
    "auth.turn_off", "auth.turn_on", "data.begin_upload", "data.cancel", "data.drop_upload",
    "data.end_upload", "data.load_upload", "data.map_columns", "data.send_piece",
    "programmes.count_eligible_now", "questions.drop_view",
    "data.set_limits", "data.set_precedence", "data.set_programme", "data.undo",
}  # fmt: skip
"""Forms of one's own account and one's own files, and Dash's own paths; nothing of the register is
behind them. `test_data_pages.py` sends those of files in every role."""


def test_every_path_stands_in_the_matrix(app: Dash) -> None:
    endpoints = {rule.endpoint for rule in app.server.url_map.iter_rules()}
    assert endpoints - OPEN - ASKED - WITHOUT_HOUSEHOLDS == set()


def test_a_stranger_gets_nothing(app: Dash, register: Register) -> None:
    client = app.server.test_client()
    client.environ_base["HTTP_SEC_FETCH_SITE"] = "same-origin"
    gathered = gather(client, register)
    open_paths = {one.address for one in gathered.answers if one.status == 200}
    assert open_paths == {"/health"}
    everyone = list(register.households.values())
    assert find_numbers(gathered.answers) == set()
    assert find_texts(gathered.answers, all_names(everyone)) == set()


@pytest.mark.parametrize("role", BLIND)
def test_roles_without_households_get_none(app: Dash, register: Register, role: str) -> None:
    gathered = gather(own_client(app, role), register)
    everyone = list(register.households.values())
    assert find_numbers(gathered.answers) & all_numbers(everyone) == set()
    assert find_texts(gathered.answers, all_names(everyone)) == set()
    assert find_texts(gathered.answers, all_addresses(everyone)) == set()
    assert gathered.points == []
    assert find_exact_places(gathered.household_texts, everyone) == set()
    households = [one for one in gathered.answers if "/export/households" in one.address]
    assert {one.status for one in households} <= {400, 403}


def test_an_agency_gets_the_list_that_was_handed_to_it_and_nothing_else(
    app: Dash, register: Register
) -> None:
    gathered = gather(own_client(app, "agency"), register)
    handed = [register.households[one] for one in register.handed]
    others = [one for one in register.households.values() if one.id not in register.handed]
    niks = {nik for one in handed for nik in one.niks}
    numbers = find_numbers(gathered.answers) & all_numbers(list(register.households.values()))
    assert numbers and numbers <= niks
    assert find_texts(gathered.answers, all_names(handed))
    assert find_texts(gathered.answers, all_names(others) - all_names(handed)) == set()
    assert find_texts(gathered.answers, all_addresses(others) - all_addresses(handed)) == set()
    assert gathered.points == []
    assert find_exact_places(gathered.household_texts, handed + others) == set()
    elsewhere = [one for one in gathered.answers if not one.address.startswith("/handed")]
    assert find_numbers(elsewhere) & niks == set()
    assert find_texts(elsewhere, all_names(handed)) == set()


def test_another_agency_gets_none_of_it(app: Dash, register: Register) -> None:
    gathered = gather(own_client(app, "agency", agency="Dinas Sosial"), register)
    everyone = list(register.households.values())
    assert find_numbers(gathered.answers) & all_numbers(everyone) == set()
    assert find_texts(gathered.answers, all_names(everyone)) == set()
    assert find_texts(gathered.answers, all_addresses(everyone)) == set()


def test_a_regent_gets_names_and_no_more(app: Dash, register: Register) -> None:
    gathered = gather(own_client(app, "regent"), register)
    everyone = list(register.households.values())
    assert find_texts(gathered.answers, all_names(everyone))
    assert find_numbers(gathered.answers) & all_numbers(everyone) == set()
    assert find_texts(gathered.answers, all_addresses(everyone)) == set()
    assert gathered.points == []
    assert find_exact_places(gathered.household_texts, everyone) == set()


def test_a_planner_gets_names_and_displaced_places(app: Dash, register: Register) -> None:
    gathered = gather(own_client(app, "planner"), register)
    everyone = list(register.households.values())
    assert find_texts(gathered.answers, all_names(everyone))
    assert any("********" in one.text for one in gathered.answers)
    assert find_numbers(gathered.answers) & all_numbers(everyone) == set()
    assert find_texts(gathered.answers, all_addresses(everyone)) == set()
    known = [(register.households[number], x, y) for number, x, y in gathered.points if number]
    assert known
    assert all(_is_far(one, x, y) for one, x, y in known)
    # A displaced point may well fall on a neighbour's house, so each is held against its own.
    filed = list(list_filed_places(gathered.answers))
    assert len(filed) > 1000
    assert all(_is_far(register.households[number], x, y) for number, x, y in filed)
    for one in gathered.household_texts:
        shown = re.search(r"household=(\d+)", one.address)
        if shown and "/export" not in one.address:
            house = register.households[int(shown[1])]
            assert find_exact_places([one], [house]) == set()


def _is_far(one: Household, x: float, y: float) -> bool:
    assert one.x is not None and one.y is not None and one.lat is not None
    return distance_m((one.x, one.y), (x, y), one.lat) > 140


@pytest.mark.parametrize("role", ["task_unit", "village_operator"])
def test_roles_of_an_area_get_all_of_it_and_nothing_else(
    app: Dash, register: Register, role: str
) -> None:
    area = {"task_unit": register.kecamatan, "village_operator": register.desa}[role]
    gathered = gather(own_client(app, role), register)
    own, foreign = register.inside(area), register.outside(area)
    numbers = find_numbers(gathered.answers)
    assert numbers & all_numbers(own)
    assert numbers & all_numbers(foreign) - all_numbers(own) == set()
    assert find_texts(gathered.answers, all_names(own))
    strangers = all_names(foreign) - all_names(own)
    assert find_texts(gathered.answers, strangers) == set()
    assert find_texts(gathered.answers, all_addresses(own))
    elsewhere = all_addresses(foreign) - all_addresses(own)
    assert find_texts(gathered.answers, elsewhere) == set()
    assert find_exact_places(gathered.household_texts, own)
    assert find_exact_places(gathered.household_texts, foreign) == set()
    own_ids = {one.id for one in own}
    ids = {number for number, _x, _y in gathered.points if number}
    assert ids
    assert ids <= own_ids


@pytest.mark.parametrize("role", [role.role for role in ROLES if role.role != "planner"])
def test_only_a_planner_opens_identities(app: Dash, register: Register, role: str) -> None:
    client = own_client(app, role)
    household = register.inside(register.desa)[0].id
    answer = client.post(
        f"/households/{household}/reveal", data={"purpose": "memeriksa data ganda"}
    )
    assert answer.status_code in (400, 403, 404)
