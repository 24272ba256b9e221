"""Finds the layers: every file of this folder without a leading underscore."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from pathlib import Path

from sqlalchemy import Connection

from db.queries.published import is_published_only
from geo.errors import AccessDenied, UnknownLayer
from geo.text import N_
from layers._base import Layer

CLOSED = N_("Lapisan peta ini tidak dibuka untuk peran Anda.")


@cache
def _list_modules() -> tuple[object, ...]:
    names = sorted(
        module.name
        for module in pkgutil.iter_modules([str(Path(__file__).parent)])
        if not module.name.startswith("_")
    )
    return tuple(importlib.import_module(f"layers.{name}") for name in names)


def list_layers(conn: Connection) -> tuple[Layer, ...]:
    """Return every layer that is open to the viewer, in order."""
    layers = _list_all(conn)
    if not is_published_only(conn):
        return layers
    return tuple(layer for layer in layers if layer.is_published)


def get_layer(conn: Connection, key: str) -> Layer:
    """Return one layer.

    Raises
    ------
    UnknownLayer
        When no file and no data make a layer of that key.
    AccessDenied
        When it is not open to the viewer.
    """
    for layer in _list_all(conn):
        if layer.key == key:
            if not layer.is_published and is_published_only(conn):
                raise AccessDenied(CLOSED, status=403)
            return layer
    raise UnknownLayer(key)


def _list_all(conn: Connection) -> tuple[Layer, ...]:
    """Return the files' own layers, and those a file makes of the data.

    A file holds ``LAYER``, or ``list_data_layers(conn)`` when each of several things in the
    database, such as an indicator, is a layer of the same kind.
    """
    found: list[Layer] = []
    for module in _list_modules():
        if hasattr(module, "LAYER"):
            found.append(module.LAYER)
        if hasattr(module, "list_data_layers"):
            found.extend(module.list_data_layers(conn))
    return tuple(sorted(found, key=lambda layer: (layer.order, layer.key)))
