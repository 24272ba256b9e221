"""Displaced positions lie evenly in their ring."""

from __future__ import annotations

import numpy as np
import pytest

from geo.displace import FARTHEST_M, NEAREST_M, draw_offsets


def test_offsets_fill_the_ring_evenly() -> None:
    east, north = draw_offsets(40_000, np.random.default_rng(7))
    distance = np.hypot(east, north)
    assert NEAREST_M <= distance.min() < distance.max() <= FARTHEST_M
    # As many in the inner half of the ring's area as in the outer.
    middle = np.sqrt((NEAREST_M**2 + FARTHEST_M**2) / 2)
    assert np.mean(distance < middle) == pytest.approx(0.5, abs=0.01)
    quarters = np.histogram(np.arctan2(north, east), bins=4, range=(-np.pi, np.pi))[0]
    assert quarters == pytest.approx([10_000] * 4, rel=0.04)


def test_nobody_draws_the_same_ones_again() -> None:
    one = draw_offsets(5, np.random.default_rng())
    other = draw_offsets(5, np.random.default_rng())
    assert not np.allclose(one, other)
