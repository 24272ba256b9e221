"""``./kentongan positions`` on a real database."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import text

from db.audit import list_events
from db.engine import make_engine, writing
from db.positions import FaultFilter, count_faulty_households, list_position_faults
from db.viewer import LOCAL_VIEWER
from geo.positions import KINDS
from geo.view import View
from tests.conftest import MakeDatabase, make_demo
from tests.db.test_command_line import CommandLine


@pytest.fixture(scope="module")
def url(make_database: MakeDatabase) -> str:
    """A demo in which some positions are exchanged and nobody has looked yet."""
    url = make_demo(make_database("commands"))
    engine = make_engine(url)
    with writing(engine, LOCAL_VIEWER) as conn:
        flip = "UPDATE household SET location = ST_FlipCoordinates(location) WHERE id % 50 = 0"
        conn.execute(text(f"{flip} AND location IS NOT NULL"))
    engine.dispose()
    return url


def test_checking_listing_and_repairing(
    url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("KENTONGAN_DATABASE_URL", url)
    command_line = CommandLine(capsys)
    counted = command_line.report("positions", "check")
    engine = make_engine(url)
    with writing(engine, LOCAL_VIEWER) as conn:
        expected = {k: count_faulty_households(conn, View(), FaultFilter(k)) for k in KINDS}
        swapped = list_position_faults(conn, View(), FaultFilter("swapped"), limit=1_000)
        everybody = View(statuses=())
        certain = list_position_faults(conn, everybody, FaultFilter(certain=True), limit=1_000)
    assert {kind: counted[kind] for kind in KINDS} == expected
    assert counted["certain"] == len(certain) > len(swapped) > 20

    options = ("--kind", "swapped", "--limit", "1000")
    listed = command_line.report("positions", "list", *options)
    assert [one["id"] for one in listed["households"]] == [one.id for one in swapped]
    assert listed["total"] == len(swapped)
    code, output, _ = command_line.run("positions", "list", *options)
    assert (code, output.splitlines()[-1]) == (0, f"{len(swapped)} of {len(swapped)}")
    assert "Longitude and latitude are exchanged" in output
    with writing(engine, LOCAL_VIEWER) as conn:
        event = list_events(conn).events[0]
    assert (event.action, event.detail and event.detail["what"]) == ("list", "positions")

    area = swapped[0].area_code
    inside = sum(one.area_code == area for one in certain)
    assert command_line.report("positions", "repair", "--area", area)["repaired"] == inside
    rest = command_line.report("positions", "repair")
    assert rest["repaired"] == len(certain) - inside
    assert command_line.report("positions", "repair") == {"repaired": 0, "batch": None}
    assert command_line.report("positions", "check", "--area", area)["swapped"] == 0
    engine.dispose()


def test_wrong_use_is_one_sentence(
    url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("KENTONGAN_DATABASE_URL", url)
    command_line = CommandLine(capsys)
    assert "no_such" in command_line.refuse("positions", "list", "--kind", "no_such")
    assert "99.99" in command_line.refuse("positions", "check", "--area", "99.99")
    assert json.loads(command_line.run("positions", "list", "--json")[1])["total"] >= 0
