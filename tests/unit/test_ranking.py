"""Who comes first has a reason, and no order of rows has a say in it."""

from __future__ import annotations

import hashlib
import json
import random
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.apportion import apportion, share_caps
from geo.plan_notes import describe_note, describe_reasons, list_notes
from geo.plan_settings import PlanSettings, Ranking, Split
from geo.ranking import UNKNOWN_DECILE, Candidates, choose, explain, rank_candidates

DAY = date(2026, 11, 25)
many = settings(max_examples=200, deadline=None)
Row = tuple[int, str, bool, int, int, date, int]


@st.composite
def households(draw: st.DrawFn, most: int = 40) -> list[Row]:
    # From few values, so that everything ties with something.
    dice = random.Random(draw(st.integers(0, 2**32)))
    numbers = dice.sample(range(1, 1_000), draw(st.integers(0, most)))
    return [
        (
            number,
            dice.choice(["v1", "v2", "v3"]),
            dice.random() < 0.3,
            dice.choice([1, 1, 2, 3, UNKNOWN_DECILE]),
            dice.choice([0, 1, 2, 12]),
            DAY - timedelta(days=dice.choice([0, 30, 31, 400, 9_000])),
            dice.choice([1, 4, 5]),
        )
        for number in numbers
    ]


weightings = st.fixed_dictionaries(
    {key: st.integers(0, 100) for key in ("decile", "needs", "waiting")}
).filter(lambda weights: any(weights.values()))


def as_columns(rows: list[Row]) -> Candidates:
    ids, areas, first, deciles, needs, waiting, members = (
        zip(*rows, strict=True) if rows else [()] * 7
    )
    return Candidates(
        ids=np.array(ids, np.int64),
        villages=np.array([int(area[1]) - 1 for area in areas], np.int64),
        is_first=np.array(first, bool),
        deciles=np.array(deciles, np.int16),
        needs=np.array(needs, np.int16),
        waiting_since=np.array(waiting, "datetime64[D]"),
        members=np.array(members, np.int16),
        codes=("v1", "v2", "v3"),
    )


def make_list(
    rows: list[Row], weights: dict[str, int], places: int, by_area: dict[str, int] | None = None
) -> list[tuple[int, dict[str, Any]]]:
    columns = as_columns(rows)
    order = rank_candidates(columns, weights, day=DAY, seed="x")
    chosen = choose(columns, order, places, by_area)
    return list(
        zip(
            columns.ids[chosen].tolist(),
            explain(columns, order, chosen, by_area=by_area),
            strict=True,
        )
    )


def score_by_hand(row: Row, weights: dict[str, int]) -> tuple[Any, ...]:
    number, _, is_first, decile, needs, since, members = row
    months = (DAY.year - since.year) * 12 + DAY.month - since.month - (since.day > DAY.day)
    score = (
        weights["decile"] * (0 if decile == UNKNOWN_DECILE else 110 - 10 * decile)
        + weights["needs"] * min(100, 10 * needs)
        + weights["waiting"] * min(100, months)
    )
    lot = hashlib.sha256(f"x:{number}".encode()).hexdigest()
    return (not is_first, -score, decile, -needs, since, -members, lot)


@given(households(), weightings, st.integers(0, 60))
@many
def test_the_list_is_the_head_of_everybody_sorted_by_the_rule(
    rows: list[Row], weights: dict[str, int], places: int
) -> None:
    by_hand = sorted(rows, key=lambda row: score_by_hand(row, weights))
    assert [number for number, _ in make_list(rows, weights, places)] == [
        row[0] for row in by_hand[:places]
    ]


@given(households(), weightings, st.integers(0, 60), st.booleans(), st.integers(0, 2**32))
@many
def test_the_order_of_rows_changes_nothing_and_nobody_is_taken_twice(
    rows: list[Row], weights: dict[str, int], places: int, is_split: bool, seed: int
) -> None:
    by_area = {"v1": places // 3, "v2": 2, "v3": 0} if is_split else None
    shuffled = list(rows)
    random.Random(seed).shuffle(shuffled)
    made = make_list(rows, weights, places, by_area)
    assert json.dumps(make_list(shuffled, weights, places, by_area)) == json.dumps(made)
    assert len({number for number, _ in made}) == len(made)


@given(households(), weightings, st.integers(0, 30), st.integers(0, 30))
@many
def test_a_bigger_quota_holds_the_smaller_list(
    rows: list[Row], weights: dict[str, int], places: int, more: int
) -> None:
    small, large = make_list(rows, weights, places), make_list(rows, weights, places + more)
    assert large[: len(small)] == small


@given(households(), weightings)
@many
def test_who_is_in_greater_need_in_everything_never_ranks_below(
    rows: list[Row], weights: dict[str, int]
) -> None:
    rank = {number: at for at, (number, _) in enumerate(make_list(rows, weights, len(rows)))}
    for one in rows:
        for other in rows:
            is_better = (
                one[2] >= other[2]
                and one[3] <= other[3]
                and one[4] >= other[4]
                and one[5] <= other[5]
                and one[6] >= other[6]
            )
            if is_better and one[2:] != other[2:]:
                assert rank[one[0]] < rank[other[0]]


@given(households(), weightings, st.integers(1, 60), st.sampled_from(["need", "equal"]))
@many
def test_each_village_gets_its_own_first(
    rows: list[Row], weights: dict[str, int], places: int, by: str
) -> None:
    counts = {code: sum(1 for row in rows if row[1] == code) for code in ("v1", "v2", "v3")}
    by_area = apportion(places, share_caps(counts, by))
    made = make_list(rows, weights, places, by_area)
    assert len(made) == min(places, len(rows))
    for code, room in by_area.items():
        own = sorted((r for r in rows if r[1] == code), key=lambda r: score_by_hand(r, weights))
        mine = [
            (n, reasons) for n, reasons in made if any(r[0] == n and r[1] == code for r in rows)
        ]
        assert [n for n, _ in mine] == [row[0] for row in own[:room]]
        assert [reasons["place"] for _, reasons in mine] == list(range(1, len(mine) + 1))
        assert all(reasons["places"] == room for _, reasons in mine)


@given(households(), weightings)
@many
def test_what_parted_a_household_from_the_one_before_is_said(
    rows: list[Row], weights: dict[str, int]
) -> None:
    names = ("first", "score", "decile", "needs", "waiting", "members", "lot")
    known = {row[0]: score_by_hand(row, weights) for row in rows}
    made = make_list(rows, weights, len(rows))
    for (before, _), (number, reasons) in pairwise(made):
        pairs = zip(names, known[before], known[number], strict=True)
        assert reasons["decided_by"] == next(name for name, a, b in pairs if a != b)
        assert all(map(str, describe_reasons(reasons)))
    if made:
        assert made[0][1]["decided_by"] is None


@given(
    st.dictionaries(st.sampled_from([f"v{n}" for n in range(9)]), st.integers(0, 30)),
    st.integers(1, 200),
    st.sampled_from(["none", "need", "equal"]),
    st.integers(0, 6),
    st.none() | st.integers(6, 12),
)
@many
def test_places_that_nobody_gets_are_always_explained(
    counts: dict[str, int], places: int, by: str, floor: int, most: int | None
) -> None:
    split = Split(by) if by == "none" else Split(by, floor, most)
    asked = PlanSettings("2026", quota=places, ranking=Ranking(), split=split)
    if by == "none":
        given_ = {"all": min(places, sum(counts.values()))}
    else:
        given_ = apportion(places, share_caps(counts, by, floor, most))
    notes = list_notes(asked, counts, given_)
    assert sum(note.get("left", 0) for note in notes) == places - sum(given_.values())
    assert all(str(describe_note(note)) for note in notes)


def test_money_that_is_not_enough_for_one_more_is_named() -> None:
    asked = PlanSettings("2026", budget_idr=12_000_000, unit_cost_idr=5_000_000)
    assert asked.places == 2
    assert list_notes(asked, {"v": 9}, {"v": 2}) == [{"kind": "money_left", "amount": 2_000_000}]


def test_an_unknown_decile_gives_no_points_and_comes_after_known_ones() -> None:
    since = date(2026, 11, 1)
    rows: list[Row] = [
        (1, "v1", False, UNKNOWN_DECILE, 0, since, 9),
        (2, "v1", False, 10, 0, since, 1),
    ]
    made = make_list(rows, {"decile": 1, "needs": 0, "waiting": 0}, 2)
    assert [(number, reasons["score"], reasons["decile"]) for number, reasons in made] == [
        (2, 10.0, 10),
        (1, 0.0, None),
    ]
