"""How old data may get: limits per kind, a source's own before them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.models.areas import SOURCE_KINDS
from geo.freshness import LIMITS_DAYS, age_in_days, judge_freshness, limits_of

ORDER = ("fresh", "amber", "red")
DAYS = st.integers(0, 10_000)


def test_every_kind_of_source_has_limits() -> None:
    assert set(LIMITS_DAYS) == set(SOURCE_KINDS)


@pytest.mark.parametrize(
    ("age", "freshness"),
    [(-3, "fresh"), (0, "fresh"), (179, "fresh"), (180, "amber"), (364, "amber"), (365, "red")],
)
def test_a_register_ages(age: int, freshness: str) -> None:
    assert judge_freshness(age, limits_of("register", None, None)) == freshness


@given(st.sampled_from(SOURCE_KINDS), st.none() | DAYS, st.none() | DAYS, DAYS, DAYS)
def test_nothing_gets_fresher_by_waiting(
    kind: str, amber: int | None, red: int | None, age: int, more: int
) -> None:
    limits = limits_of(kind, amber, red)
    assert limits[0] <= limits[1]
    before, after = (judge_freshness(days, limits) for days in (age, age + more))
    assert ORDER.index(before) <= ORDER.index(after)
    assert red is None or judge_freshness(red, limits) == "red"


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 10_000))
def test_an_age_is_counted_in_days(as_of: date, days: int) -> None:
    assert age_in_days(as_of, as_of + timedelta(days=days)) == days
