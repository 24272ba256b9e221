"""Tiles in the audit log: coarse, for one look at a map fetches dozens of them."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine

from db.audit import auditing
from db.viewer import Viewer
from geo.tile import Tile

AREA_ZOOM = 11
"""Finer tiles count as the one of this zoom that they lie in: some 20 km wide."""
SPAN_S = 600
MOST_REMEMBERED = 4_096

_Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class SeenTile:
    """What one event of tiles stands for."""

    layer: str
    zoom: int
    x: int
    y: int

    @classmethod
    def around(cls, layer: str, tile: Tile) -> SeenTile:
        """Return the coarse tile that a tile lies in; one that is coarse already is itself."""
        up = max(0, tile.z - AREA_ZOOM)
        return cls(layer, tile.z - up, tile.x >> up, tile.y >> up)


class TileMemory:
    """Which coarse tiles were recorded for whom in the last ten minutes; bounded.

    One per process, so several workers record the same tile once each.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._recorded: OrderedDict[_Key, float] = OrderedDict()

    def is_new(self, viewer: Viewer, seen: SeenTile) -> bool:
        """Whether an event is due."""
        with self._lock:
            at = self._recorded.get((viewer, seen))
        return at is None or self._now() - at >= SPAN_S

    def keep(self, viewer: Viewer, seen: SeenTile) -> None:
        """Remember that the event is in the log."""
        with self._lock:
            self._recorded[viewer, seen] = self._now()
            self._recorded.move_to_end((viewer, seen))
            while len(self._recorded) > MOST_REMEMBERED:
                self._recorded.popitem(last=False)


@contextmanager
def auditing_tile(
    engine: Engine, viewer: Viewer, memory: TileMemory, layer: str, tile: Tile, **what: Any
) -> Iterator[Connection]:
    """Read a tile as in :func:`db.audit.auditing`, with one event per coarse tile and ten minutes.

    Parameters
    ----------
    engine, viewer
        As there.
    memory
        Of this process.
    layer, tile
        Which tile of which layer.
    **what
        ``area``, ``detail`` as there; the coarse tile is added.
    """
    seen = SeenTile.around(layer, tile)
    is_new = memory.is_new(viewer, seen)
    coarse = {"layer": layer, "tile": f"{seen.zoom}/{seen.x}/{seen.y}"}
    what["detail"] = {**(what.get("detail") or {}), **coarse}
    with auditing(engine, viewer, "tiles" if is_new else None, **what) as conn:
        yield conn
    if is_new:
        memory.keep(viewer, seen)
