"""Rows of a file and the households of the register, measured on files whose truth is known."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.bench.matching import FILES, draw_heads, measure_file, measure_matching
from db.demo.retyping import as_people, retype
from geo.matching import (
    JOIN_FROM,
    REVIEW_FROM,
    Candidates,
    People,
    Person,
    decide,
    explain,
    explain_all,
    find_candidates,
)
from geo.matching.compare import compare, sum_points
from geo.matching.people import encode, read_address
from geo.matching.rules import apply_rules, tell_kinds
from geo.matching.weights import JOIN_POINTS, LEVELS

DESA, OTHER_DESA = "35.10.01.2001", "35.10.02.2001"
BUDI = Person(
    "3510010504709001", "3510011002129001", "Budi Santoso", date(1970, 4, 5), "male",
    "Dusun Krajan, RT 01 RW 02", DESA,
)  # fmt: skip
NOBODY = Person(None, None, None, None, None, None, None)


@pytest.fixture(scope="module")
def heads() -> pd.DataFrame:
    return draw_heads(6_000)


def people_of(*persons: Person) -> People:
    columns = zip(*persons, strict=True) if persons else [[] for _ in Person._fields]
    return People(*(list(column) for column in columns))  # type: ignore[arg-type]


def join(incoming: Person, *register: Person) -> list[int]:
    """Return the row of the register that one row is joined to, if any."""
    joins = decide(find_candidates(people_of(incoming), people_of(*register))).joins
    return joins.register.tolist()


def review(incoming: Person, *register: Person) -> list[int]:
    """Return the rows of the register that somebody is shown for one row."""
    return decide(
        find_candidates(people_of(incoming), people_of(*register))
    ).reviews.register.tolist()


# Measured on files typed again


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_joins_are_right_and_known_families_are_found(heads: pd.DataFrame, seed: int) -> None:
    figures, _ = measure_file(heads, seed)
    assert figures.joined > 500
    assert figures.precision >= 0.995
    assert figures.recall >= 0.95


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize(("kind", "recall"), [("aid list", 0.93), ("name and birth date", 0.94)])
def test_joins_of_files_that_say_little_are_right(
    heads: pd.DataFrame, kind: str, recall: float, seed: int
) -> None:
    figures, _ = measure_file(heads, seed, FILES[kind])
    assert figures.joined > 500
    assert figures.precision >= 0.995
    assert figures.recall >= recall


def test_names_and_desa_alone_are_never_joined(heads: pd.DataFrame) -> None:
    figures, decision = measure_file(heads, 1, ("name", "area_code"))
    assert figures.joined == 0
    assert len(decision.reviews) > 1_000


def test_twins_and_fathers_are_not_joined_where_numbers_or_dates_tell_them_apart(
    heads: pd.DataFrame,
) -> None:
    for seed in (1, 2, 3):
        file = retype(heads, seed)
        joins = decide(find_candidates(as_people(file.rows), as_people(heads))).joins
        wrong = joins.incoming[file.truth[joins.incoming] != joins.register].tolist()
        told_apart = [
            row
            for row in wrong
            if file.habits[row] & {"twin", "father_or_son"}
            and not file.habits[row] & {"nik_missing", "nik_mistyped", "date_missing"}
        ]
        assert told_apart == []


def test_the_order_of_the_rows_plays_no_part(heads: pd.DataFrame) -> None:
    file = retype(heads, 4)
    chance = np.random.default_rng(4)
    mine, theirs = chance.permutation(len(file.rows)), chance.permutation(len(heads))
    plain = decide(find_candidates(as_people(file.rows), as_people(heads)))
    shuffled = decide(
        find_candidates(as_people(file.rows.iloc[mine]), as_people(heads.iloc[theirs]))
    )
    for one, other in zip(plain, shuffled, strict=True):
        pairs = set(zip(one.incoming.tolist(), one.register.tolist(), strict=True))
        back = zip(mine[other.incoming].tolist(), theirs[other.register].tolist(), strict=True)
        assert pairs == set(back)


def test_rows_of_the_register_are_joined_once_and_rows_are_joined_or_reviewed(
    heads: pd.DataFrame,
) -> None:
    file = retype(heads, 5, columns=FILES["aid list"])
    candidates = find_candidates(as_people(file.rows), as_people(heads), per_row=2)
    joins, reviews = decide(candidates)
    assert np.bincount(candidates.incoming).max() == 2
    assert (candidates.score >= REVIEW_FROM - 1e-9).all() and (candidates.score <= 1).all()
    assert len(set(joins.register.tolist())) == len(set(joins.incoming.tolist())) == len(joins)
    assert (joins.score >= JOIN_FROM - 1e-9).all()
    assert not set(joins.incoming.tolist()) & set(reviews.incoming.tolist())
    assert set(candidates.incoming.tolist()) == {
        *joins.incoming.tolist(),
        *reviews.incoming.tolist(),
    }
    order = np.lexsort((-candidates.score, candidates.incoming))
    assert (order == np.arange(len(order))).all()


def test_the_blocks_lose_no_pair_that_would_be_joined(heads: pd.DataFrame) -> None:
    some = heads[heads["area_code"].isin(heads["area_code"].unique()[:8])].head(400)
    file = retype(some, 6)
    incoming, register = as_people(file.rows), as_people(some)
    mine, theirs, vocabulary = encode(incoming, register)
    one, other = (side.ravel() for side in np.indices((len(incoming), len(register))))
    levels = compare(mine.take(one), theirs.take(other), vocabulary, all_names=True)
    kinds = tell_kinds(levels, np.isin(mine.kk, theirs.kk)[one] & (mine.kk[one] > 0))
    points = apply_rules(sum_points(levels), levels, kinds, heads=True)
    sure = points >= JOIN_POINTS
    wanted = set(zip(one[sure].tolist(), other[sure].tolist(), strict=True))
    found = find_candidates(incoming, register, per_row=len(register))
    assert len(wanted) > 200
    assert wanted <= set(zip(found.incoming.tolist(), found.register.tolist(), strict=True))


def test_a_pair_is_explained_as_it_was_scored(heads: pd.DataFrame) -> None:
    file = retype(heads.head(800), 8)
    incoming, register = as_people(file.rows), as_people(heads.head(800))
    candidates = find_candidates(incoming, register)
    cards = {kk for kk in register.kk if kk}
    chosen = candidates.take(np.arange(0, len(candidates), 3))
    for place, explained in enumerate(explain_all(chosen)):
        row = incoming.row(int(chosen.incoming[place]))
        alone = explain(
            row, register.row(int(chosen.register[place])), is_card_elsewhere=row.kk in cards
        )
        assert alone.reasons == explained.reasons
        assert alone.kind == explained.kind
        assert alone.score == pytest.approx(explained.score)


def test_the_measurement_tells_of_each_kind_of_file() -> None:
    said: list[str] = []
    figures = measure_matching(1_000, said.append)
    assert set(figures) == {*FILES, "every row scored"}
    assert figures["register"]["exact"] > 500
    assert " of " in figures["register"]["by_habit"]["nik_missing"]
    assert "nik_missing" not in figures["aid list"]["by_habit"]
    assert said[0] == "Inventing 1,000 households"


# Cases of their own


def test_a_changed_nik_is_joined_when_all_the_rest_agrees() -> None:
    changed = BUDI._replace(nik="3510010504705123")
    assert join(changed, BUDI) == [0]
    assert explain(changed, BUDI).kind == "nik_changed"
    elsewhere = changed._replace(kk="3510011002147777", address="Dusun Pasar, RT 05 RW 09")
    assert join(elsewhere, BUDI) == []
    assert review(elsewhere, BUDI) == [0]


@pytest.mark.parametrize("nik", ["3510010504799001", "3510015004709001", "3510100504709001"])
def test_a_mistyped_nik_is_joined(nik: str) -> None:
    typed = BUDI._replace(nik=nik, kk=None, address=None)
    assert explain(typed, BUDI).reasons[0].agreement == "similar"
    assert join(typed, BUDI) == [0]


def test_a_family_that_moved_is_found_in_its_old_desa() -> None:
    moved = BUDI._replace(
        nik=None, kk=None, address="Dusun Pasar, RT 01 RW 02", area_code=OTHER_DESA
    )
    assert explain(moved, BUDI).kind == "moved"
    assert explain(moved, BUDI).reasons[5].agreement == "missing"
    assert review(moved, BUDI) == [0]
    assert join(moved._replace(kk=BUDI.kk), BUDI) == [0]


def test_a_card_under_a_new_head_is_shown_to_somebody() -> None:
    widow = BUDI._replace(
        nik="3510014511745005", name="Sri Wahyuni", birth_date=date(1974, 11, 5), sex="female"
    )
    assert explain(widow, BUDI).kind == "new_head"
    assert review(widow, BUDI) == [0]
    candidates = find_candidates(people_of(widow), people_of(BUDI), heads=False)
    assert len(candidates) == 0


def test_a_card_of_another_household_is_shown_to_somebody() -> None:
    other = BUDI._replace(
        nik="3510010101805005", kk="3510011002149999", name="Slamet", birth_date=date(1980, 1, 1)
    )
    merged = BUDI._replace(nik=None, kk=other.kk)
    candidates = find_candidates(people_of(merged), people_of(BUDI, other))
    kinds = {
        row: found.kind
        for row, found in zip(candidates.register.tolist(), explain_all(candidates), strict=True)
    }
    assert kinds == {0: "merged_kk", 1: "new_head"}
    assert join(merged, BUDI, other) == []


@pytest.mark.parametrize("years", [-35, -30, -20, 20, 25, 30])
def test_father_and_son_of_one_name_in_one_house_are_never_joined(years: int) -> None:
    son = BUDI._replace(nik=None, birth_date=date(1970 + years, 4, 5))
    assert join(son, BUDI) == []
    assert review(son, BUDI) == [0]
    assert explain(son, BUDI).kind == "same_name"


@pytest.mark.parametrize(
    ("one", "other"),
    [("Hasan", "Husen"), ("Imam Hasan", "Imam Hasin"), ("Rini", "Rina"), ("Siti Ani", "Siti Ana")],
)
@pytest.mark.parametrize("with_numbers", [True, False])
def test_twins_are_never_joined(one: str, other: str, with_numbers: bool) -> None:
    first = BUDI._replace(name=one)
    second = BUDI._replace(name=other, nik="3510010504709002" if with_numbers else None)
    assert join(second, first) == []
    assert join(second, first, second._replace(nik="3510010504709002")) == [1]


def test_two_of_one_name_are_left_to_somebody() -> None:
    listed = NOBODY._replace(name="BUDI SANTOSO", address="RT 1/RW 2", area_code=DESA)
    namesake = BUDI._replace(
        nik="3510010707805005", kk="3510011002155555", birth_date=date(1980, 7, 7)
    )
    assert join(listed, BUDI) == [0]
    assert join(listed, BUDI, namesake) == []
    assert sorted(review(listed, BUDI, namesake)) == [0, 1]


def test_two_rows_of_a_file_never_share_a_household() -> None:
    decision = decide(find_candidates(people_of(BUDI._replace(nik=None), BUDI), people_of(BUDI)))
    assert len(decision.joins) == 0
    assert sorted(decision.reviews.incoming.tolist()) == [0, 1]


def test_single_words_and_other_houses_are_not_joined_without_date_or_number() -> None:
    listed = NOBODY._replace(name="SLAMET", address="RT 1/RW 2", area_code=DESA)
    assert join(listed, BUDI._replace(name="Slamet")) == []
    assert review(listed, BUDI._replace(name="Slamet")) == [0]
    listed = listed._replace(name="BUDI SANTOSO", address="RT 3/RW 2")
    assert join(listed, BUDI) == []
    assert review(listed, BUDI) == [0]


def test_a_village_of_five_hundred_siti_is_matched() -> None:
    village = [
        BUDI._replace(nik=None, kk=None, name="Siti Aminah", birth_date=date(1950, 1, 2))
        for _ in range(500)
    ]
    candidates = find_candidates(people_of(*village), people_of(*village))
    assert len(decide(candidates).joins) == 0


# Laws

persons = st.builds(
    Person,
    nik=st.sampled_from([None, BUDI.nik, "3510010504709002", "3510100504709001", "123"]),
    kk=st.sampled_from([None, BUDI.kk, "3510011002129002", "3510012002129001"]),
    name=st.sampled_from(
        [None, "", "Budi", "BUDI S.", "Budi Santoso", "Bd Santoso", "Siti", "Rina"]
    ),
    birth_date=st.sampled_from([None, date(1970, 4, 5), date(1970, 5, 4), date(1970, 1, 1)]),
    sex=st.sampled_from([None, "male", "female"]),
    address=st.sampled_from([None, "", "RT 1 RW 2", "Dsn Krajan", "Krajan RT 1/RW 3"]),
    area_code=st.sampled_from([None, DESA, OTHER_DESA]),
)


@given(persons, persons)
def test_it_makes_no_difference_which_side_a_row_is_on(one: Person, other: Person) -> None:
    assert explain(one, other) == explain(other, one)


@given(st.lists(persons, max_size=6), st.lists(persons, max_size=6))
def test_any_rows_can_be_matched(incoming: list[Person], register: list[Person]) -> None:
    candidates = find_candidates(people_of(*incoming), people_of(*register))
    assert isinstance(candidates, Candidates)
    joins, _ = decide(candidates)
    assert len(set(joins.register.tolist())) == len(joins)


@given(persons)
def test_a_row_that_says_nothing_matches_nobody(person: Person) -> None:
    assert len(find_candidates(people_of(NOBODY), people_of(person))) == 0


def test_columns_of_different_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="differ in length"):
        People([None], [], [], [], [], [], [])


def test_levels_are_worth_more_the_better_they_agree() -> None:
    for levels in LEVELS:
        points = [level.points for level in levels[1:]]
        assert points == sorted(points)
        assert points[0] < 0 < points[-1]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Dusun Krajan, RT 01 RW 02", ("KRAJAN", 1, 2)),
        ("DSN. KRAJAN RT.001/RW.002", ("KRAJAN", 1, 2)),
        ("krajan rt/rw 1/2", ("KRAJAN", 1, 2)),
        ("RT 3", ("", 3, -1)),
        ("Jl. Mawar No. 5", ("MAWAR", -1, -1)),
        ("", ("", -1, -1)),
    ],
)
def test_addresses_are_read(text: str, read: tuple[str, int, int]) -> None:
    assert read_address(text) == read
