"""The desk of positions: what is found in the database, kept, counted, listed, dismissed."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text

from db.positions import (
    FaultFilter,
    count_faulty_households,
    count_position_faults,
    list_position_faults,
    refresh_position_faults,
    repair_positions,
    set_fault_dismissed,
)
from db.positions.desk import UnknownFault
from db.queries.published import as_published
from db.registers.undo import undo_batch
from db.viewer import LOCAL_VIEWER, Viewer, bind_viewer
from geo.errors import AccessDenied, InvalidView
from geo.positions import KINDS
from geo.view import View
from tests.db.oracle import read_facts, select
from tests.db.strategies import filtered_views

EVERYTHING = View(statuses=())


@pytest.fixture
def faulty(demo_conn: Connection) -> Connection:
    """The demo, some positions of it spoilt, looked through."""
    bind_viewer(demo_conn, LOCAL_VIEWER)
    for change in (
        "location = ST_FlipCoordinates(location) WHERE id % 97 = 0 AND location IS NOT NULL",
        "location = NULL WHERE id % 89 = 1",
        "location = ST_SetSRID(ST_MakePoint(0, 0), 4326) WHERE id % 211 = 2",
        "accuracy_m = 120 WHERE id % 83 = 3",
    ):
        demo_conn.execute(text(f"UPDATE household SET {change}"))
    refresh_position_faults(demo_conn)
    return demo_conn


def read_kinds(conn: Connection) -> dict[int, set[str]]:
    """Return what is wrong with each household, told once more in plain SQL where it can be."""
    found: dict[int, set[str]] = {}
    flipped = "ST_FlipCoordinates(h.location)"
    rows = conn.execute(
        text(f"""
            SELECT h.id, h.location IS NULL, coalesce(h.accuracy_m > 50, false),
                   abs(ST_Y(h.location)) > 90 AND EXISTS (
                       SELECT FROM admin_area AS a WHERE a.level = 'desa'
                       AND ST_Intersects(a.geom, {flipped})),
                   ST_X(h.location) = 0
            FROM household AS h
        """)
    )
    for number, missing, inaccurate, swapped, nowhere in rows:
        told = {
            "missing": missing,
            "inaccurate": inaccurate and not missing,
            "swapped": swapped,
            "outside_regency": nowhere,
        }
        found[number] = {kind for kind, is_so in told.items() if is_so}
    return found


def kept(conn: Connection) -> dict[int, dict[str, dict[str, Any]]]:
    found: dict[int, dict[str, dict[str, Any]]] = {}
    for number, kind, detail in conn.execute(
        text("SELECT household_id, kind, detail FROM position_fault")
    ):
        found.setdefault(number, {})[kind] = detail
    return found


def test_what_is_kept_is_what_plain_sql_finds(faulty: Connection) -> None:
    expected, found = read_kinds(faulty), kept(faulty)
    simple = {"missing", "inaccurate", "swapped", "outside_regency"}
    told = {number: simple & set(kinds) for number, kinds in found.items()}
    assert {n: kinds for n, kinds in told.items() if kinds} == {
        n: kinds for n, kinds in expected.items() if kinds
    }
    assert Counter(kind for kinds in expected.values() for kind in kinds).keys() == simple


def test_an_exchanged_position_waits_off_the_map_for_its_repair(faulty: Connection) -> None:
    rows = faulty.execute(
        text("""
            SELECT h.location_3857 IS NULL AND h.shown_location IS NULL,
                   ST_Equals(f.proposed, ST_FlipCoordinates(h.location)),
                   f.detail ->> 'certain'
            FROM household AS h JOIN position_fault AS f ON f.household_id = h.id
            WHERE f.kind = 'swapped'
        """)
    ).all()
    assert len(rows) > 20
    assert set(rows) == {(True, True, "true")}


def test_looking_again_writes_nothing(faulty: Connection) -> None:
    rows = text("SELECT ctid::text, * FROM position_fault ORDER BY household_id, kind")
    before = faulty.execute(rows).all()
    assert refresh_position_faults(faulty) == len(before)
    assert faulty.execute(rows).all() == before
    assert refresh_position_faults(faulty, []) == len(before)


def test_a_fault_goes_with_what_was_wrong(faulty: Connection) -> None:
    faulty.execute(text("UPDATE household SET accuracy_m = 5"))
    refresh_position_faults(faulty)
    assert "inaccurate" not in {kind for kinds in kept(faulty).values() for kind in kinds}


CODES = ["35.10.04", "35.10.04.2001", "35.10", None]
drawn_views = filtered_views(CODES, ["pkh", "bpnt"], ["latrine", "electricity"])
drawn_filters = st.builds(
    FaultFilter,
    kind=st.sampled_from([None, *KINDS]),
    dismissed=st.booleans(),
    certain=st.booleans(),
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(view=drawn_views, chosen=drawn_filters)
def test_counts_and_lists_are_the_plain_truth(
    faulty: Connection, view: View, chosen: FaultFilter
) -> None:
    faulty.execute(
        text("""
            UPDATE position_fault SET dismissed_by = 'x', dismissed_at = now()
            WHERE household_id % 5 = 0 AND kind <> 'missing'
        """)
    )
    facts = select(read_facts(faulty), view)
    rows = faulty.execute(
        text("SELECT household_id, kind, detail, dismissed_at IS NOT NULL FROM position_fault")
    ).all()
    found: dict[int, set[str]] = {}
    for number, kind, detail, is_dismissed in rows:
        if is_dismissed == chosen.dismissed and (not chosen.certain or detail.get("certain")):
            found.setdefault(number, set()).add(kind)
    for level, length in (("kecamatan", 8), ("desa", 13)):
        expected: dict[str, Counter[str]] = {}
        for fact in facts:
            kinds = found.get(fact.id, set())
            if kinds:
                expected.setdefault(fact.area_code[:length], Counter()).update([*kinds, "any"])
        assert count_position_faults(faulty, view, level, chosen) == expected
    listed = {
        fact.id
        for fact in facts
        if found.get(fact.id) and (chosen.kind is None or chosen.kind in found[fact.id])
    }
    assert count_faulty_households(faulty, view, chosen) == len(listed)
    pages = [
        one
        for offset in range(0, len(listed) + 1, 40)
        for one in list_position_faults(faulty, view, chosen, limit=40, offset=offset)
    ]
    assert [one.area_code for one in pages] == sorted(one.area_code for one in pages)
    assert {one.id for one in pages} == listed
    assert len(pages) == len(listed)
    for one in pages:
        assert [line.kind for line in one.faults] == [k for k in KINDS if k in found[one.id]]


def test_a_dismissed_fault_stays_so_as_long_as_it_is_the_same(faulty: Connection) -> None:
    number = next(n for n, kinds in kept(faulty).items() if set(kinds) == {"inaccurate"})
    set_fault_dismissed(faulty, number, "inaccurate")
    refresh_position_faults(faulty)
    chosen = FaultFilter("inaccurate", dismissed=True)
    [listed] = list_position_faults(faulty, EVERYTHING, chosen)
    assert (listed.id, listed.faults[0].dismissed_by) == (number, LOCAL_VIEWER.user)
    # Measured anew, and bad again: that is another finding.
    faulty.execute(text("UPDATE household SET accuracy_m = 333 WHERE id = :id"), {"id": number})
    refresh_position_faults(faulty)
    assert list_position_faults(faulty, EVERYTHING, chosen) == []
    assert kept(faulty)[number]["inaccurate"] == {"accuracy_m": 333}


def test_a_dismissal_can_be_taken_back(faulty: Connection) -> None:
    number = min(kept(faulty))
    kind = next(iter(kept(faulty)[number]))
    before = count_faulty_households(faulty, EVERYTHING, FaultFilter(kind))
    set_fault_dismissed(faulty, number, kind)
    assert count_faulty_households(faulty, EVERYTHING, FaultFilter(kind)) == before - 1
    set_fault_dismissed(faulty, number, kind, is_dismissed=False)
    assert count_faulty_households(faulty, EVERYTHING, FaultFilter(kind)) == before


def test_what_is_not_there_is_not_dismissed(faulty: Connection) -> None:
    with pytest.raises(UnknownFault):
        set_fault_dismissed(faulty, 2**60, "missing")
    with pytest.raises(InvalidView):
        FaultFilter("no_such")


def test_roles_of_totals_get_no_counts(faulty: Connection) -> None:
    with as_published(faulty), pytest.raises(AccessDenied):
        count_position_faults(faulty, View(), "kecamatan")


def test_without_boundaries_nothing_is_found(conn: Connection) -> None:
    assert refresh_position_faults(conn) == 0


def test_a_repair_is_a_batch_that_brings_the_position_back(faulty: Connection) -> None:
    before = {
        row.id: (row.lon, row.lat, row.accuracy_m, row.location_source)
        for row in faulty.execute(
            text("""
                SELECT h.id, ST_Y(h.location) AS lon, ST_X(h.location) AS lat, h.accuracy_m,
                       h.location_source
                FROM household AS h JOIN position_fault AS f ON f.household_id = h.id
                WHERE f.proposed IS NOT NULL
            """)
        )
    }
    others = {n: k for n, kinds in kept(faulty).items() if (k := set(kinds) - {"swapped"})}
    done = repair_positions(faulty, LOCAL_VIEWER)
    assert done.count == len(before) > 20
    after = faulty.execute(
        text("""
            SELECT id, ST_X(location), ST_Y(location), accuracy_m, location_source
            FROM household WHERE id = ANY (:ids) AND location_3857 IS NOT NULL
        """),
        {"ids": list(before)},
    )
    assert {row[0]: tuple(row[1:]) for row in after} == before
    assert {n: set(kinds) for n, kinds in kept(faulty).items()} == others
    batch = faulty.execute(
        text("SELECT kind, user_name FROM import_batch WHERE id = :id"), {"id": done.batch_id}
    ).one()
    assert tuple(batch) == ("repair", LOCAL_VIEWER.user)
    assert repair_positions(faulty, LOCAL_VIEWER).count == 0


def test_a_repair_can_be_taken_back(faulty: Connection) -> None:
    places = text("SELECT id, ST_AsText(location), accuracy_m FROM household ORDER BY id")
    before, found = faulty.execute(places).all(), kept(faulty)
    done = repair_positions(faulty, LOCAL_VIEWER)
    assert done.batch_id
    undo_batch(faulty, done.batch_id)
    refresh_position_faults(faulty)
    assert faulty.execute(places).all() == before
    assert kept(faulty) == found


def test_only_what_is_asked_for_and_in_the_own_area_is_repaired(faulty: Connection) -> None:
    certain = list_position_faults(faulty, EVERYTHING, FaultFilter(certain=True), limit=1_000)
    first, second = certain[0], certain[-1]
    operator = Viewer("operator", "village_operator", first.area_code)
    assert repair_positions(faulty, operator, [second.id]).count == 0
    assert repair_positions(faulty, operator, [first.id, second.id]).count == 1
    inside = [one for one in certain if one.area_code.startswith(second.area_code[:8])]
    assert repair_positions(faulty, LOCAL_VIEWER, area=second.area_code[:8]).count == len(inside)


def test_a_dismissed_or_outdated_proposal_is_not_carried_out(faulty: Connection) -> None:
    first, second, *others = list_position_faults(
        faulty, EVERYTHING, FaultFilter(certain=True), limit=1_000
    )
    set_fault_dismissed(faulty, first.id, "swapped")
    move = "UPDATE household SET location = ST_SetSRID(ST_MakePoint(114.2, -8.3), 4326)"
    faulty.execute(text(f"{move} WHERE id = :id"), {"id": second.id})
    assert repair_positions(faulty, LOCAL_VIEWER).count == len(others)
