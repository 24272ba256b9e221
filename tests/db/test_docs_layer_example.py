"""The example in docs/layers.md is a working layer that is found by its file alone."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
from sqlalchemy import Connection, text

from geo.view import View
from layers import _registry, get_layer, paint
from tests.db import test_layer_contract as contract

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "layers.md"
KEY = "latrine_need"


def read_example() -> str:
    blocks = re.findall(r"^```python\n(.*?)^```", PAGE.read_text("utf-8"), re.M | re.S)
    assert len(blocks) == 1
    return str(blocks[0])


@pytest.fixture
def example_conn(demo_conn: Connection, monkeypatch: pytest.MonkeyPatch) -> Connection:
    """A connection beside which the example is one of the layers."""
    module = ModuleType(f"layers.{KEY}")
    exec(compile(read_example(), str(PAGE), "exec", dont_inherit=True), module.__dict__)
    modules = (*_registry._list_modules(), module)
    monkeypatch.setattr(_registry, "_list_modules", lambda: modules)
    return demo_conn


def test_it_is_found_when_its_file_is_saved(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "layers", tmp_path / "layers")
    (tmp_path / "layers" / f"{KEY}.py").write_text(read_example(), "utf-8")
    asked = "from layers import _registry as r; print(*[m.__name__ for m in r._list_modules()])"
    search = f"import sys; sys.path[:0] = [{str(tmp_path)!r}, {str(ROOT)!r}]; {asked}"
    done = subprocess.run(
        [sys.executable, "-P", "-c", search], capture_output=True, text=True, check=True
    )
    assert f"layers.{KEY}" in done.stdout.split()


def test_it_keeps_the_contract(example_conn: Connection) -> None:
    assert get_layer(example_conn, KEY).key == KEY
    contract.test_keys_are_unique_and_layers_are_in_order(example_conn)
    contract.test_every_layer_says_what_it_is(example_conn)
    contract.test_rows_hold_what_the_columns_promise(example_conn)
    contract.test_every_area_is_painted_or_counted_as_without_data(example_conn)
    contract.test_sorting_moves_rows_and_loses_none(example_conn)


def test_it_counts_what_it_says(example_conn: Connection) -> None:
    layer = get_layer(example_conn, KEY)
    painting = paint(example_conn, layer, View(layer=KEY, level="kecamatan"))
    counted = example_conn.execute(
        text(
            "SELECT left(area_code, 8) AS code, count(*) AS households FROM household h"
            " JOIN household_need n ON n.household_id = h.id AND n.need_code = 'latrine'"
            " WHERE status IN ('verified', 'unverified') GROUP BY 1"
        )
    )
    counts = {row.code: row.households for row in counted}
    assert len(painting.rows.rows) == 25
    for row in painting.rows.rows:
        assert row["count"] == counts.get(row["code"], 0)
        assert row["value"] == pytest.approx(100 * row["count"] / row["households"])
