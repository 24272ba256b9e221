"""How far the fields of pairs of rows agree, as levels of :mod:`geo.matching.weights`."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Indel
from rapidfuzz.process import cpdist

from geo.matching.people import Encoded, Flags, Ints, Vocabulary
from geo.matching.weights import (
    ADDRESS,
    AREA,
    BIRTH_DATE,
    FIELDS,
    KK,
    NAME,
    NIK,
    NUMBER_OF,
    POINTS,
    REVIEW_POINTS,
    SEX,
)

Levels = NDArray[np.int8]

_DEFAULT_DAYS = (101, 701, 1231)
_SIMILAR_FROM = 0.8


def compare(
    incoming: Encoded, register: Encoded, vocabulary: Vocabulary, *, all_names: bool = False
) -> Levels:
    """Compare rows side by side.

    Parameters
    ----------
    incoming, register
        The two rows of each pair, at the same place.
    vocabulary
        Of their names and places.
    all_names
        Compare names even where they can no longer bring a pair to the review; without it such
        names count as different.

    Returns
    -------
    ndarray
        Pairs by fields, the number of the level.
    """
    levels = np.zeros((len(incoming.nik), len(FIELDS)), np.int8)
    levels[:, NIK] = _compare_niks(incoming, register)
    levels[:, KK] = _compare_cards(incoming.kk, register.kk)
    levels[:, BIRTH_DATE] = _compare_days(incoming.day, register.day)
    levels[:, SEX] = _compare_codes(incoming.sex, register.sex, SEX)
    levels[:, AREA] = _compare_codes(incoming.area, register.area, AREA)
    levels[:, ADDRESS] = _compare_addresses(incoming, register)
    # Another desa has its own hamlets and RT: equal ones say nothing.
    levels[incoming.area != register.area, ADDRESS] = 0
    is_open = np.ones(len(levels), bool)
    if not all_names:
        is_open = sum_points(levels) + POINTS[NAME].max() >= REVIEW_POINTS
        is_open |= levels[:, KK] == NUMBER_OF[KK]["same"]
    levels[:, NAME] = np.where((incoming.name < 0) | (register.name < 0), 0, 1)
    rows = np.flatnonzero(is_open & (levels[:, NAME] > 0))
    levels[rows, NAME] = _compare_names(incoming.name[rows], register.name[rows], vocabulary)
    return levels


def sum_points(levels: Levels) -> NDArray[np.float64]:
    """Add up the points of each pair."""
    total = np.zeros(len(levels))
    for field in range(len(FIELDS)):
        total += POINTS[field][levels[:, field]]
    return total


def _compare_codes(one: Ints, other: Ints, field: int) -> Levels:
    of = NUMBER_OF[field]
    level = np.where(one == other, of["same"], of["different"])
    level[(one < 0) | (other < 0)] = 0
    return level.astype(np.int8)


def _count_wrong_digits(one: Ints, other: Ints, count: int) -> Ints:
    wrong = np.zeros(len(one), np.int64)
    for _ in range(count):
        # Divisions by a constant, which numpy does much faster than divmod.
        shorter, theirs_shorter = one // 10, other // 10
        wrong += one - 10 * shorter != other - 10 * theirs_shorter
        one, other = shorter, theirs_shorter
    return wrong


def _compare_niks(incoming: Encoded, register: Encoded) -> Levels:
    of = NUMBER_OF[NIK]
    one, other = incoming.nik, register.nik
    level = np.zeros(len(one), np.int8)
    both = (one > 0) & (other > 0)
    level[both & incoming.is_sound & register.is_sound] = of["different"]
    level[both & (one // 10_000 == other // 10_000)] = of["serial"]
    level[_are_typos(one, other, both)] = of["typo"]
    level[both & (one == other)] = of["same"]
    return level


def _are_typos(one: Ints, other: Ints, both: Flags) -> Ints:
    """List where numbers differ in one or two digits in front of the same serial number."""
    rows = np.flatnonzero(both & (one % 10_000 == other % 10_000) & (one != other))
    wrong = _count_wrong_digits(one[rows] // 10_000, other[rows] // 10_000, 12)
    return rows[wrong <= 2]


def _compare_cards(one: Ints, other: Ints) -> Levels:
    of = NUMBER_OF[KK]
    level = np.zeros(len(one), np.int8)
    both = (one > 0) & (other > 0)
    level[both] = of["different"]
    level[_are_typos(one, other, both)] = of["typo"]
    level[both & (one == other)] = of["same"]
    return level


def _compare_days(one: Ints, other: Ints) -> Levels:
    of = NUMBER_OF[BIRTH_DATE]
    level = np.full(len(one), of["different"], np.int8)
    (year, month_day), (their_year, their_month_day) = (
        (side // 10_000, side % 10_000) for side in (one, other)
    )
    is_default = np.isin(month_day, _DEFAULT_DAYS)
    is_year = year == their_year
    level[is_year & (is_default | np.isin(their_month_day, _DEFAULT_DAYS))] = of["year"]
    swapped = (month_day % 100) * 100 + month_day // 100
    level[is_year & (swapped == their_month_day)] = of["similar"]
    # One wrong digit leaves the year or the day of the year as it is. Ten years and more are a
    # generation: rather father and son than a wrong digit.
    is_close = np.abs(year - their_year) < 10
    rows = np.flatnonzero((is_year | (month_day == their_month_day)) & is_close & (one != other))
    level[rows[_count_wrong_digits(one[rows], other[rows], 8) == 1]] = of["similar"]
    level[one == other] = of["same"]
    level[(one == other) & is_default] = of["default"]
    level[(one == 0) | (other == 0)] = 0
    return level


def _compare_addresses(incoming: Encoded, register: Encoded) -> Levels:
    of = NUMBER_OF[ADDRESS]
    has_house = (incoming.rt >= 0) & (register.rt >= 0)
    has_rw = (incoming.rw >= 0) & (register.rw >= 0)
    has_place = (incoming.place >= 0) & (register.place >= 0)
    is_rw = has_rw & (incoming.rw == register.rw)
    is_house = has_house & is_rw & (incoming.rt == register.rt)
    is_place = has_place & (incoming.place == register.place)
    level = np.where(has_house | has_rw | has_place, of["different"], 0)
    level[is_rw | is_place] = of["similar"]
    level[is_house] = of["same"]
    return level.astype(np.int8)


def _compare_names(one: Ints, other: Ints, vocabulary: Vocabulary) -> Levels:
    of = NUMBER_OF[NAME]
    if len(one) == 0:
        return np.zeros(0, np.int8)
    names = len(vocabulary.names)
    low, high = np.minimum(one, other), np.maximum(one, other)
    pairs, of_pair = np.unique(low * names + high, return_inverse=True)
    low, high = np.divmod(pairs, names)
    level = np.full(len(pairs), of["different"], np.int8)
    is_same = vocabulary.words[low] == vocabulary.words[high]
    is_near = vocabulary.core[low] == vocabulary.core[high]
    rest = np.flatnonzero(~is_near & ~is_same)
    level[rest] = _compare_spelling(low[rest], high[rest], vocabulary)
    level[is_near] = of["near"]
    is_long = np.array([" " in form.core for form in vocabulary.names])
    level[is_same] = np.where(is_long[low[is_same]], of["same"], of["word"])
    return level[of_pair]


def _compare_spelling(one: Ints, other: Ints, vocabulary: Vocabulary) -> Levels:
    of = NUMBER_OF[NAME]
    cores = [form.core for form in vocabulary.names]
    lengths = np.array([len(core) for core in cores])
    mine, theirs = ([cores[name] for name in side.tolist()] for side in (one, other))
    distance = cpdist(mine, theirs, scorer=Indel.distance, dtype=np.int32)
    total = lengths[one] + lengths[other]
    is_inside = distance == np.abs(lengths[one] - lengths[other])
    level = np.full(len(one), of["different"], np.int8)
    level[is_inside & _share_word(one, other, is_inside, vocabulary)] = of["partial"]
    level[1 - distance / total >= _SIMILAR_FROM] = of["similar"]
    # Only vowels are missing, and not the last one, which tells Rina from Rin and Adi from Adia.
    is_skeleton = vocabulary.skeleton[one] == vocabulary.skeleton[other]
    ends_alike = np.array([a[-1] == b[-1] for a, b in zip(mine, theirs, strict=True)], bool)
    level[is_inside & is_skeleton & ends_alike] = of["near"]
    return level


def _share_word(one: Ints, other: Ints, is_asked: Flags, vocabulary: Vocabulary) -> Flags:
    """Whether all words of the shorter name are words or first letters of the longer one."""
    shared = np.zeros(len(one), bool)
    for place in np.flatnonzero(is_asked).tolist():
        cores = (vocabulary.names[one[place]].core, vocabulary.names[other[place]].core)
        few, many = (core.split() for core in sorted(cores, key=len))
        firsts = {word[0] for word in many}
        shared[place] = any(word in many for word in few) and all(
            word in many or (len(word) == 1 and word in firsts) for word in few
        )
    return shared
