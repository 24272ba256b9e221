"""A browser that has our files is not sent them again."""

from __future__ import annotations

import pytest

from dashboard.app import create_app
from dashboard.settings import Settings

FILES = ("app.js", "map.mjs", "style.css", "vendor/maplibre-gl.mjs", "vendor/plotly-basic.min.js")


@pytest.mark.parametrize("file", FILES)
def test_a_known_file_is_not_sent_again(demo_settings: Settings, file: str) -> None:
    client = create_app(demo_settings).server.test_client()
    headers = {"Accept-Encoding": "br, gzip"}
    first = client.get(f"/assets/{file}", headers=headers, buffered=True)
    assert first.status_code == 200
    assert first.headers["Content-Encoding"] in ("br", "gzip")
    again = client.get(
        f"/assets/{file}",
        headers=headers | {"If-None-Match": first.headers["ETag"]},
        buffered=True,
    )
    assert again.status_code == 304
    assert again.data == b""
