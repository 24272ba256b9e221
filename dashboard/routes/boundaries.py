"""The polygons, once per version: the address names the version, so a browser keeps them."""

from __future__ import annotations

import gzip

from flask import Blueprint, Response, request
from sqlalchemy import Connection, Engine

from dashboard.assets import FOREVER
from dashboard.auth.viewer import current_viewer
from dashboard.routes._answers import send_as_is, send_packed, takes_gzip
from db.engine import reading
from db.queries.areas import get_boundaries_geojson
from db.queries.version import get_version

GEOJSON = "application/geo+json"


def boundaries_url(level: str, version: int) -> str:
    """Return the address of a level's polygons."""
    return f"/boundaries/{level}.{version}.geojson"


def add(blueprint: Blueprint, engine: Engine) -> None:
    """Add ``/boundaries/<level>.<version>.geojson``."""
    packed: dict[tuple[str, int], bytes] = {}

    def pack(conn: Connection, level: str, version: int) -> None:
        body = get_boundaries_geojson(conn, level).encode()
        for old in [key for key in packed if key[1] != version]:
            packed.pop(old, None)
        packed[level, version] = gzip.compress(body, compresslevel=9, mtime=0)

    @blueprint.get("/boundaries/<level>.<int:version>.geojson")
    def get_boundaries(level: str, version: int) -> Response:
        if (level, version) not in packed:
            with reading(engine, current_viewer()) as conn:
                current = get_version(conn).boundaries
                if version != current:
                    return _lead_to(boundaries_url(level, current))
                pack(conn, level, version)
        body = packed[level, version]
        if not takes_gzip(request):
            return send_as_is(request, gzip.decompress(body), GEOJSON, FOREVER)
        return send_packed(request, body, GEOJSON, FOREVER)


def _lead_to(url: str) -> Response:
    return Response(status=302, headers={"Location": url, "Cache-Control": "no-store"})
