"""Classes of a choropleth."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

import jenkspy
import numpy as np

_MOST_DIGITS = 6


def list_breaks(values: Iterable[float | None], method: str, class_count: int) -> tuple[float, ...]:
    """Return the inner breaks of a classification.

    Parameters
    ----------
    values
        One per area; None and NaN (no data) have no part in it.
    method
        ``quantile`` (as many areas in each class), ``equal`` (steps of equal width) or
        ``natural`` (Fisher-Jenks: least variance within the classes).
    class_count
        Classes wanted. Few different values give fewer.

    Returns
    -------
    tuple of float
        Upper edge of every class but the last, rising; a value equal to an edge belongs below it.
        Rounded to a hundredth to a thousandth of the spread, so that a legend can be read; finer
        where that would move an area into another class.

    Notes
    -----
    Jenks after W. D. Fisher, "On grouping for maximum homogeneity", 1958, by jenkspy.
    """
    everything = sorted(float(v) for v in values if v is not None and math.isfinite(v))
    known = sorted(set(everything))
    if len(known) < 2:
        return ()
    if method == "equal":
        edges = np.linspace(known[0], known[-1], class_count + 1)[1:-1].tolist()
    elif method == "natural":
        edges = jenkspy.jenks_breaks(everything, n_classes=min(class_count, len(known)))[1:-1]
    else:
        # In whole numbers: 0.6 x 25 is a little over 15 in floating point, one area too many.
        count = len(everything)
        edges = [everything[-(-n * count // class_count) - 1] for n in range(1, class_count)]
    digits = 2 - math.floor(math.log10(known[-1] - known[0]))
    inner = [edge for edge in edges if known[0] <= edge < known[-1]]
    return tuple(sorted({_round_between(edge, known, digits) for edge in inner}))


def list_share_breaks(class_count: int) -> tuple[float, ...]:
    """Return the inner breaks of shares in percent points: equal steps from 0 to 100.

    Made of no data, so that programmes, areas and years compare at a glance.
    """
    return tuple(round(100 * n / class_count, 1) for n in range(1, class_count))


def list_change_breaks(
    values: Iterable[float | None], method: str, class_count: int, unchanged: float
) -> tuple[float, ...]:
    """Return the inner breaks of a classification of changes, alike on both sides of zero.

    Parameters
    ----------
    values
        Changes, one per area, below zero where it fell; None and NaN have no part in it.
    method
        As of :func:`list_breaks`; it parts the sizes of the changes, whatever their sign.
    class_count
        Classes wanted; half of them lie on each side, and one more holds what did not change.
        Few different values give fewer.
    unchanged
        Changes of this size or smaller are none; zero or more.

    Returns
    -------
    tuple of float
        As many below zero as above. A change and its opposite fall into opposite classes, those
        that equal an edge as well: the edges below zero lie a hair further out.
    """
    known = (float(v) for v in values if v is not None and math.isfinite(v))
    sizes = [abs(value) for value in known if abs(value) > unchanged]
    per_side = class_count // 2
    outer = list_breaks(sizes, method, per_side) if per_side > 1 else ()
    rose = (float(unchanged), *outer)
    fell = tuple(-math.nextafter(edge, math.inf) for edge in reversed(rose))
    return fell + rose


def _round_between(edge: float, known: Sequence[float], digits: int) -> float:
    # Between the last value below the edge and the first above it, every number parts the same.
    place = bisect_right(known, edge)
    for more in range(_MOST_DIGITS):
        rounded = round(edge, digits + more)
        if known[place - 1] <= rounded < known[place]:
            return rounded
    return edge


def class_of(value: float | None, breaks: Sequence[float]) -> int | None:
    """Return the class of a value, 0 the lowest; None for no data.

    Values beyond the ends belong to the first or last class, so that frozen breaks hold for
    every filter and year.
    """
    if value is None or not math.isfinite(value):
        return None
    return bisect_left(breaks, value)


def count_classes(classes: Iterable[int | None], class_count: int) -> tuple[int, ...]:
    """Count the areas of each class; no data is not counted."""
    counts = [0] * class_count
    for number in classes:
        if number is not None:
            counts[number] += 1
    return tuple(counts)
