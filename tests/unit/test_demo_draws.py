"""The seeded draws."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from db.demo.draws import apportion, draw_codes, rank_within


@given(
    st.integers(0, 10_000),
    st.lists(st.floats(0, 1e3), min_size=1, max_size=40).filter(lambda w: sum(w) > 1e-3),
)
def test_parts_sum_to_the_whole_and_lie_within_one_of_their_share(
    total: int, weights: list[float]
) -> None:
    exact = total * np.array(weights) / sum(weights)
    parts = apportion(total, np.array(weights))
    assert parts.sum() == total
    assert (np.abs(parts - exact) < 1 + 1e-6).all()


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=50))
def test_ranks_number_each_group_from_zero(pairs: list[tuple[int, int]]) -> None:
    keys = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    ranks = rank_within(keys[:, 0], keys[:, 1]).tolist()
    assert ranks == [pairs[:place].count(pair) for place, pair in enumerate(pairs)]


def test_a_share_of_zero_is_never_drawn() -> None:
    shares = np.array([[0.0, 1.0, 0.0], [2.0, 0.0, 0.0]])
    row = np.repeat([0, 1], 1_000)
    drawn = draw_codes(np.random.default_rng(1), shares, row)
    assert set(drawn[:1_000]) == {1}
    assert set(drawn[1_000:]) == {0}
