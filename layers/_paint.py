"""From rows to classes: what the map paints, and the breaks that stay."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from db.positions import refresh_position_faults
from db.publication import publish
from db.queries.breaks import advance_rule_day, freeze, get_frozen_breaks, refresh_derived
from db.queries.published import as_published
from db.trend import take_snapshot
from geo.classify import class_of, count_classes, list_breaks, list_change_breaks
from geo.hidden import HIDDEN, is_told
from geo.view import METHODS, View
from layers._areas import area_level
from layers._base import Layer, Rows
from layers._registry import list_layers

CLASS_COUNTS = range(3, 8)
HIDDEN_CLASS = -2
"""The class of areas whose value must not be told."""


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
        Area code to class, 0 the lowest; None is no data, ``HIDDEN_CLASS`` hidden.
    class_counts
        Areas per class.
    no_data_count
        Areas without a value.
    hidden_count
        Areas whose value is hidden.
    low, high
        Smallest and largest value shown; None when there is none.
    is_frozen
        Whether the breaks stay, whatever is shown; else they are made of the values shown.
    is_fixed
        Whether they are the layer's own, made of no data at all.
    """

    rows: Rows
    breaks: tuple[float, ...]
    class_of: Mapping[str, int | None]
    class_counts: tuple[int, ...]
    no_data_count: int
    low: float | None
    high: float | None
    is_frozen: bool = True
    hidden_count: int = 0
    is_fixed: bool = False


def paint(conn: Connection, layer: Layer, view: View) -> Painting:
    """Put a layer's areas into classes.

    The breaks are the layer's fixed ones or else the frozen ones, so that filters and years
    compare. They are made of the values shown when the view asks for that, and before any were
    frozen.
    """
    rows = layer.list_all_rows(conn, view)
    values = {row["code"]: row["value"] for row in rows.rows}
    frozen = _get_lasting(conn, layer, view)
    told = [value for value in values.values() if is_told(value)]
    breaks = _make_breaks(layer, told, view.method, view.classes) if frozen is None else frozen
    classes = {
        code: HIDDEN_CLASS if value is HIDDEN else class_of(value, breaks)
        for code, value in values.items()
    }
    hidden_count = sum(value is HIDDEN for value in values.values())
    return Painting(
        rows=rows,
        breaks=breaks,
        class_of=classes,
        class_counts=count_classes(
            (number for number in classes.values() if number != HIDDEN_CLASS), len(breaks) + 1
        ),
        no_data_count=len(values) - len(told) - hidden_count,
        hidden_count=hidden_count,
        low=min(told, default=None),
        high=max(told, default=None),
        is_frozen=frozen is not None,
        is_fixed=frozen is not None and layer.fixed_breaks is not None,
    )


def _get_lasting(conn: Connection, layer: Layer, view: View) -> tuple[float, ...] | None:
    if view.breaks == "shown":
        return None
    if layer.fixed_breaks is not None:
        return layer.fixed_breaks(view.classes)
    return get_frozen_breaks(conn, layer.key, area_level(view), view.method, view.classes)


def _make_breaks(
    layer: Layer, values: Iterable[float], method: str, count: int
) -> tuple[float, ...]:
    if layer.is_change:
        # What rounds to zero, as it is written, has not changed.
        return list_change_breaks(values, method, count, 0.5 * 10**-layer.decimals)
    return list_breaks(values, method, count)


def freeze_breaks(conn: Connection, *, anew: bool = False) -> int:
    """Publish totals, keep the period's counts, freeze the breaks of fill layers without any.

    Call it at the end of an import, in its transaction: the households' derived rows and the faults
    of their positions are brought up to date first. Who sees published totals only gets breaks of
    their own, made of those: the breaks of exact values would tell of hidden ones.

    Parameters
    ----------
    conn
        Connection that may write.
    anew
        Also replace breaks that are frozen: older maps then no longer compare with new ones.

    Returns
    -------
    int
        How many breaks were written.
    """
    refresh_derived(conn)
    advance_rule_day(conn)
    refresh_position_faults(conn)
    publish(conn)
    take_snapshot(conn)
    count = freeze(conn, _list_breaks_of_layers(conn), anew=anew)
    return count + freeze_published_breaks(conn, anew=anew)


def freeze_published_breaks(conn: Connection, *, anew: bool = False) -> int:
    """Freeze the breaks of published totals that were not yet; return how many were written."""
    with as_published(conn):
        return freeze(conn, _list_breaks_of_layers(conn), anew=anew)


def _list_breaks_of_layers(
    conn: Connection,
) -> list[tuple[str, str, str, int, tuple[float, ...]]]:
    rows: list[tuple[str, str, str, int, tuple[float, ...]]] = []
    for layer in list_layers(conn):
        if layer.fixed_breaks is not None:
            continue
        for level in layer.levels:
            if level == "household":
                continue
            found = layer.list_all_rows(conn, View(layer=layer.key, level=level)).rows
            values = [row["value"] for row in found if is_told(row["value"])]
            if not values:
                continue
            rows += [
                (layer.key, level, method, count, _make_breaks(layer, values, method, count))
                for method in METHODS
                for count in CLASS_COUNTS
            ]
    return rows
