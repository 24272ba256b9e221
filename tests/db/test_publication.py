"""What roles without household rights get from the product, given to somebody who reckons."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, text

from dashboard.callbacks.panel import fill_panel
from dashboard.components.filters import draw_filters
from dashboard.components.legend import draw_fill_legend
from dashboard.exports import ExportMeta, write_csv, write_geojson, write_xlsx
from dashboard.map_state import build_map_state
from dashboard.markup import write_html
from dashboard.routes._picture import build_picture
from dashboard.settings import Settings
from db.engine import reading
from db.publication import count_exactly, publish
from db.queries.catalogue import check_filters, list_needs, list_programmes
from db.queries.search import search
from db.queries.statistics import list_family_counts
from db.queries.tiles import get_household_tile
from db.queries.totals import count_by_area, get_facets, get_summary
from db.viewer import LOCAL_VIEWER, Viewer
from geo.draw_map import draw_map
from geo.errors import AccessDenied, InvalidView, NothingPublished
from geo.hidden import HIDDEN, is_told
from geo.suppression import ALONE
from geo.suppression_tree import make_tree
from geo.tile import Tile
from geo.view import DOMAINS, View
from layers import HIDDEN_CLASS, get_layer, list_layers, paint
from tests.unit.attacker import Attacker, list_leaks

GUEST = Viewer(user="screen", role="guest")
LEVELS = ("kecamatan", "desa")
Shown = dict[tuple[str, str], int]
Truth = dict[str, dict[str, int]]


@pytest.fixture
def guest_conn(demo_engine: Engine) -> Iterator[Connection]:
    with reading(demo_engine, GUEST) as conn:
        yield conn


def list_single_views(conn: Connection) -> dict[str, View]:
    """Return the views that a guest may ask for, by the cell each counts."""
    start = View()
    views = {"all": start, "aid:none": start.with_filters(domains=("none",))}
    views |= {f"decile:{n}": start.with_filters(deciles=(n,)) for n in range(1, 11)}
    for status in ("unverified", "verified", "rejected", "graduated"):
        views[f"status:{status}"] = start.with_filters(statuses=(status,))
    for need in list_needs(conn):
        views[f"need:{need.code}"] = start.with_filters(needs=(need.code,))
    for programme in list_programmes(conn):
        views[f"programme:{programme.code}"] = start.with_filters(received=(programme.code,))
        views[f"without:{programme.code}"] = start.with_filters(not_received=(programme.code,))
    return views


@pytest.fixture(scope="module")
def truth(demo_engine: Engine) -> Truth:
    with reading(demo_engine, LOCAL_VIEWER) as conn:
        counts = count_exactly(conn)
        tree = make_tree(dict(conn.execute(text("SELECT code, parent_code FROM admin_area")).all()))
    values = {cell: tree.add_up(of_cell) for cell, of_cell in counts.items()}
    return {
        code: {cell: int(values[cell][node]) for cell in values}
        for node, code in enumerate(tree.codes)
    }


@pytest.fixture(scope="module")
def shown(demo_engine: Engine) -> Shown:
    """Read every layer, panel and filter, at every level, under every single filter."""
    found: Shown = {}

    def note(code: str, cell: str, value: Any, everyone: Any) -> None:
        if cell.startswith("without:"):
            cell = f"programme:{cell.partition(':')[2]}"
            value = everyone - value if is_told(value) and is_told(everyone) else None
        if is_told(value):
            assert found.setdefault((code, cell), value) == value, (code, cell)

    with reading(demo_engine, GUEST) as conn:
        everyone = {row["code"]: row["households"] for row in _list_rows(conn, View())}
        everyone |= {row["code"]: row["households"] for row in _list_rows(conn, View(level="desa"))}
        everyone |= {
            code: get_summary(conn, View(area=code or None)).total for code in ("", "35.10")
        }
        for cell, view in list_single_views(conn).items():
            for level in LEVELS:
                for row in _list_rows(conn, replace(view, level=level)):
                    note(row["code"], cell, row["count"], everyone[row["code"]])
                    assert (row["value"] is HIDDEN) == (row["count"] is HIDDEN)
            for code in ("", "35.10"):
                total = get_summary(conn, replace(view, area=code or None)).total
                note(code, cell, total, everyone[code])
        for layer, cell in (("unserved_rate", "aid:none"), ("programme_coverage", "served")):
            for level in LEVELS:
                for row in _list_rows(conn, View(layer=layer, level=level)):
                    none = row["count"] if cell == "aid:none" else row["households"] - row["count"]
                    note(row["code"], "aid:none", none, None)
        for code in ("", *sorted(code for code in everyone if code.count(".") in (1, 2))):
            _note_panel(conn, code, note)
    return found


def _list_rows(conn: Connection, view: View) -> Any:
    return get_layer(conn, view.layer).list_all_rows(conn, view).rows


def _note_panel(conn: Connection, code: str, note: Any) -> None:
    level = "desa" if code.count(".") == 2 else "kecamatan"
    view = View(area=code or None, level=level)  # type: ignore[arg-type]
    summary, facets = get_summary(conn, view), get_facets(conn, view)
    note(code, "all", summary.total, None)
    note(code, "members", summary.person_count, None)
    note(code, "aid:none", summary.without_aid, None)
    for decile, count in (*summary.by_decile.items(), *facets.deciles.items()):
        note(code, f"decile:{decile}", count, None)
    for status, count in (*summary.by_status.items(), *facets.statuses.items()):
        note(code, f"status:{status}", count, None)
    for share in summary.by_programme:
        note(code, f"programme:{share.code}", share.count, None)
    for share in summary.by_need:
        note(code, f"need:{share.code}", share.count, None)
    for programme, count in facets.received.items():
        note(code, f"programme:{programme}", count, None)
        note(code, f"without:{programme}", facets.not_received[programme], summary.total)


def test_what_is_shown_is_true_and_not_small(shown: Shown, truth: Truth) -> None:
    for (code, cell), count in shown.items():
        assert count == truth[code][cell]
        assert cell == "members" or not 1 <= count <= 4
        if cell not in (*ALONE, "members", "all"):
            assert not 1 <= truth[code]["all"] - count <= 4
    assert len(shown) > 4_000
    assert any(count == 0 for count in shown.values())


def test_nobody_can_reckon_a_small_count(demo_engine: Engine, shown: Shown, truth: Truth) -> None:
    with reading(demo_engine, GUEST) as conn:
        parents = dict(conn.execute(text("SELECT code, parent_code FROM admin_area")).all())
        families = {c: n for c, n in list_family_counts(conn).items() if c.count(".") == 3}
    assert list_leaks(Attacker(parents, truth[""], shown, families), truth, step=1501) == []
    # What one group tells needs no other group's cells, and is found faster.
    for group in _list_groups(truth[""]):
        of_group = {code: {c: of_area[c] for c in group} for code, of_area in truth.items()}
        attacker = Attacker(parents, group, {k: n for k, n in shown.items() if k[1] in group})
        assert list_leaks(attacker, of_group, step=83) == []
    naive = {
        (code, cell): count
        for code, of_area in truth.items()
        for cell, count in of_area.items()
        if not 1 <= count <= 4 and not 1 <= of_area["all"] <= 4
    }
    assert list_leaks(Attacker(parents, truth[""], naive), truth, step=37)


def _list_groups(cells: Iterable[str]) -> list[list[str]]:
    groups: dict[str, list[str]] = {}
    for cell in cells:
        kind = "aid" if cell.startswith(("aid", "programme")) else cell.partition(":")[0]
        group = cell if kind in ("need", "all", "members") or cell in ALONE else kind
        groups.setdefault(group, ["all"]).append(cell)
    return [sorted(set(group)) for group in groups.values()]


def test_the_map_is_drawn_without_what_is_hidden(
    guest_conn: Connection, demo_settings: Settings
) -> None:
    for view in list_single_views(guest_conn).values():
        view = replace(view, level="desa")
        layer = get_layer(guest_conn, view.layer)
        painting = paint(guest_conn, layer, view)
        hidden = {row["code"] for row in painting.rows.rows if row["value"] is HIDDEN}
        assert painting.hidden_count == len(hidden)
        assert {c for c, n in painting.class_of.items() if n == HIDDEN_CLASS} == hidden
        told = [row["value"] for row in painting.rows.rows if is_told(row["value"])]
        assert (painting.low, painting.high) == (min(told, default=None), max(told, default=None))
        assert [row["code"] for row in painting.rows.rows][-len(hidden) :] == sorted(hidden)[
            -len(hidden) :
        ] or not hidden
        state = build_map_state(guest_conn, view, layer, painting, demo_settings)
        json.dumps(state)
        for code in hidden:
            assert state["values"][code] == [
                HIDDEN_CLASS, None, "disembunyikan", "disembunyikan",
            ]  # fmt: skip
        legend = write_html(draw_fill_legend(view, layer, painting, state["count_max"]))
        assert ("Disembunyikan" in legend) == bool(hidden)


def test_drawing_panel_and_filters_bear_hidden_counts(guest_conn: Connection) -> None:
    for query in ("", "level=desa", "level=desa&needs=latrine", "area=35.10.01&deciles=1"):
        view = View.from_query(query)
        drawing = draw_map(build_picture(guest_conn, view))
        assert ("disembunyikan" in drawing) == ("Disembunyikan" in drawing)
        notice = fill_panel(guest_conn, view)[3]
        assert re.match(r"Angka terbitan \d+, ", notice)
        facets = get_facets(guest_conn, view)
        drawn = write_html(
            draw_filters(view, facets, list_programmes(guest_conn), list_needs(guest_conn))
        )
        assert "data-toggle" not in drawn and "satu saringan sekaligus" in drawn


def test_files_say_hidden(guest_conn: Connection) -> None:
    view = View(level="desa")
    layer = get_layer(guest_conn, view.layer)
    rows = layer.list_all_rows(guest_conn, view)
    hidden = sum(row["value"] is HIDDEN for row in rows.rows)
    meta = ExportMeta("x", rows.sources, datetime(2026, 1, 1, tzinfo=UTC))
    assert hidden
    lines = write_csv(layer.columns, rows.rows, meta).decode("utf-8-sig").splitlines()
    assert sum(line.split(";")[2] == "disembunyikan" for line in lines) == hidden
    features = json.loads(write_geojson(layer.columns, rows.rows, meta))["features"]
    assert sum(one["properties"]["value"] == "disembunyikan" for one in features) == hidden
    assert write_xlsx(layer.columns, rows.rows, meta)


def test_breaks_are_made_of_what_is_shown(demo_engine: Engine) -> None:
    with reading(demo_engine, GUEST) as conn:
        public = paint(conn, get_layer(conn, "poverty_rate"), View(level="desa"))
    with reading(demo_engine, LOCAL_VIEWER) as conn:
        exact = paint(conn, get_layer(conn, "poverty_rate"), View(level="desa"))
        audiences = conn.execute(text("SELECT DISTINCT audience FROM class_breaks")).scalars()
        assert sorted(audiences) == ["public", "register"]
    assert public.breaks and public.breaks != exact.breaks


@pytest.mark.parametrize(
    "query",
    [
        "deciles=1,2", "deciles=1&needs=latrine", "received=pkh&not_received=bpnt", "statuses=",
        "statuses=verified,rejected", "statuses=verified&deciles=1", "domains=none&deciles=1",
        "layer=unserved_rate&deciles=1", *(f"domains={domain}" for domain in DOMAINS),
    ],
)  # fmt: skip
def test_one_filter_at_a_time(guest_conn: Connection, query: str) -> None:
    view = View.from_query(query)
    with pytest.raises(InvalidView, match="satu saringan sekaligus"):
        get_layer(guest_conn, view.layer).list_rows(guest_conn, view)
    if view.layer == "poverty_rate":
        for ask in (get_summary, get_facets, check_filters):
            with pytest.raises(InvalidView, match="satu saringan sekaligus"):
                ask(guest_conn, view)


@pytest.mark.parametrize("role", ["guest", "agency"])
def test_no_household_is_shown(demo_engine: Engine, demo_settings: Settings, role: str) -> None:
    view = View(level="household")
    with reading(demo_engine, Viewer(user="x", role=role)) as conn:
        layer = get_layer(conn, "households")
        asked = (
            lambda: layer.list_rows(conn, view),
            lambda: layer.list_all_rows(conn, view),
            lambda: layer.get_detail(conn, 1),  # type: ignore[misc]
            lambda: get_household_tile(conn, View(), Tile(7, 104, 66)),
            lambda: build_map_state(conn, view, layer, None, demo_settings),
            lambda: build_map_state(conn, View(household=1), layer, None, demo_settings),
            lambda: build_picture(conn, view),
            lambda: get_summary(conn, view),
            lambda: get_facets(conn, replace(view, at=1)),
        )
        for ask in asked:
            with pytest.raises(AccessDenied) as refused:
                ask()
            assert refused.value.status == 403
        assert {hit.kind for hit in search(conn, "siti")} <= {"area"}
        assert search(conn, "3510015203900001") == ()


def test_the_bit_strings_are_not_read(demo_engine: Engine, demo_settings: Settings) -> None:
    """All that a guest is shown comes without a single derived row of the households."""
    with demo_engine.connect() as conn, conn.begin() as transaction:
        conn.execute(text("SELECT set_config('kentongan.role', 'guest', true)"))
        conn.execute(text("ALTER TABLE household_bitmap RENAME TO household_bitmap_away"))
        for layer in list_layers(conn):
            if layer.key == "households":
                continue
            view = View(layer=layer.key)
            build_map_state(conn, view, layer, paint(conn, layer, view), demo_settings)
            fill_panel(conn, view)
            get_facets(conn, view)
        transaction.rollback()


def test_publishing_again_gives_the_same_and_keeps_one_set(demo_engine: Engine) -> None:
    read = text("SELECT area_code, cell, value FROM public_count ORDER BY 1, 2")
    with demo_engine.connect() as conn, conn.begin() as transaction:
        before = conn.execute(read).all()
        summary = publish(conn)
        assert conn.execute(read).all() == before
        assert summary.hidden == sum(row.value is None for row in before)
        assert conn.scalar(text("SELECT count(DISTINCT version) FROM public_count")) == 1
        transaction.rollback()


def test_before_a_publication_there_is_nothing(empty_engine: Engine) -> None:
    with reading(empty_engine, GUEST) as conn:
        with pytest.raises(NothingPublished):
            get_summary(conn, View())
        with pytest.raises(NothingPublished):
            count_by_area(conn, View(), "desa")


def test_an_empty_register_can_be_published(conn: Connection) -> None:
    assert publish(conn).hidden == 0
