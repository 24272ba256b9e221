"""Points that stand too close together: crowds on one spot, and coordinates that were copied.

Nearness is told by counting in the cells of a grid rather than by pairs of points: of many points
on one spot the pairs would be more than a memory holds.
"""

from __future__ import annotations

from typing import Any

import numpy as np

NEAR_M = 10.0
"""Side of the square round a point within which others are on its spot."""
ROUND_M = 50.0
"""Side of the square that is its surroundings."""
LEAST_CROWD = 5
TIMES_EXPECTED = 8.0
"""How many times as dense as its surroundings a crowd is; houses wall to wall are about once."""

MOST_FAMILIES = 3
"""In one house, where it is not known who lives with whom."""
_COARSE = ((10_000.0, 1e-3), (36_000.0, 0.02))
"""Steps per degree on which neighbours agree by chance, and how far off a step rounding puts a
coordinate: four decimals (11 m) and tenths of a second (3 m). Of 50,000 households in hamlets along
roads, 2,830 agree with another one to four decimals, 125 with one of another hamlet; 24 to five
decimals, none to six."""
_ROUGH = ((1_000.0, 1e-3), (3_600.0, 0.02))
"""Three decimals and whole seconds, 110 and 31 m: whole hamlets agree."""
_DIGITS = 1e9

Floats = np.ndarray[Any, np.dtype[np.float64]]
Ints = np.ndarray[Any, np.dtype[np.int64]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]


def find_piles(x: Floats, y: Floats) -> Ints:
    """Find the points that stand in a crowd on one spot.

    A point is the heart of a crowd when it has at least ``LEAST_CROWD`` points on its spot, itself
    included, and ``TIMES_EXPECTED`` times as many as an equal area of its surroundings has.
    Whatever is on the spot of a heart belongs to the crowd: devices at one desk scatter by metres.

    Parameters
    ----------
    x, y
        Metres on a plane, shape ``(n,)``.

    Returns
    -------
    array
        How many points are on the spot; 0 for points in no crowd. Shape ``(n,)``.
    """
    everyone = np.ones(len(x), dtype=np.int64)
    near = _count_around(x, y, NEAR_M, everyone)
    surrounding = _count_around(x, y, ROUND_M, everyone) - near
    expected = np.maximum(surrounding, 0) / ((ROUND_M / NEAR_M) ** 2 - 1)
    is_heart = (near >= LEAST_CROWD) & (near >= TIMES_EXPECTED * expected)
    is_member = _count_around(x, y, NEAR_M, is_heart.astype(np.int64)) > 0
    return np.where(is_member, near, 0)


def _count_around(x: Floats, y: Floats, side_m: float, weight: Ints) -> Ints:
    """Sum the weights in the square of three by three cells in whose middle cell a point lies."""
    cell_m = side_m / 3
    column, row = (np.floor(metres / cell_m).astype(np.int64) for metres in (x, y))
    cells, place = np.unique(_number(column, row), return_inverse=True)
    sums = np.bincount(place, weight, len(cells)).astype(np.int64)
    total = np.zeros(len(x), dtype=np.int64)
    for across in (-1, 0, 1):
        for up in (-1, 0, 1):
            wanted = _number(column + across, row + up)
            at = np.minimum(np.searchsorted(cells, wanted), len(cells) - 1)
            total += np.where(cells[at] == wanted, sums[at], 0) if len(cells) else 0
    return total


def _number(column: Ints, row: Ints) -> Ints:
    return (column << 32) + row


def find_copies(lon: Floats, lat: Floats, house: Ints, quarter: Ints, card: Ints) -> Ints:
    """Find positions that are the same to the last digit, though the houses are not.

    Those of one number of house or card live together. Where that is not known of some, up to
    ``MOST_FAMILIES`` on one position are taken for one house. Positions too coarse to tell
    neighbours apart are copies where they come from different quarters. Which of them stood there
    first nobody can tell, so all on the position are found.

    Parameters
    ----------
    lon, lat
        Degrees, shape ``(n,)``.
    house, quarter, card
        The same number for those who live together, -1 where unknown.

    Returns
    -------
    array
        The same number for all on one position, -1 for those that are no copies. Shape ``(n,)``.
    """
    # To nine decimals: what two programs made of one text is still the same.
    digits = np.rint(np.stack([lon, lat], axis=1) * _DIGITS).astype(np.int64)
    group = _group(digits)
    size = np.bincount(group)[group] if len(group) else group
    rows = np.flatnonzero(size > 1)
    rows = rows[_are_off(lon[rows], lat[rows], _ROUGH)]
    is_fine = _are_off(lon[rows], lat[rows], _COARSE)
    home = np.where(is_fine, house[rows], quarter[rows])
    # Some live apart, or they are too many for a house.
    is_suspect = _count_apart(group[rows], home, card[rows]) > 0
    is_suspect |= is_fine & (home < 0) & (size[rows] > MOST_FAMILIES)
    rows = rows[np.isin(group[rows], group[rows[is_suspect]])]
    found = np.full(len(lon), -1, dtype=np.int64)
    found[rows] = group[rows]
    return found


def _count_apart(group: Ints, house: Ints, card: Ints) -> Ints:
    """Count for each the others of its group that are known to live elsewhere."""
    known = np.flatnonzero(house >= 0)
    group, at, card = group[known], house[known], card[known]
    kin = np.where(card >= 0, _count_same(group, card) - _count_same(group, card, at), 0)
    apart = np.zeros(len(house), dtype=np.int64)
    apart[known] = _count_same(group) - _count_same(group, at) - kin
    return apart


def _count_same(*keys: Ints) -> Ints:
    """Count for each row the rows that have the same keys."""
    number = _group(np.stack(keys, axis=1))
    return np.bincount(number)[number] if len(number) else number


def _group(keys: Ints) -> Ints:
    """Return a number for each row of keys, the same for the same keys."""
    order = np.lexsort(keys.T)
    in_order = keys[order]
    is_new = np.ones(len(keys), dtype=bool)
    is_new[1:] = np.any(in_order[1:] != in_order[:-1], axis=1)
    number = np.empty(len(keys), dtype=np.int64)
    number[order] = np.cumsum(is_new) - 1
    return number


def _are_off(lon: Floats, lat: Floats, lattices: tuple[tuple[float, float], ...]) -> Flags:
    """Say which positions lie on none of some lattices."""
    is_on = np.zeros(len(lon), dtype=bool)
    for steps, slack in lattices:
        off = [np.abs(degrees * steps - np.rint(degrees * steps)) for degrees in (lon, lat)]
        is_on |= np.maximum(*off) < slack
    return ~is_on
