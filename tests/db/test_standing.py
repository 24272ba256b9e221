"""One switch takes unverified families out of all totals, lists and files; all of them say so."""

from __future__ import annotations

import io
from collections.abc import Iterator

import openpyxl
import pytest
from dash import Dash
from sqlalchemy import Connection, text

from dashboard.app import create_app
from dashboard.components.standing import draw_standing_switch
from dashboard.settings import Settings
from dashboard.standing import ONLY, WITH, WITHOUT, counts_unverified, say_standing
from dashboard.words import words_of
from db.queries.sources import SourceNote
from db.queries.totals import get_summary
from geo.view import POOR_STATUSES, STATUSES, View
from layers import get_layer
from tests.conftest import client_as
from tests.unit.component_samples import SOURCE, props, walk

VERIFIED = "statuses=verified"


@pytest.fixture(scope="module")
def app(demo_settings: Settings) -> Iterator[Dash]:
    made = create_app(demo_settings)
    yield made
    made.server.extensions["engine"].dispose()


def press(view: View, *, is_single: bool = False) -> View:
    """Follow the switch."""
    drawn = draw_standing_switch(view, is_single=is_single)
    (address,) = [found for part in walk(drawn) if (found := props(part, "href"))]
    return View.from_query(str(address))


@pytest.mark.parametrize(
    ("statuses", "after"),
    [
        (POOR_STATUSES, ("verified",)),
        (("verified",), POOR_STATUSES),
        (("unverified",), ("verified",)),
        ((), ("verified", "rejected", "graduated")),
        (STATUSES, ("verified", "rejected", "graduated")),
    ],
)
def test_the_switch_changes_nothing_but_the_unverified(
    statuses: tuple[str, ...], after: tuple[str, ...]
) -> None:
    view = View(statuses=statuses, deciles=(1, 2), area="35.10.04", level="desa")
    pressed = press(view)
    assert set(pressed.statuses) == set(after)
    assert (pressed.deciles, pressed.area) == (view.deciles, view.area)
    assert (
        counts_unverified(press(pressed)) == counts_unverified(view) != counts_unverified(pressed)
    )


def test_published_totals_know_one_filter_at_a_time() -> None:
    assert press(View(deciles=(1,)), is_single=True) == View(statuses=("verified",))
    assert press(View(statuses=("verified",)), is_single=True) == View()


def test_figures_of_other_sources_say_nothing_of_it() -> None:
    statistic = SourceNote("bps", "BPS", SOURCE.as_of, "statistic")
    words = words_of("id")
    assert say_standing(View(), (statistic,), words) == ""
    register = SourceNote("dtsen", "DTSEN", SOURCE.as_of, "register")
    said = [
        say_standing(View(statuses=one), (statistic, register), words)
        for one in (POOR_STATUSES, ("verified",), ("unverified",), ())
    ]
    assert said == [WITH, WITHOUT, ONLY, WITH]


def test_totals_lists_and_files_obey_it(app: Dash, demo_conn: Connection) -> None:
    verified = demo_conn.scalar(text("SELECT count(*) FROM household WHERE status = 'verified'"))
    assert get_summary(demo_conn, View(statuses=("verified",))).total == verified
    client = client_as(app, "planner")
    csv = client.get(f"/export/households.csv?level=household&{VERIFIED}").get_data(as_text=True)
    assert len(csv.splitlines()) == 1 + verified
    assert "unverified" not in csv and "Belum diverifikasi" not in csv
    rows = get_layer(demo_conn, "poverty_rate").list_all_rows(
        demo_conn, View(statuses=("verified",))
    )
    assert sum(row["count"] or 0 for row in rows.rows) == verified


@pytest.mark.parametrize(
    ("query", "said", "other"), [("", WITH, WITHOUT), (VERIFIED, WITHOUT, WITH)]
)
def test_files_and_drawings_say_which_it_is(app: Dash, query: str, said: str, other: str) -> None:
    client = client_as(app, "planner")
    places = client.get(f"/export/poverty_rate.geojson?{query}").get_data(as_text=True)
    drawing = client.get(f"/map.svg?{query}").get_data(as_text=True)
    pins = client.get(f"/map.svg?level=household&{query}").get_data(as_text=True)
    book = openpyxl.load_workbook(
        io.BytesIO(client.get(f"/export/households.xlsx?level=household&{query}").get_data())
    )
    written = "\n".join(
        str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row
    )
    for text_ in (places, drawing, pins, written):
        assert said in text_
        assert other not in text_
