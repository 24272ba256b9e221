"""What changed, against counts made row by row; and never across a change of the source."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Connection, text

from db.demo.draws import AS_OF
from db.demo.history import EARLIER
from db.queries.published import as_published
from db.registers import import_stats
from db.registers.undo import undo_batch
from db.trend import (
    has_break,
    list_change,
    list_comparable,
    list_periods,
    list_trend,
    take_snapshot,
)
from geo.errors import InvalidView
from geo.view import POOR_STATUSES, View
from layers import Rows, freeze_breaks, get_layer, list_layers, list_series, paint
from layers.change import choose_periods
from tests.db.oracle import Fact, read_facts
from tests.db.test_batches import batch_of
from tests.db.test_registers import BUDI, HEADER, SARI, SITI, Write, load, regency, write

__all__ = ["regency", "write"]

NOW, THEN, OLD = f"{AS_OF:%Y-%m}", *(f"{day:%Y-%m}" for day, *_more in EARLIER)
LENGTHS = {"kabupaten": 5, "kecamatan": 8, "desa": 13}
MEASURES = ("poverty_rate", "unserved_rate", "coverage")


def snapshots(conn: Connection) -> dict[tuple[str, str, str], tuple[int, int | None, str]]:
    rows = conn.execute(
        text("SELECT period, area_code, flag, households, families, source FROM register_snapshot")
    )
    return {tuple(row[:3]): tuple(row[3:]) for row in rows}  # type: ignore[misc]


def count_facts(facts: list[Fact], area: str, flag: str) -> int:
    inside = [
        one for one in facts if one.area_code.startswith(area) and one.status in POOR_STATUSES
    ]
    if flag == "all":
        return len(inside)
    if flag == "aid:none":
        return sum(not one.received for one in inside)
    return sum(flag.removeprefix("programme:") in one.received for one in inside)


# Taking ------------------------------------------------------------------------------------------


def test_a_snapshot_holds_what_the_rows_say(demo_conn: Connection) -> None:
    assert take_snapshot(demo_conn) == NOW
    facts = read_facts(demo_conn)
    families = dict(
        demo_conn.execute(
            text("SELECT area_code, value FROM area_stat WHERE indicator = 'family_count'")
        ).all()
    )
    kept = {key[1:]: row for key, row in snapshots(demo_conn).items() if key[0] == NOW}
    assert {len(area) for area, _flag in kept} == set(LENGTHS.values())
    assert {"all", "aid:none", "programme:pkh"} <= {flag for _area, flag in kept}
    for (area, flag), (households, of_all, source) in kept.items():
        assert households == count_facts(facts, area, flag), (area, flag)
        assert of_all == families[area]
        assert source == "demo"


def test_a_second_one_of_a_month_takes_the_place_of_the_first(demo_conn: Connection) -> None:
    before = snapshots(demo_conn)
    demo_conn.execute(text("DELETE FROM household WHERE id % 2 = 0"))
    freeze_breaks(demo_conn)
    after = snapshots(demo_conn)
    assert after.keys() == before.keys()
    total = ("35.10", "all")
    assert after[NOW, *total] < before[NOW, *total]
    assert after[THEN, *total] == before[THEN, *total]


def test_a_later_register_leaves_a_snapshot_and_takes_it_along(
    regency: Connection, write: Write
) -> None:
    assert take_snapshot(regency) is None
    load(regency, write(HEADER, SITI, BUDI), as_of=date(2025, 6, 30))
    freeze_breaks(regency)
    first = snapshots(regency)
    load(regency, write(HEADER, SITI, BUDI, SARI), as_of=date(2026, 6, 30))
    freeze_breaks(regency)
    assert list_periods(regency, "poverty_rate") == ["2026-06", "2025-06"]
    assert snapshots(regency)["2026-06", "35.10.01.2002", "all"][0] == 2
    undo_batch(regency, batch_of(regency))
    freeze_breaks(regency)
    assert snapshots(regency) == first
    undo_batch(regency, batch_of(regency) - 1)
    freeze_breaks(regency)
    assert snapshots(regency) == {}


# Comparing ---------------------------------------------------------------------------------------


def share_of(
    kept: dict[tuple[str, str, str], tuple[int, int | None, str]],
    measure: str,
    area: str,
    period: str,
) -> float | None:
    """Reckon a share anew, of what the snapshots hold."""
    poor, families, _source = kept[period, area, "all"]
    none = kept[period, area, "aid:none"][0]
    if measure == "poverty_rate":
        return 100 * poor / families if families else None
    if measure.startswith("programme:"):
        part = kept[period, area, measure][0]
    else:
        part = none if measure == "unserved_rate" else poor - none
    return 100 * part / poor if poor else None


@pytest.mark.parametrize("level", ["kecamatan", "desa"])
@pytest.mark.parametrize("measure", [*MEASURES, "programme:pkh"])
def test_every_change_is_now_less_then(demo_conn: Connection, measure: str, level: str) -> None:
    key = "change:coverage" if measure.startswith("programme:") else f"change:{measure}"
    received = (measure.removeprefix("programme:"),) if measure.startswith("programme:") else ()
    rows = rows_of(demo_conn, key, level=level, received=received)
    kept = snapshots(demo_conn)
    known = 0
    for row in rows.rows:
        now, then = (share_of(kept, measure, row["code"], period) for period in (NOW, THEN))
        assert row["now"] == (None if now is None else pytest.approx(now)), row
        assert row["then"] == (None if then is None else pytest.approx(then)), row
        if now is None or then is None:
            assert row["value"] is None
        else:
            known += 1
            assert row["value"] == pytest.approx(now - then)
    assert known > len(rows.rows) * 0.9
    assert rows.comparison and (rows.comparison.since, rows.comparison.until) == (THEN, NOW)


def test_now_is_what_the_plain_layers_show(demo_conn: Connection) -> None:
    plain = {"poverty_rate": "poverty_rate", "unserved_rate": "unserved_rate",
             "coverage": "programme_coverage"}  # fmt: skip
    for measure, key in plain.items():
        changed = {row["code"]: row["now"] for row in rows_of(demo_conn, f"change:{measure}").rows}
        shown = {row["code"]: row["value"] for row in rows_of(demo_conn, key).rows}
        assert changed == pytest.approx(shown)


def rows_of(conn: Connection, key: str, **view: Any) -> Rows:
    layer = get_layer(conn, key)
    return layer.list_all_rows(conn, View(layer=key, **view))


def test_an_indicator_s_change_is_now_less_then(demo_conn: Connection) -> None:
    values = {
        tuple(row[:2]): row[2]
        for row in demo_conn.execute(
            text("SELECT area_code, period, value FROM area_stat WHERE indicator = :code"),
            {"code": "mobile_coverage_pct"},
        )
    }
    rows = rows_of(
        demo_conn, "indicator_change:mobile_coverage_pct", level="desa", since="2024", period="2026"
    ).rows
    assert sum(row["value"] is not None for row in rows) > 150
    for row in rows:
        now, then = (values.get((row["code"], year)) for year in ("2026", "2024"))
        wanted = None if now is None or then is None else pytest.approx(now - then)
        assert row["value"] == wanted


@pytest.mark.parametrize("key", ["change:poverty_rate", "change:coverage", "change:unserved_rate"])
def test_figures_of_different_sources_are_never_compared(demo_conn: Connection, key: str) -> None:
    rows = rows_of(demo_conn, key, level="desa", since=OLD)
    assert {row["value"] for row in rows.rows} == {None}
    assert any(row["then"] is not None for row in rows.rows)
    assert {(row["source_then"], row["source_now"]) for row in rows.rows} == {("demo_lama", "demo")}
    assert "berubah" in str(rows.no_data_reason)
    assert {source.code for source in rows.sources} == {"demo", "demo_lama"}


def test_one_area_of_another_source_is_without_data(demo_conn: Connection) -> None:
    area = demo_conn.scalar(text("SELECT min(area_code) FROM household"))
    demo_conn.execute(
        text(
            "UPDATE register_snapshot SET source = 'demo_lama' WHERE (period, area_code) = (:p, :a)"
        ),
        {"p": THEN, "a": area},
    )
    without = [
        row["code"]
        for row in rows_of(demo_conn, "change:poverty_rate", level="desa").rows
        if row["value"] is None
    ]
    assert without == [area]
    layer = get_layer(demo_conn, "change:poverty_rate")
    painting = paint(demo_conn, layer, View(layer=layer.key, level="desa"))
    assert painting.no_data_count == 1
    assert painting.class_of[str(area)] is None


def test_a_register_whose_source_changes(regency: Connection, write: Write) -> None:
    """From one register to a newer one, by whole files; one desa is in the first only."""
    load(regency, write(HEADER, SITI, BUDI), source="dtks", as_of=date(2025, 6, 30))
    freeze_breaks(regency)
    load(regency, write(HEADER, SITI.replace(";1;4;", ";2;4;")), source="dtsen")
    freeze_breaks(regency)
    changes = list_change(regency, "coverage", "desa", None, ("2025-06", "2026-06"))
    assert changes["35.10.01.2001"].has_new_source
    assert changes["35.10.01.2001"].value is None
    assert not changes["35.10.01.2002"].has_new_source
    assert changes["35.10.01.2002"].value == 0
    series = list_trend(regency, "35.10.01", "coverage")
    assert [point.period for point in series] == ["2025-06", "2026-06"]
    assert has_break(*series)
    assert series[1].source == "dtks+dtsen"


def test_a_statistic_of_a_new_source_is_not_compared(regency: Connection, write: Write) -> None:
    head = "kode_wilayah;indikator;nama;satuan;periode;nilai"
    old, new = (f"35.10.01.2001;a;A;%;{year};{value}" for year, value in ((2024, 3), (2025, 4)))
    load(regency, write(head, old, old.replace("2001", "2002")), import_stats, "bps")
    load(regency, write(head, new), import_stats, "dinas")
    load(regency, write(head, new.replace("2001", "2002")), import_stats, "bps")
    values = {row["code"]: row["value"] for row in rows_of(
        regency, "indicator_change:a", level="desa").rows}  # fmt: skip
    assert values == {"35.10.01.2001": None, "35.10.01.2002": 1.0}


def test_a_programme_that_was_not_there_yet_has_no_share(regency: Connection, write: Write) -> None:
    load(regency, write(HEADER, SITI), as_of=date(2025, 6, 30))
    freeze_breaks(regency)
    regency.execute(text("DELETE FROM register_snapshot WHERE flag = 'programme:pkh'"))
    load(regency, write(HEADER, SITI))
    freeze_breaks(regency)
    view = View(layer="change:coverage", received=("pkh",))
    row = get_layer(regency, view.layer).list_rows(regency, view).rows[0]
    assert (row["then"], row["now"], row["value"]) == (None, 0, None)


# Asking ------------------------------------------------------------------------------------------


def test_periods_are_chosen_or_the_last_two() -> None:
    known = ("2026-06", "2025-06", "2024-06")
    pairs = {
        (None, None): ("2025-06", "2026-06"),
        ("2024-06", None): ("2024-06", "2026-06"),
        (None, "2025-06"): ("2024-06", "2025-06"),
        ("2024-06", "2025-06"): ("2024-06", "2025-06"),
    }
    for asked, wanted in pairs.items():
        found = choose_periods(known, *asked)
        assert (found.since, found.until) == wanted
    for asked in (("2026-06", "2025-06"), ("2026-06", None), (None, "2024-06"), ("2020", None)):
        with pytest.raises(InvalidView):
            choose_periods(known, *asked)


@pytest.mark.parametrize("filters", ["deciles=1", "received=pkh,bpnt", "statuses=verified"])
def test_the_past_cannot_be_filtered_and_says_so(demo_conn: Connection, filters: str) -> None:
    for key in ("change:poverty_rate", "change:coverage"):
        view = replace(View.from_query(filters), layer=key)
        rows = get_layer(demo_conn, key).list_rows(demo_conn, view)
        assert {row["value"] for row in rows.rows} == {None}
        assert "saringan" in str(rows.no_data_reason)


def test_every_change_is_painted_on_both_sides_of_zero(demo_conn: Connection) -> None:
    layers = [layer for layer in list_layers(demo_conn) if layer.is_change]
    assert {layer.key.partition(":")[0] for layer in layers} == {"change", "indicator_change"}
    for layer in layers:
        for level in layer.levels:
            for count in range(3, 8):
                view = View(layer=layer.key, level=level, classes=count)
                painting = paint(demo_conn, layer, view)
                assert painting.is_frozen
                assert len(painting.class_counts) % 2 == 1
                assert len(layer.list_colours(len(painting.class_counts))) % 2 == 1


def test_a_series_is_told_for_every_place(demo_conn: Connection) -> None:
    kept = snapshots(demo_conn)
    for area in (None, "35.10", "35.10.01", "35.10.01.2001"):
        level = "household" if area and len(area) == 13 else "desa"
        series = list_series(demo_conn, View(area=area, level=level))  # type: ignore[arg-type]
        assert series
        assert [point.period for point in series.points] == [OLD, THEN, NOW]
        for point in series.points:
            wanted = share_of(kept, "poverty_rate", area or "35.10", point.period)
            assert point.value == pytest.approx(wanted)
        breaks = [has_break(*series.points[at : at + 2]) for at in (0, 1)]
        assert breaks == [True, False]


def test_the_series_is_of_what_is_painted(demo_conn: Connection) -> None:
    told = {
        "poverty_rate": "poverty_rate", "change:poverty_rate": "poverty_rate",
        "unserved_rate": "unserved_rate", "programme_coverage": "coverage",
        "change:coverage": "coverage", "position_faults": "poverty_rate",
        "indicator:school_dropout_pct": "indicator:school_dropout_pct",
        "indicator_change:school_dropout_pct": "indicator:school_dropout_pct",
    }  # fmt: skip
    for key, measure in told.items():
        series = list_series(demo_conn, View(layer=key, area="35.10.01", level="desa"))
        assert series and series.measure.key == measure
    view = View(layer="programme_coverage", received=("pkh",))
    series = list_series(demo_conn, view)
    assert series and series.measure.key == "programme:pkh" and series.measure.subject


# The demo ----------------------------------------------------------------------------------------


@pytest.fixture
def past(demo_conn: Connection) -> dict[tuple[str, str, str], Any]:
    return snapshots(demo_conn)


def test_the_demo_s_past_adds_up(past: dict[tuple[str, str, str], Any]) -> None:
    for period in (OLD, THEN):
        areas = {area for when, area, _flag in past if when == period}
        flags = {flag for when, _area, flag in past if when == period}
        assert len(areas) == 1 + 25 + 217
        for area in areas:
            poor, families, _source = past[period, area, "all"]
            assert poor <= families
            for flag in flags - {"all"}:
                assert 0 <= past[period, area, flag][0] <= poor
            reached = poor - past[period, area, "aid:none"][0]
            assert reached >= max(past[period, area, f][0] for f in flags if f[0] == "p")
        for flag in flags:
            sums = {
                length: sum(past[period, area, flag][0] for area in areas if len(area) == length)
                for length in LENGTHS.values()
            }
            assert len(set(sums.values())) == 1


def test_the_demo_s_poverty_falls_and_more_are_reached(demo_conn: Connection) -> None:
    poverty = [one.value for one in list_trend(demo_conn, "35.10", "poverty_rate")]
    assert poverty == sorted(poverty, reverse=True)  # type: ignore[type-var]
    unserved = [one.value for one in list_trend(demo_conn, "35.10", "unserved_rate")]
    assert unserved[1] > unserved[2]  # type: ignore[operator]


# Rights ------------------------------------------------------------------------------------------


def test_who_looks_at_published_totals_has_no_snapshot(demo_conn: Connection) -> None:
    """Even as the owner of the database, whom no row policy holds."""
    with as_published(demo_conn):
        assert list_periods(demo_conn, "poverty_rate") == []
        assert list_trend(demo_conn, "35.10", "poverty_rate") == []
        assert list_change(demo_conn, "coverage", "desa", None, (THEN, NOW)) == {}
        told = list_comparable(demo_conn)
        assert told and all(measure.startswith("indicator:") for measure in told)
        assert list_series(demo_conn, View()) is None
    layers = demo_conn.scalars(text("SELECT layer FROM class_breaks WHERE audience = 'public'"))
    assert not any(layer.startswith("change:") for layer in layers)
