"""From rows to classes: what the map paints, and the breaks that stay."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from db.queries.breaks import freeze, get_frozen_breaks, refresh_derived
from geo.classify import class_of, count_classes, list_breaks
from geo.view import METHODS, View
from layers._areas import area_level
from layers._base import Layer, Rows
from layers._registry import list_layers

CLASS_COUNTS = range(3, 8)


@dataclass(frozen=True, slots=True)
class Painting:
    """A layer's rows in classes.

    Attributes
    ----------
    rows
        The layer's rows, one per area.
    breaks
        Upper edge of every class but the last.
    class_of
        Area code to class, 0 the lowest; None is no data.
    class_counts
        Areas per class.
    no_data_count
        Areas without a value.
    low, high
        Smallest and largest value shown; None when there is none.
    is_frozen
        Whether the breaks are the frozen ones; else they are made of the values shown.
    """

    rows: Rows
    breaks: tuple[float, ...]
    class_of: Mapping[str, int | None]
    class_counts: tuple[int, ...]
    no_data_count: int
    low: float | None
    high: float | None
    is_frozen: bool = True


def paint(conn: Connection, layer: Layer, view: View) -> Painting:
    """Put a layer's areas into classes.

    The breaks are the frozen ones, so that filters and years compare. They are made of the values
    shown when the view asks for that, and before any were frozen.
    """
    rows = layer.list_all_rows(conn, view)
    values = {row["code"]: row["value"] for row in rows.rows}
    frozen = _get_frozen(conn, layer, view)
    breaks = list_breaks(values.values(), view.method, view.classes) if frozen is None else frozen
    classes = {code: class_of(value, breaks) for code, value in values.items()}
    known = [value for value in values.values() if value is not None]
    return Painting(
        rows=rows,
        breaks=breaks,
        class_of=classes,
        class_counts=count_classes(classes.values(), len(breaks) + 1),
        no_data_count=len(values) - len(known),
        low=min(known, default=None),
        high=max(known, default=None),
        is_frozen=frozen is not None,
    )


def _get_frozen(conn: Connection, layer: Layer, view: View) -> tuple[float, ...] | None:
    if view.breaks == "shown":
        return None
    return get_frozen_breaks(conn, layer.key, area_level(view), view.method, view.classes)


def freeze_breaks(conn: Connection, *, anew: bool = False) -> int:
    """Freeze the breaks of every fill layer that has none yet; return how many were written.

    Call it at the end of an import, in its transaction: the households' derived rows are brought
    up to date first.

    Parameters
    ----------
    conn
        Connection that may write.
    anew
        Also replace breaks that are frozen: older maps then no longer compare with new ones.
    """
    refresh_derived(conn)
    rows = []
    for layer in list_layers(conn):
        for level in layer.levels:
            if level == "household":
                continue
            found = layer.list_all_rows(conn, View(layer=layer.key, level=level)).rows
            values = [row["value"] for row in found]
            if not any(value is not None for value in values):
                continue
            rows += [
                (layer.key, level, method, count, list_breaks(values, method, count))
                for method in METHODS
                for count in CLASS_COUNTS
            ]
    return freeze(conn, rows, anew=anew)
