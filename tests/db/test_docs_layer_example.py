"""The example in docs/layers.md is a working layer."""

from __future__ import annotations

import re
from pathlib import Path
from types import ModuleType

import pytest
from sqlalchemy import Connection, text

from geo.view import View
from layers import list_layers, paint
from layers._base import Layer

PAGE = Path(__file__).resolve().parents[2] / "docs" / "layers.md"


@pytest.fixture(scope="module")
def example() -> Layer:
    blocks = re.findall(r"^```python\n(.*?)^```", PAGE.read_text(), re.MULTILINE | re.DOTALL)
    assert len(blocks) == 1
    module = ModuleType("latrine_need")
    exec(compile(blocks[0], str(PAGE), "exec", dont_inherit=True), module.__dict__)
    layer = module.LAYER
    assert isinstance(layer, Layer)
    return layer


def test_its_key_is_free(demo_conn: Connection, example: Layer) -> None:
    assert example.key not in {layer.key for layer in list_layers(demo_conn)}


def test_it_counts_what_it_says(demo_conn: Connection, example: Layer) -> None:
    painting = paint(demo_conn, example, View(layer=example.key, level="kecamatan"))
    counts = dict(
        demo_conn.execute(
            text(
                "SELECT left(area_code, 8), count(*) FROM household h"
                " JOIN household_need n ON n.household_id = h.id AND n.need_code = 'latrine'"
                " WHERE status IN ('verified', 'unverified') GROUP BY 1"
            )
        ).all()
    )
    assert len(painting.rows.rows) == 25
    for row in painting.rows.rows:
        assert row["count"] == counts.get(row["code"], 0)
        assert row["value"] == pytest.approx(100 * row["count"] / row["households"])
        assert {column.key for column in example.columns} <= set(row)
