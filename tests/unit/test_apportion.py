"""Places are shared to the last one, and nobody loses by a larger claim."""

from __future__ import annotations

import math
import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.apportion import Part, apportion, share_caps

many = settings(max_examples=300, deadline=None)


@st.composite
def villages(draw: st.DrawFn, most: int = 12) -> list[Part]:
    parts = []
    for number in range(draw(st.integers(0, most))):
        cap = draw(st.integers(0, 40))
        floor = draw(st.sampled_from([0, 0, min(cap, 3), min(cap, 10)]))
        parts.append(Part(f"v{number:02}", draw(st.integers(1, 50)), cap, floor))
    return parts


places = st.integers(0, 400)


@given(places, villages())
@many
def test_every_place_is_given_or_every_cap_is_reached(count: int, parts: list[Part]) -> None:
    assert sum(apportion(count, parts).values()) == min(count, sum(part.cap for part in parts))


@given(places, villages())
@many
def test_floors_and_caps_hold(count: int, parts: list[Part]) -> None:
    given_ = apportion(count, parts)
    floors_fit = sum(part.floor for part in parts) <= count
    for part in parts:
        assert given_[part.code] <= part.cap
        if floors_fit:
            assert given_[part.code] >= part.floor
        elif sum(each.cap for each in parts) > count:
            assert given_[part.code] <= part.floor


@given(places, villages())
@many
def test_more_weight_never_gets_fewer_places_unless_capped(count: int, parts: list[Part]) -> None:
    given_ = apportion(count, parts)
    if sum(part.floor for part in parts) > count:
        parts = [replace(part, cap=part.floor, floor=0) for part in parts]
    for one in parts:
        for other in parts:
            if one.weight > other.weight and one.floor >= other.floor:
                assert given_[one.code] >= min(given_[other.code], one.cap)


@given(places, villages(), st.integers(1, 60), st.data())
@many
def test_a_village_whose_weight_grows_loses_nothing(
    count: int, parts: list[Part], more: int, data: st.DataObject
) -> None:
    if not parts:
        return
    grown = data.draw(st.integers(0, len(parts) - 1))
    after = [
        replace(part, weight=part.weight + more) if at == grown else part
        for at, part in enumerate(parts)
    ]
    code = parts[grown].code
    assert apportion(count, after)[code] >= apportion(count, parts)[code]


@given(places, villages(), st.integers(0, 2**32))
@many
def test_the_order_of_villages_changes_nothing(count: int, parts: list[Part], seed: int) -> None:
    shuffled = list(parts)
    random.Random(seed).shuffle(shuffled)
    assert list(apportion(count, shuffled).items()) == list(apportion(count, parts).items())


@given(st.integers(0, 300), st.lists(st.integers(1, 90), min_size=1, max_size=15))
@many
def test_without_limits_it_is_the_textbook_s_largest_remainder(
    count: int, weights: list[int]
) -> None:
    parts = [Part(f"v{at:02}", weight, cap=count) for at, weight in enumerate(weights)]
    whole = sum(weights)
    seats = [count * weight // whole for weight in weights]
    left = [count * weight % whole for weight in weights]
    for at in sorted(range(len(weights)), key=lambda at: (-left[at], -weights[at], at))[
        : count - sum(seats)
    ]:
        seats[at] += 1
    assert list(apportion(count, parts).values()) == seats


@given(places, villages())
@many
def test_nobody_is_a_whole_place_off_the_common_scale(count: int, parts: list[Part]) -> None:
    given_ = apportion(count, parts)
    if count >= sum(part.cap for part in parts):
        return
    if sum(part.floor for part in parts) > count:
        parts = [replace(part, cap=part.floor, floor=0) for part in parts]
    low, high = 0.0, 100.0
    for _ in range(80):
        middle = (low + high) / 2
        total = sum(min(part.cap, max(part.floor, middle * part.weight)) for part in parts)
        low, high = (middle, high) if total < count else (low, middle)
    for part in parts:
        share = min(part.cap, max(part.floor, high * part.weight))
        assert math.floor(share - 1e-6) <= given_[part.code] <= math.ceil(share + 1e-6)


def test_ties_go_to_the_greater_weight_and_then_the_code() -> None:
    assert apportion(1, [Part("b", 1, 9), Part("a", 1, 9)]) == {"a": 1, "b": 0}
    # 4 places by 5 : 2 : 1 are 2.5, 1.0 and 0.5: the halves tie, and the heavier gets the place.
    assert apportion(4, [Part("a", 1, 9), Part("b", 2, 9), Part("c", 5, 9)]) == {
        "a": 0,
        "b": 1,
        "c": 3,
    }


def test_floors_that_do_not_fit_are_shared_by_weight() -> None:
    parts = share_caps({"a": 30, "b": 10, "c": 0}, "need", floor=5)
    assert apportion(8, parts) == {"a": 5, "b": 3, "c": 0}


def test_a_claim_without_weight_is_refused() -> None:
    with pytest.raises(ValueError, match="not a part"):
        Part("a", 0, 5)
    with pytest.raises(ValueError, match="not a part"):
        Part("a", 1, 5, floor=6)
