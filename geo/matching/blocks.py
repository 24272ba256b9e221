"""Which pairs are worth comparing: rows that share one of a few keys.

Comparing every row with every other would be 3.6 thousand million pairs for two files of 60,000.
A key that too many rows of the register share says little and is left out (``MOST_IN_BLOCK``):
those rows meet through their other keys.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from geo.matching.people import Encoded, Flags, Ints, Vocabulary

MOST_IN_BLOCK = 24
"""Rows of the register under one key; with more the key is no evidence worth the time."""
_FAR = 1 << 31


def find_pairs(incoming: Encoded, register: Encoded, vocabulary: Vocabulary) -> tuple[Ints, Ints]:
    """List the pairs of rows that share a key.

    Parameters
    ----------
    incoming, register
        Both sides, encoded together.
    vocabulary
        Of their names.

    Returns
    -------
    tuple of ndarray
        Row of ``incoming`` and row of ``register``, each pair once, in order.
    """
    codes = [
        mine * len(register.nik) + theirs
        for mine, theirs in _list_blocks(incoming, register, vocabulary)
    ]
    # Sorting beats the hashing of numpy.unique here by far.
    pairs = np.sort(np.concatenate(codes))
    pairs = pairs[np.diff(pairs, prepend=-1) > 0]
    mine, theirs = np.divmod(pairs, max(len(register.nik), 1))
    return mine, theirs


def _list_blocks(
    incoming: Encoded, register: Encoded, vocabulary: Vocabulary
) -> Iterator[tuple[Ints, Ints]]:
    one, other = (_keys(side, vocabulary) for side in (incoming, register))
    for (mine, has_mine), (theirs, has_theirs) in zip(one, other, strict=True):
        yield _join(mine, has_mine, theirs, has_theirs)
    yield _join_stems(incoming, register, vocabulary)


def _keys(side: Encoded, vocabulary: Vocabulary) -> list[tuple[Ints, Flags]]:
    has_nik, has_kk, has_day = side.nik > 0, side.kk > 0, side.day > 0
    has_area, has_name = side.area >= 0, side.name >= 0
    skeleton = _of_name(vocabulary.skeleton, side.name)
    house = (side.rw + 1) * 1_000 + side.rt
    return [
        (side.kk, has_kk),
        # A NIK with a wrong digit is right in its first twelve digits or in its last eight.
        (side.nik // 10_000, has_nik),
        (side.nik % 100_000_000, has_nik),
        (side.area * _FAR + side.day, has_area & has_day),
        (side.area * _FAR + skeleton, has_area & has_name),
        (skeleton * _FAR + side.day, has_day & has_name),
        (side.area * _FAR + house, has_area & (side.rt >= 0) & (side.rw >= 0)),
    ]


def _join_stems(incoming: Encoded, register: Encoded, vocabulary: Vocabulary) -> tuple[Ints, Ints]:
    """Join rows of one desa that share a word of the name, one left out or misspelt."""
    (row, mine), (place, theirs) = (_stems(side, vocabulary) for side in (incoming, register))
    first, second = _join(mine, np.ones(len(mine), bool), theirs, np.ones(len(theirs), bool))
    return row[first], place[second]


def _stems(side: Encoded, vocabulary: Vocabulary) -> tuple[Ints, Ints]:
    """Return rows and their keys of desa and word."""
    counts = np.bincount(vocabulary.stem_name, minlength=len(vocabulary.names))
    starts = np.concatenate([[0], np.cumsum(counts)])
    rows = np.flatnonzero((side.name >= 0) & (side.area >= 0))
    names = side.name[rows]
    of_row = np.repeat(np.arange(len(rows)), counts[names])
    within = np.arange(len(of_row)) - np.repeat(
        np.cumsum(counts[names]) - counts[names], counts[names]
    )
    stems = vocabulary.stem[starts[names][of_row] + within]
    return rows[of_row], side.area[rows][of_row] * _FAR + stems


def _of_name(values: Ints, name: Ints) -> Ints:
    return values[name] if len(values) else np.full(len(name), -1)


def _join(mine: Ints, has_mine: Flags, theirs: Ints, has_theirs: Flags) -> tuple[Ints, Ints]:
    """Pair the rows with equal keys, but for keys that are too common in the register."""
    rows, places = np.flatnonzero(has_mine), np.flatnonzero(has_theirs)
    places = places[np.argsort(theirs[places], kind="stable")]
    keys = theirs[places]
    first = np.searchsorted(keys, mine[rows], side="left")
    count = np.searchsorted(keys, mine[rows], side="right") - first
    count[count > MOST_IN_BLOCK] = 0
    total = np.cumsum(count)
    within = np.arange(total[-1] if len(total) else 0) - np.repeat(total - count, count)
    return np.repeat(rows, count), places[np.repeat(first, count) + within]
