"""What each role gets out of the database itself, whatever the program above it asks."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from typing import Any

import mapbox_vector_tile
import pytest
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.exc import ProgrammingError

from db.engine import make_engine, reading, writing
from db.queries.tiles import get_household_tile
from db.queries.totals import get_summary
from db.refusal import Refusal
from db.reveals import open_reveal
from db.rights import apply_rights, web_address
from db.viewer import LOCAL_VIEWER, Viewer, bind_viewer
from db.web_login import check_rights
from geo.errors import HouseholdNotFound, InvalidPurpose
from geo.tile import Tile
from geo.view import View
from tests.conftest import str_of

KECAMATAN, DESA = "35.10.04", "35.10.04.2001"
AREA_OF = {"task_unit": KECAMATAN, "village_operator": DESA}
REGENCY_ROLES = ("planner", "regent")
BLIND_ROLES = ("guest", "agency", "auditor", "administrator", "nobody", "")
WITH_HOUSEHOLDS = ("household", "person", "aid", "household_need", "household_bitmap")
VIEWS_ONLY = ("household_mark",)
DESKS = (
    "household_record", "person_record", "aid_record", "import_batch", "import_row",
    "match_candidate", "verification", "position_fault", "job",
)  # fmt: skip
"""What the pages of the registers show; the demo holds nothing of it (test_rights_desks.py)."""
PLANS = (
    "plan", "plan_target", "plan_change", "plan_handover", "plan_opening", "delivery", "question",
    "saved_view", "register_snapshot",
)  # fmt: skip
"""What plans and questions leave behind (test_rights_plans.py)."""
DERIVED = (*WITH_HOUSEHOLDS, "household_cell", *VIEWS_ONLY, *DESKS, *PLANS)
CLOSED = ("household_order", "reveal", "app_user", "login_session", "audit_event", "audit_head")
See = Callable[..., AbstractContextManager[Connection]]


@pytest.fixture(scope="module")
def web_engine(demo_url: str) -> Iterator[Engine]:
    """The demo register as the web server reaches it."""
    engine = make_engine(str_of(web_address(demo_url)))
    yield engine
    engine.dispose()


@pytest.fixture
def see(web_engine: Engine) -> See:
    """Open the register as a role."""

    def open_as(role: str, area: str | None = None, user: str = "somebody") -> object:
        return reading(web_engine, Viewer(user, role, area or AREA_OF.get(role)))

    return open_as  # type: ignore[return-value]


def count(conn: Connection, table: str, condition: str = "true") -> int:
    return int(conn.scalar(text(f"SELECT count(*) FROM {table} WHERE {condition}")) or 0)


# --- Nobody -------------------------------------------------------------------------------------


def list_readable(conn: Connection) -> list[str]:
    """List every table and view that the connection may read, but for those of everybody."""
    return list(
        conn.scalars(
            text("""
                SELECT format('%I.%I', n.nspname, c.relname)
                FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
                WHERE n.nspname IN ('public', 'masked') AND c.relkind IN ('r', 'v', 'm', 'p')
                  AND has_schema_privilege(n.oid, 'USAGE')
                  AND has_table_privilege(c.oid, 'SELECT')
            """)
        )
    )


PUBLIC = {
    "admin_area", "programme", "need", "indicator", "area_stat", "source", "class_breaks",
    "data_version", "alembic_version", "publication", "public_count", "area_stat_record",
    "field_precedence", "column_mapping", "programme_rule", "rule_state",
    "spatial_ref_sys", "geometry_columns", "geography_columns",
}  # fmt: skip


def test_without_a_viewer_there_is_no_row(web_engine: Engine) -> None:
    with web_engine.connect() as conn:
        readable = list_readable(conn)
        kept = [name for name in readable if name.removeprefix("public.") not in PUBLIC]
        assert {name.removeprefix("masked.") for name in kept} == {*DERIVED}
        assert {name: count(conn, name) for name in kept} == dict.fromkeys(kept, 0)


@pytest.mark.parametrize("table", [*DERIVED, *CLOSED])
def test_the_tables_themselves_are_closed(web_engine: Engine, table: str) -> None:
    with web_engine.connect() as conn, pytest.raises(ProgrammingError, match="permission denied"):
        count(conn, f"public.{table}")


def test_the_web_login_owns_nothing_and_bypasses_nothing(demo_engine: Engine) -> None:
    with demo_engine.connect() as conn:
        role = conn.execute(
            text("""
                SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolinherit,
                       (SELECT count(*) FROM pg_class WHERE relowner = r.oid)
                       + (SELECT count(*) FROM pg_auth_members WHERE member = r.oid)
                FROM pg_roles AS r WHERE rolname = 'kentongan_web'
            """)
        ).one()
    assert tuple(role) == (False, False, False, False, False, 0)


def test_it_cannot_write(web_engine: Engine) -> None:
    for statement in (
        "UPDATE public.household SET decile = 1",
        "DELETE FROM masked.aid",
        "INSERT INTO public.source (code, kind, name, as_of) VALUES ('x', 'aid', 'x', now())",
        "CREATE TABLE public.mine (id int)",
        "CREATE FUNCTION public.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    ):
        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            writing(web_engine, Viewer("somebody", "planner")) as conn,
        ):
            conn.execute(text(statement))


def test_it_cannot_become_the_program_itself(see: See) -> None:
    with see("local") as conn:
        assert {table: count(conn, table) for table in DERIVED} == dict.fromkeys(DERIVED, 0)
    with pytest.raises(ProgrammingError), see("planner") as conn:
        conn.execute(text("SET ROLE kentongan_reader"))


# --- Rows ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", BLIND_ROLES)
@pytest.mark.parametrize("area", [None, KECAMATAN])
def test_roles_without_households_get_none(see: See, role: str, area: str | None) -> None:
    with see(role, area) as conn:
        assert {table: count(conn, table) for table in DERIVED} == dict.fromkeys(DERIVED, 0)


@pytest.mark.parametrize("role", REGENCY_ROLES)
def test_roles_of_the_regency_get_every_row(see: See, demo_conn: Connection, role: str) -> None:
    with see(role) as conn:
        for table in WITH_HOUSEHOLDS:
            assert count(conn, table) == count(demo_conn, f"public.{table}") > 0


_OF_AREA = {
    "household": "area_code LIKE :pattern",
    "household_bitmap": "area_code LIKE :pattern",
    "household_cell": "area_code LIKE :pattern",
    "household_mark": "area_code LIKE :pattern",
    "person": "household_id IN (SELECT id FROM household WHERE area_code LIKE :pattern)",
    "aid": "household_id IN (SELECT id FROM household WHERE area_code LIKE :pattern)",
    "household_need": "household_id IN (SELECT id FROM household WHERE area_code LIKE :pattern)",
}


@pytest.mark.parametrize(
    ("role", "pattern"), [("task_unit", f"{KECAMATAN}.%"), ("village_operator", DESA)]
)
def test_the_area_s_rows_are_those_of_the_area(
    see: See, demo_conn: Connection, role: str, pattern: str
) -> None:
    for table, condition in _OF_AREA.items():
        asked = text(
            f"SELECT md5(string_agg(to_jsonb(t)::text, '|' ORDER BY to_jsonb(t)::text)), count(*)"
            f" FROM (SELECT {_columns(demo_conn, table)} FROM {table} WHERE {condition}) AS t"
        )
        with see(role) as conn:
            seen = conn.execute(asked, {"pattern": "%"}).one()
        stored = demo_conn.execute(asked, {"pattern": pattern}).one()
        assert seen == stored
        assert stored.count > 0


def _columns(conn: Connection, table: str) -> str:
    names = conn.scalars(
        text("""
            SELECT column_name FROM information_schema.columns
            WHERE table_schema = 'masked' AND table_name = :table ORDER BY 1
        """),
        {"table": table},
    )
    return ", ".join(names)


def test_an_area_that_only_begins_alike_is_another(see: See) -> None:
    with see("task_unit", "35.10.0") as conn:
        assert count(conn, "household") == 0
    with see("village_operator", KECAMATAN) as conn:
        assert count(conn, "household") == 0


def test_viewers_are_never_mixed_up(web_engine: Engine, demo_conn: Connection) -> None:
    codes = list(
        demo_conn.scalars(text("SELECT code FROM admin_area WHERE level = 'kecamatan' ORDER BY 1"))
    )
    expected = {
        code: set(
            demo_conn.scalars(
                text("SELECT DISTINCT area_code FROM household WHERE area_code LIKE :like"),
                {"like": f"{code}.%"},
            )
        )
        for code in codes
    }

    def look(number: int) -> bool:
        if number % 5 == 0:
            with reading(web_engine, Viewer("guest", "guest")) as conn:
                return count(conn, "household") == 0
        code = codes[number % len(codes)]
        with reading(web_engine, Viewer(f"unit {code}", "task_unit", code)) as conn:
            seen = set(conn.scalars(text("SELECT DISTINCT area_code FROM household")))
            return seen == expected[code]

    with ThreadPoolExecutor(16) as threads:
        assert all(threads.map(look, range(480)))


# --- Columns ------------------------------------------------------------------------------------


def test_a_planner_sees_names_but_no_numbers_or_addresses(see: See, demo_conn: Connection) -> None:
    stored = demo_conn.execute(text("SELECT kk, head_name FROM household ORDER BY id")).all()
    with see("planner") as conn:
        seen = conn.execute(text("SELECT kk, head_name FROM household ORDER BY id")).all()
        assert count(conn, "household", "address IS NOT NULL OR rt IS NOT NULL") == 0
        assert count(conn, "household", "rw IS NOT NULL OR external_id IS NOT NULL") == 0
        assert count(conn, "person", "nik !~ '^[0-9]{4}[*]{8}[0-9]{4}$'") == 0
        assert count(conn, "person", "nik IS NOT NULL") > 0
    masked = [(kk and f"{kk[:4]}********{kk[-4:]}", name) for kk, name in stored]
    assert [tuple(row) for row in seen] == masked


def test_a_regent_sees_no_number_address_position_or_illness(see: See) -> None:
    with see("regent") as conn:
        hidden = "kk, address, rt, rw, external_id, location, location_3857, accuracy_m"
        assert count(conn, "household", f"num_nonnulls({hidden}) > 0") == 0
        hidden = "nik, birth_date, disability, chronic_illness"
        assert count(conn, "person", f"num_nonnulls({hidden}) > 0") == 0
        assert count(conn, "household", "head_name <> ''") > 0
        assert count(conn, "household_cell") == 0


def test_no_masked_text_holds_what_it_hides(see: See, demo_conn: Connection) -> None:
    secrets = demo_conn.execute(
        text("SELECT array_agg(nik), (SELECT array_agg(kk) FROM household) FROM person")
    ).one()
    numbers = {number for column in secrets for number in column if number}
    for role in REGENCY_ROLES:
        with see(role) as conn:
            for table in DERIVED:
                rows = conn.scalars(text(f"SELECT to_jsonb(t)::text FROM {table} AS t"))
                words = {word for row in rows for word in _strings(json.loads(row))}
                assert words.isdisjoint(numbers)


def _strings(row: dict[str, object]) -> list[str]:
    return [value for value in row.values() if isinstance(value, str)]


# --- Positions ----------------------------------------------------------------------------------


def test_a_planner_s_positions_are_displaced_inside_the_desa(
    see: See, demo_conn: Connection
) -> None:
    with see("planner") as conn:
        seen = dict(conn.execute(text("SELECT id, ST_AsText(location) FROM household")).all())
    stored = demo_conn.execute(
        text("""
            SELECT h.id, ST_Distance(h.location::geography, s.place::geography) AS metres,
                   ST_Covers(a.geom, s.place) AS is_inside,
                   ST_Equals(s.place, a.label_point) AS is_label
            FROM household AS h JOIN admin_area AS a ON a.code = h.area_code
            JOIN jsonb_each_text(CAST(:seen AS jsonb)) AS p (id, wkt) ON p.id::bigint = h.id
            CROSS JOIN LATERAL (SELECT ST_GeomFromText(p.wkt, 4326) AS place) AS s
            WHERE h.location IS NOT NULL
        """),
        {"seen": json.dumps({str(key): wkt for key, wkt in seen.items()})},
    ).all()
    assert len(stored) == count(demo_conn, "household", "location IS NOT NULL") > 1000
    assert all(row.is_inside for row in stored)
    drawn = [row.metres for row in stored if not row.is_label]
    assert len(drawn) > 0.99 * len(stored)
    assert 149 < min(drawn) < 180
    assert 370 < max(drawn) < 401


def test_a_corrected_position_keeps_its_displacement(demo_conn: Connection) -> None:
    asked = text("""
        SELECT ST_X(shown_location) - ST_X(location), ST_Y(shown_location) - ST_Y(location)
        FROM household WHERE id = :id
    """)
    household = demo_conn.scalar(text("SELECT min(id) FROM household WHERE location IS NOT NULL"))
    before = demo_conn.execute(asked, {"id": household}).one()
    demo_conn.execute(
        text("UPDATE household SET location = ST_Translate(location, 1e-6, 0) WHERE id = :id"),
        {"id": household},
    )
    assert tuple(demo_conn.execute(asked, {"id": household}).one()) == pytest.approx(before)


def _tile_points(
    conn: Connection, zoom: int, place: tuple[float, float]
) -> list[dict[str, object]]:
    tile = Tile(zoom, *_tile_at(zoom, *place))
    body = get_household_tile(conn, View(level="household"), tile)
    features = mapbox_vector_tile.decode(body)["households"]["features"] if body else []
    return [{"id": one.get("id"), **one["properties"]} for one in features]


def _tile_at(zoom: int, x: float, y: float) -> tuple[int, int]:
    half, side = 20037508.342789244, 40075016.685578488 / (1 << zoom)
    return int((x + half) / side), int((half - y) / side)


@pytest.mark.parametrize("zoom", range(8, 17))
def test_no_tile_of_a_planner_is_made_of_true_places(
    see: See, demo_conn: Connection, zoom: int
) -> None:
    place = demo_conn.execute(
        text("""
            SELECT x_3857, y_3857 FROM household_cell WHERE level = 16
            ORDER BY household_count DESC, cx, cy LIMIT 1
        """)
    ).one()
    with see("planner") as conn:
        points = _tile_points(conn, zoom, tuple(place))
        assert count(conn, "household_cell") == 0
    assert points
    if zoom < 13:
        assert not any(point["id"] for point in points)
    with see("regent") as conn:
        assert _tile_points(conn, zoom, tuple(place)) == []


@pytest.mark.parametrize("view", [View(), View(deciles=(1, 2)), View(area=KECAMATAN)])
@pytest.mark.parametrize("zoom", [9, 12, 13])
def test_a_planner_s_clusters_add_up(see: See, zoom: int, view: View) -> None:
    with see("planner") as conn:
        bounds = conn.execute(
            text("""
                SELECT min(ST_X(location_3857)), min(ST_Y(location_3857)),
                       max(ST_X(location_3857)), max(ST_Y(location_3857)) FROM household
            """)
        ).one()
        first, last = _tile_at(zoom, bounds[0], bounds[3]), _tile_at(zoom, bounds[2], bounds[1])
        shown = 0
        for x in range(first[0] - 1, last[0] + 2):
            for y in range(first[1] - 1, last[1] + 2):
                body = get_household_tile(conn, view, Tile(zoom, x, y))
                features = mapbox_vector_tile.decode(body)["households"]["features"] if body else []
                shown += sum(one["properties"]["n"] for one in features)
        assert shown == get_summary(conn, view).located > 0


def test_a_planner_s_birth_dates_keep_the_age_and_no_more(see: See, demo_conn: Connection) -> None:
    asked = text("""
        SELECT id, birth_date, extract(year FROM age(birth_date))::int AS age
        FROM person WHERE birth_date IS NOT NULL ORDER BY id
    """)
    with see("planner") as conn:
        seen = conn.execute(asked).all()
    stored = demo_conn.execute(asked).all()
    assert [(row.id, row.age) for row in seen] == [(row.id, row.age) for row in stored]
    assert len({(row.birth_date.month, row.birth_date.day) for row in seen}) <= 2
    assert len({(row.birth_date.month, row.birth_date.day) for row in stored}) > 300


# --- Reveals ------------------------------------------------------------------------------------


def test_a_reveal_opens_one_household_for_one_planner_for_a_while(
    demo_engine: Engine, see: See
) -> None:
    with demo_engine.begin() as conn:
        household, other = conn.scalars(
            text("SELECT id FROM household WHERE kk IS NOT NULL ORDER BY id LIMIT 2")
        )
        conn.execute(
            text("""
                INSERT INTO reveal (user_name, household_id, purpose, granted_by, expires_at)
                VALUES ('ani', :id, 'memeriksa data ganda', 'ani', now() + interval '10 minutes'),
                       ('budi', :id, 'memeriksa data ganda', 'budi', now() + interval '1 second'),
                       ('cici', :id, 'memeriksa data ganda', 'cici', now() + interval '1 second')
            """),
            {"id": household},
        )
        conn.execute(
            text("""
                UPDATE reveal SET at = now() - interval '2 hours',
                                  expires_at = now() - interval '1 hour'
                WHERE user_name = 'budi'
            """)
        )
    try:
        asked = text("SELECT id, kk LIKE '%*%' FROM household WHERE id = ANY (:ids) ORDER BY id")
        ids = {"ids": [household, other]}
        with see("planner", user="ani") as conn:
            assert dict(conn.execute(asked, ids).all()) == {household: False, other: True}
            nik = text("SELECT bool_or(nik LIKE '%*%') FROM person WHERE household_id = :id")
            assert conn.scalar(nik, {"id": household}) is False
        for user in ("budi", "dedi"):
            with see("planner", user=user) as conn:
                assert dict(conn.execute(asked, ids).all()) == {household: True, other: True}
        with see("guest", user="ani") as conn:
            assert conn.execute(asked, ids).all() == []
    finally:
        with demo_engine.begin() as conn:
            conn.execute(text("DELETE FROM reveal"))


def test_a_planner_opens_a_household_with_a_purpose(web_engine: Engine) -> None:
    with web_engine.connect() as conn, conn.begin() as transaction:
        bind_viewer(conn, Viewer("ani", "planner"))
        household = conn.scalar(text("SELECT min(id) FROM household WHERE kk IS NOT NULL"))
        masked = text("SELECT kk LIKE '%*%' FROM household WHERE id = :id")
        assert conn.scalar(masked, {"id": household}) is True
        open_reveal(conn, int(household), "memeriksa data ganda")
        assert conn.scalar(masked, {"id": household}) is False
        transaction.rollback()


@pytest.mark.parametrize("purpose", ["", "   ", "pendek", "x" * 501])
def test_a_purpose_must_say_something(web_engine: Engine, purpose: str) -> None:
    with pytest.raises(InvalidPurpose), writing(web_engine, Viewer("ani", "planner")) as conn:
        open_reveal(conn, 1, purpose)


@pytest.mark.parametrize("role", ["guest", "regent", "task_unit", "auditor", "administrator"])
def test_others_open_nothing(web_engine: Engine, role: str) -> None:
    viewer = Viewer("ani", role, AREA_OF.get(role))
    with pytest.raises(HouseholdNotFound), writing(web_engine, viewer) as conn:
        open_reveal(conn, 1, "memeriksa data ganda")


# --- Watching over the rights -------------------------------------------------------------------


def driver_of(conn: Connection) -> Any:
    return conn.connection.driver_connection


def test_rights_can_be_applied_again(demo_url: str) -> None:
    engine = create_engine(demo_url)
    with engine.begin() as conn:
        apply_rights(conn)
        check_rights(driver_of(conn))
    engine.dispose()


@pytest.mark.parametrize(
    ("hole", "sentence"),
    [
        ("ALTER VIEW masked.person OWNER TO CURRENT_USER", "belongs to"),
        ("ALTER TABLE household NO FORCE ROW LEVEL SECURITY", "no forced"),
        ("ALTER TABLE aid DISABLE ROW LEVEL SECURITY", "no forced"),
    ],
)
def test_a_hole_is_found_before_serving(demo_conn: Connection, hole: str, sentence: str) -> None:
    demo_conn.execute(text(hole))
    with pytest.raises(Refusal, match=sentence):
        check_rights(driver_of(demo_conn))


def test_the_owner_sees_all(demo_engine: Engine) -> None:
    with reading(demo_engine, LOCAL_VIEWER) as conn:
        assert count(conn, "household") == count(conn, "masked.household") > 0
