"""A browser that has our files is not sent them again."""

from __future__ import annotations

from pathlib import Path

import pytest

from dashboard.app import create_app
from dashboard.assets import FOREVER, name_assets_path
from dashboard.settings import Settings

FILES = ("app.js", "map.mjs", "style.css", "vendor/maplibre-gl.mjs", "vendor/plotly-basic.min.js")


@pytest.mark.parametrize("file", FILES)
def test_a_known_file_is_not_sent_again(demo_settings: Settings, file: str) -> None:
    app = create_app(demo_settings)
    client = app.server.test_client()
    headers = {"Accept-Encoding": "br, gzip"}
    address = app.get_asset_url(file).partition("?")[0]
    first = client.get(address, headers=headers, buffered=True)
    assert first.status_code == 200
    assert first.headers["Content-Encoding"] in ("br", "gzip")
    again = client.get(
        address,
        headers=headers | {"If-None-Match": first.headers["ETag"]},
        buffered=True,
    )
    assert again.status_code == 304
    assert again.data == b""
    for answer in (first, again):
        assert answer.headers["Cache-Control"] == FOREVER


def test_a_file_that_is_not_there_is_not_kept(demo_settings: Settings) -> None:
    app = create_app(demo_settings)
    address = app.get_asset_url("style.css").replace("style.css", "nothing.css")
    answer = app.server.test_client().get(address)
    assert answer.status_code == 404
    assert "immutable" not in answer.headers.get("Cache-Control", "")


def test_changed_files_have_another_address(tmp_path: Path) -> None:
    (tmp_path / "vendor").mkdir()
    (tmp_path / "vendor" / "one.mjs").write_text("1")
    first = name_assets_path(tmp_path)
    assert name_assets_path(tmp_path) == first
    (tmp_path / "vendor" / "one.mjs").write_text("2")
    second = name_assets_path(tmp_path)
    (tmp_path / "vendor" / "one.mjs").rename(tmp_path / "one.mjs")
    assert len({first, second, name_assets_path(tmp_path)}) == 3
