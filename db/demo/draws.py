"""Seeded draws that the invented register is made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

AS_OF = date(2026, 6, 30)
"""The day the invented register was taken."""
TODAY = np.datetime64(AS_OF, "D")
PERIODS = ("2024", "2025", "2026")

Shares = Mapping[str, Sequence[float]]
"""Share of each value, one figure for each class (row) drawn from."""


def draw_codes(rng: np.random.Generator, shares: Floats, row: Ints) -> Ints:
    """Draw a column number for each household from its row of a table of shares.

    Parameters
    ----------
    rng
        The source of chance.
    shares
        One row for each class, one column for each value; rows need not sum to 1.
    row
        Row of the table for each household, from 0.

    Returns
    -------
    ndarray
        Column drawn, from 0.
    """
    upper_edges = np.cumsum(shares, axis=1) / shares.sum(axis=1, keepdims=True)
    upper_edges[:, -1] = 1.0
    return np.asarray((rng.random(len(row))[:, None] >= upper_edges[row]).sum(axis=1))


def draw_values(rng: np.random.Generator, shares: Shares, row: Ints | None, n: int) -> pd.Series:
    """Draw a coded value for each household; ``row`` None means one class for all."""
    table = np.array([np.atleast_1d(share) for share in shares.values()], dtype=float).T
    rows = np.zeros(n, dtype=np.int64) if row is None else row
    return as_coded(draw_codes(rng, table, rows), tuple(shares))


def as_coded(codes: NDArray[np.integer], values: Sequence[str]) -> pd.Series:
    """Turn column numbers into a categorical column; -1 is missing."""
    return pd.Series(pd.Categorical.from_codes(codes, categories=pd.Index(values, dtype=object)))


def is_any(column: pd.Series, *values: str) -> Flags:
    """Whether each value of a column is one of those given."""
    return column.isin(values).to_numpy()


def apportion(total: int, weights: Floats) -> Ints:
    """Share a whole number out by weights, by largest remainder; the parts sum to it exactly.

    Parameters
    ----------
    total
        What is shared out.
    weights
        At least one, none negative, not all zero.

    Returns
    -------
    ndarray
        One whole number for each weight.
    """
    exact = total * weights / weights.sum()
    parts = np.floor(exact).astype(np.int64)
    left = total - int(parts.sum())
    parts[np.argsort(parts - exact, kind="stable")[:left]] += 1
    return parts


def standardise(values: Floats) -> Floats:
    """Shift and scale to mean 0 and standard deviation 1; all alike become 0."""
    spread = values.std()
    return (values - values.mean()) / (spread if spread > 0 else 1.0)


def rank_within(*keys: Ints) -> Ints:
    """Count the rows that share all keys, from 0, in their order."""
    order = np.lexsort(keys[::-1])
    starts = np.zeros(len(order), dtype=bool)
    for key in keys:
        starts[1:] |= key[order][1:] != key[order][:-1]
    starts[:1] = True
    first = np.maximum.accumulate(np.where(starts, np.arange(len(order)), 0))
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order)) - first
    return rank
