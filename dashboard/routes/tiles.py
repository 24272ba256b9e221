"""Vector tiles of the households."""

from __future__ import annotations

from flask import Blueprint, Response, request
from sqlalchemy import Connection, Engine

from dashboard.auth.viewer import current_viewer
from dashboard.routes._answers import PRIVATE, read_view, send
from db.audit import of_view
from db.audit_tiles import TileMemory, auditing_tile
from db.queries.areas import get_place
from db.queries.catalogue import check_filters
from geo.errors import UnknownLayer
from geo.tile import Tile
from geo.view import View
from layers import get_layer

MVT = "application/vnd.mapbox-vector-tile"


def add(blueprint: Blueprint, engine: Engine) -> None:
    """Add ``/tiles/<layer>/<z>/<x>/<y>.mvt``."""
    memory = TileMemory()

    @blueprint.get("/tiles/<key>/<z>/<x>/<y>.mvt")
    def get_tile(key: str, z: str, x: str, y: str) -> Response:
        tile = Tile.parse(z, x, y)
        view = read_view(request)
        what = of_view(view)
        with auditing_tile(engine, current_viewer(), memory, key, tile, **what) as conn:
            layer = get_layer(conn, key)
            if layer.get_tile is None:
                raise UnknownLayer(key)
            body = layer.get_tile(conn, view, tile)
            if not body:
                _refuse_unknown(conn, view)
        if not body:
            return Response(status=204, headers={"Cache-Control": PRIVATE})
        return send(request, body, MVT, PRIVATE)


# Asked only when nobody is in the tile: a full tile proves that its filters exist.
def _refuse_unknown(conn: Connection, view: View) -> None:
    check_filters(conn, view)
    if view.area is not None:
        get_place(conn, view.area)
