"""Classes of a choropleth."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterable, Sequence

import jenkspy
import numpy as np


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
        Rounded to a thousandth of the spread, so that a legend can be read.

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
    return _readable(edges, known[0], known[-1])


def _readable(edges: Sequence[float], low: float, high: float) -> tuple[float, ...]:
    digits = 2 - math.floor(math.log10(high - low))
    rounded = sorted({round(edge, digits) for edge in edges})
    return tuple(edge for edge in rounded if low <= edge < high)


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
