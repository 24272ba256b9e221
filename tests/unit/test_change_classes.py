"""Changes: classes alike on both sides of zero, and colours that part under colour blindness."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.classify import class_of, count_classes, list_change_breaks
from geo.ramp import list_change_colours
from geo.view import METHODS

changes = st.lists(
    st.none() | st.just(math.nan) | st.floats(-50, 50, allow_nan=False).map(lambda v: round(v, 2)),
    max_size=60,
)
units = st.sampled_from((0.0, 0.005, 0.05, 0.5))
anything = st.floats(-100, 100, allow_nan=False)


@given(changes, st.sampled_from(METHODS), st.integers(3, 7), units, anything)
def test_a_change_and_its_opposite_lie_in_opposite_classes(
    values: list[float | None], method: str, classes: int, unit: float, value: float
) -> None:
    breaks = list_change_breaks(values, method, classes, unit)
    last = len(breaks)
    for one in (value, *breaks, unit, *(v for v in values if v is not None and math.isfinite(v))):
        here, there = class_of(one, breaks), class_of(-one, breaks)
        assert here is not None and there is not None
        assert here + there == last


@given(changes, st.sampled_from(METHODS), st.integers(3, 7), units)
def test_the_middle_class_holds_what_did_not_change(
    values: list[float | None], method: str, classes: int, unit: float
) -> None:
    breaks = list_change_breaks(values, method, classes, unit)
    assert list(breaks) == sorted(set(breaks))
    assert len(breaks) % 2 == 0
    assert 2 <= len(breaks) <= 2 * (classes // 2)
    middle = len(breaks) // 2
    for value in values:
        if value is None or math.isnan(value):
            continue
        number = class_of(value, breaks)
        assert number is not None
        assert (number == middle) == (abs(value) <= unit)
        assert (number < middle) == (value < -unit)


@given(changes, st.sampled_from(METHODS), st.integers(3, 7), units)
def test_neither_order_nor_sign_moves_the_breaks(
    values: list[float | None], method: str, classes: int, unit: float
) -> None:
    turned = [None if value is None else -value for value in reversed(values)]
    breaks = list_change_breaks(values, method, classes, unit)
    assert list_change_breaks(turned, method, classes, unit) == breaks


@given(changes, st.sampled_from(METHODS), st.integers(3, 7), units)
def test_every_known_change_is_counted_once(
    values: list[float | None], method: str, classes: int, unit: float
) -> None:
    breaks = list_change_breaks(values, method, classes, unit)
    known = [value for value in values if value is not None and math.isfinite(value)]
    counts = count_classes([class_of(value, breaks) for value in values], len(breaks) + 1)
    assert sum(counts) == len(known)


def test_steps_of_equal_width() -> None:
    values = [-6.0, -0.3, 0.0, 0.02, 0.5, 3.0]
    breaks = list_change_breaks(values, "equal", 7, 0.05)
    assert [round(edge, 6) for edge in breaks] == [-4.1, -2.2, -0.05, 0.05, 2.2, 4.1]
    assert [class_of(value, breaks) for value in values] == [0, 2, 3, 3, 4, 5]


# Colours -----------------------------------------------------------------------------------------

DIRECTIONS = ("high_is_bad", "high_is_good", "neutral")
# Machado, Oliveira and Fernandes (2009), severity 1, on linear RGB.
BLINDNESS = {
    "red": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216),
            (-0.003882, -0.048116, 1.051998)),
    "green": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413),
              (-0.011820, 0.042940, 0.968881)),
    "blue": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602),
             (0.004733, 0.691367, 0.303900)),
}  # fmt: skip


def to_linear(colour: str) -> np.ndarray:
    parts = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def to_lab(linear: np.ndarray) -> np.ndarray:
    """CIE L*a*b*, white D65."""
    to_xyz = np.array(
        [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    )
    xyz = to_xyz @ np.clip(linear, 0, 1) / (0.9505, 1.0, 1.089)
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("blindness", [None, *BLINDNESS])
def test_the_two_sides_part_under_every_colour_blindness(
    direction: str, dark: bool, blindness: str | None
) -> None:
    colours = list_change_colours(direction, 5, dark=dark)
    matrix = np.array(BLINDNESS[blindness]) if blindness else np.eye(3)
    labs = [to_lab(matrix @ to_linear(colour)) for colour in colours]
    for one in (0, 1):
        for other in (3, 4):
            # 10 is about the difference that is seen at a glance (CIE 1976).
            assert np.linalg.norm(labs[one] - labs[other]) > 12


@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize("count", [1, 3, 5, 7])
def test_the_sides_are_equally_light_and_run_away_from_the_middle(
    direction: str, count: int
) -> None:
    light = [to_lab(to_linear(c))[0] for c in list_change_colours(direction, count)]
    dark = [to_lab(to_linear(c))[0] for c in list_change_colours(direction, count, dark=True)]
    middle = count // 2
    for grey, sign in ((light, -1), (dark, 1)):
        rising = [sign * value for value in grey[middle:]]
        assert rising == sorted(rising)
        assert all(abs(one - other) < 5 for one, other in zip(grey, reversed(grey), strict=True))


def test_the_better_side_is_one_colour_whatever_is_good() -> None:
    assert list_change_colours("high_is_bad", 5)[0] == list_change_colours("high_is_good", 5)[-1]
    assert list_change_colours("high_is_bad", 5)[-1] == list_change_colours("high_is_good", 5)[0]
