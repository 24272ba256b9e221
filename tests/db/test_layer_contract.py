"""Every layer keeps the contract; a new file is checked without a new test."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from sqlalchemy import Connection, text

from geo.classify import class_of
from geo.errors import InvalidView, UnknownLayer
from geo.view import View
from layers import freeze_breaks, get_layer, list_layers, paint
from layers._base import Layer


def views_of(layer: Layer) -> list[View]:
    levels = [level for level in layer.levels if level != "household"]
    return [View(layer=layer.key, level=level) for level in levels]  # type: ignore[arg-type]


def test_keys_are_unique_and_layers_are_in_order(demo_conn: Connection) -> None:
    layers = list_layers(demo_conn)
    keys = [layer.key for layer in layers]
    assert len(keys) == len(set(keys))
    assert keys[0] == View().layer
    assert [layer.order for layer in layers] == sorted(layer.order for layer in layers)
    assert any(key.startswith("indicator:") for key in keys)


def test_every_layer_says_what_it_is(demo_conn: Connection) -> None:
    for layer in list_layers(demo_conn):
        assert layer.title and layer.unit and layer.description, layer.key
        assert re.fullmatch(r"[a-z_]+(:[a-z_]+)?", layer.key)
        assert layer.levels
        assert layer.direction in ("high_is_bad", "high_is_good", "neutral")
        columns = [column.key for column in layer.columns]
        assert len(columns) == len(set(columns))
        if "household" in layer.levels:
            assert layer.get_tile and layer.get_detail


def test_rows_hold_what_the_columns_promise(demo_conn: Connection) -> None:
    for layer in list_layers(demo_conn):
        rows = layer.list_rows(demo_conn, View(layer=layer.key, level=layer.levels[0]))  # type: ignore[arg-type]
        assert rows.rows, layer.key
        for row in rows.rows:
            assert {column.key for column in layer.columns} <= set(row)
        assert rows.sources, layer.key
        assert all(source.as_of for source in rows.sources)


def test_every_area_is_painted_or_counted_as_without_data(demo_conn: Connection) -> None:
    areas = dict(demo_conn.execute(text("SELECT level, count(*) FROM admin_area GROUP BY 1")).all())
    for layer in list_layers(demo_conn):
        for view in views_of(layer):
            painting = paint(demo_conn, layer, view)
            assert len(painting.rows.rows) == areas[view.level]
            assert sum(painting.class_counts) + painting.no_data_count == areas[view.level]
            assert len(painting.class_counts) == len(painting.breaks) + 1
            for row in painting.rows.rows:
                assert painting.class_of[row["code"]] == class_of(row["value"], painting.breaks)


def test_sorting_moves_rows_and_loses_none(demo_conn: Connection) -> None:
    for layer in list_layers(demo_conn):
        for view in views_of(layer):
            start = layer.list_rows(demo_conn, view).rows
            for column in layer.columns:
                for sort in (column.key, f"-{column.key}"):
                    rows = layer.list_rows(demo_conn, replace(view, sort=sort)).rows
                    assert {row["code"] for row in rows} == {row["code"] for row in start}
                    known = [row[column.key] for row in rows if row[column.key] is not None]
                    assert known == sorted(known, reverse=sort.startswith("-"))


def test_an_unknown_layer_column_or_period_is_a_clear_answer(demo_conn: Connection) -> None:
    with pytest.raises(UnknownLayer):
        get_layer(demo_conn, "no_such")
    layer = get_layer(demo_conn, "poverty_rate")
    with pytest.raises(InvalidView):
        layer.list_rows(demo_conn, View(sort="no_such"))
    indicator = next(
        layer for layer in list_layers(demo_conn) if layer.key.startswith("indicator:")
    )
    with pytest.raises(InvalidView):
        indicator.list_rows(demo_conn, View(layer=indicator.key, period="1901"))


def test_frozen_breaks_outlast_a_change_of_the_data(demo_conn: Connection) -> None:
    layer = get_layer(demo_conn, "poverty_rate")
    before = paint(demo_conn, layer, View())
    filtered = paint(demo_conn, layer, View(deciles=(1,)))
    assert filtered.breaks == before.breaks
    demo_conn.execute(text("DELETE FROM household WHERE id % 2 = 0"))
    assert freeze_breaks(demo_conn) == 0
    assert paint(demo_conn, layer, View()).breaks == before.breaks
    assert freeze_breaks(demo_conn, anew=True) > 0
    assert paint(demo_conn, layer, View()).breaks != before.breaks


@pytest.mark.parametrize("filters", ["deciles=1", "domains=none", "needs=latrine&deciles=2"])
@pytest.mark.parametrize("level", ["kecamatan", "desa"])
def test_classes_of_what_is_shown_are_all_populated(
    demo_conn: Connection, level: str, filters: str
) -> None:
    layer = get_layer(demo_conn, "poverty_rate")
    view = View.from_query(f"level={level}&{filters}")
    shown = paint(demo_conn, layer, replace(view, breaks="shown"))
    assert not shown.is_frozen
    # Equal values stay together: many villages without any such family make fewer classes.
    assert 3 < len(shown.class_counts) <= view.classes
    assert min(shown.class_counts) > 0
    assert paint(demo_conn, layer, view).is_frozen


def test_without_a_register_there_is_no_data_and_no_zero(conn: Connection) -> None:
    for layer in list_layers(conn):
        rows = layer.list_rows(conn, View(layer=layer.key, level=layer.levels[0]))  # type: ignore[arg-type]
        assert list(rows.rows) == []


def test_coverage_divides_served_by_all_poor(demo_conn: Connection) -> None:
    layer = get_layer(demo_conn, "programme_coverage")
    row = next(iter(layer.list_rows(demo_conn, View(received=("pkh",))).rows))
    poor, served = demo_conn.execute(
        text(
            "SELECT count(*), count(*) FILTER (WHERE EXISTS (SELECT FROM aid a WHERE"
            " a.household_id = h.id AND a.programme_code = 'pkh' AND a.status = 'received'))"
            " FROM household h WHERE status IN ('verified', 'unverified')"
            " AND area_code LIKE :pattern"
        ),
        {"pattern": f"{row['code']}.%"},
    ).one()
    assert row["count"] == served
    assert row["value"] == pytest.approx(100 * served / poor)
