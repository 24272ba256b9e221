"""Classes of a choropleth."""

from __future__ import annotations

import math
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.classify import class_of, count_classes, list_breaks
from geo.view import METHODS

numbers = st.lists(
    st.none() | st.just(math.nan) | st.floats(0, 100, allow_nan=False).map(lambda v: round(v, 3)),
    max_size=60,
)


@given(numbers, st.sampled_from(METHODS), st.integers(3, 7))
def test_breaks_rise_and_put_every_value_somewhere(
    values: list[float | None], method: str, classes: int
) -> None:
    breaks = list_breaks(values, method, classes)
    assert list(breaks) == sorted(set(breaks))
    assert len(breaks) < classes
    placed = [class_of(value, breaks) for value in values]
    known = [value for value in values if value is not None and not math.isnan(value)]
    assert sum(count_classes(placed, len(breaks) + 1)) == len(known)
    assert placed.count(None) == len(values) - len(known)


@given(numbers, st.sampled_from(METHODS), st.integers(3, 7))
def test_the_order_of_the_areas_does_not_matter(
    values: list[float | None], method: str, classes: int
) -> None:
    assert list_breaks(values, method, classes) == list_breaks(values[::-1], method, classes)


@given(st.floats(0, 100), st.floats(0, 100))
def test_a_higher_value_is_never_in_a_lower_class(first: float, second: float) -> None:
    low, high = sorted((first, second))
    breaks = (5.0, 10.0, 20.0, 40.0)
    assert class_of(low, breaks) <= class_of(high, breaks)  # type: ignore[operator]


def test_quantiles_hold_as_many_areas_each() -> None:
    values = [float(n) for n in range(1, 26)]
    breaks = list_breaks(values, "quantile", 5)
    assert Counter(class_of(value, breaks) for value in values) == dict.fromkeys(range(5), 5)


@given(st.lists(st.floats(0, 100), min_size=2, max_size=60, unique=True), st.integers(3, 7))
def test_every_quantile_class_is_populated_however_close_the_values(
    values: list[float], classes: int
) -> None:
    breaks = list_breaks(values, "quantile", classes)
    counts = count_classes([class_of(value, breaks) for value in values], len(breaks) + 1)
    assert min(counts) > 0
    assert len(counts) == min(classes, len(values))


def test_rounding_moves_no_area_into_another_class() -> None:
    values = [0.0, 5.44, 5.46, 5.48, 100.0]
    breaks = list_breaks(values, "quantile", 5)
    assert [class_of(value, breaks) for value in values] == [0, 1, 2, 3, 4]


def test_equal_steps_are_equal() -> None:
    assert list_breaks([0.0, 3.0, 10.0], "equal", 5) == (2.0, 4.0, 6.0, 8.0)


def test_natural_breaks_part_the_clusters() -> None:
    values = [1.0, 1.1, 1.2, 5.0, 5.1, 5.2, 9.0, 9.1, 9.2]
    classes = [class_of(value, list_breaks(values, "natural", 3)) for value in values]
    assert classes == [0, 0, 0, 1, 1, 1, 2, 2, 2]


@pytest.mark.parametrize("values", [[], [None], [4.0], [4.0, 4.0, None]])
def test_too_few_values_make_one_class(values: list[float | None]) -> None:
    assert list_breaks(values, "quantile", 5) == ()


def test_no_data_is_in_no_class() -> None:
    assert class_of(None, (1.0,)) is None
    assert class_of(math.nan, (1.0,)) is None
    assert class_of(0.0, (1.0,)) == 0
    assert class_of(1.0, (1.0,)) == 0
    assert class_of(1.01, (1.0,)) == 1
