"""Settings of a plan are read whole, or refused with the words that are wrong."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.plan_settings import (
    RANKINGS,
    SPLITS,
    VILLAGES,
    InvalidSettings,
    PlanSettings,
    Ranking,
    Split,
    parse_settings,
)

TODAY = date(2026, 11, 25)
GOOD = {"period": "2026", "quota": 100}


@st.composite
def all_settings(draw: st.DrawFn) -> PlanSettings:
    by = draw(st.sampled_from(SPLITS))
    floor = 0 if by == "none" else draw(st.integers(0, 50))
    most = None if by == "none" else draw(st.none() | st.integers(max(1, floor), 90))
    unit_cost = draw(st.none() | st.integers(1, 10**9))
    budget = draw(st.none() | st.integers(unit_cost, 10**13)) if unit_cost else None
    quotas = st.integers(1, 10**6)
    weight = st.integers(1, 100)
    return PlanSettings(
        period=draw(st.sampled_from(["2026", "2026-S1", "2026-Q4", "2026-12"])),
        quota=draw(quotas if budget is None else st.none() | quotas),
        budget_idr=budget,
        unit_cost_idr=unit_cost,
        ranking=Ranking(
            draw(st.sampled_from(RANKINGS)), {"decile": draw(weight), "needs": 0, "waiting": 7}
        ),
        puts_first=draw(st.booleans()),
        split=Split(by, floor, most),
        villages=draw(st.sampled_from(VILLAGES)),
        due_on=draw(st.none() | st.dates(TODAY)),
        lot=draw(st.sampled_from(["", "kanggo riko 2026"])),
    )


@given(all_settings())
@settings(deadline=None)
def test_what_is_written_is_read_the_same(asked: PlanSettings) -> None:
    assert parse_settings(json.loads(json.dumps(asked.to_json())), today=TODAY) == asked
    assert asked.places >= 1


def test_numbers_are_read_as_people_type_them() -> None:
    asked = parse_settings(
        {
            "period": "2026",
            "quota": "",
            "budget_idr": "Rp 4.725.000.000",
            "unit_cost_idr": "2500000",
        }
    )
    assert (asked.budget_idr, asked.unit_cost_idr, asked.places) == (
        4_725_000_000,
        2_500_000,
        1_890,
    )


def test_the_smaller_of_quota_and_money_counts() -> None:
    money = {"period": "2026", "budget_idr": 10, "unit_cost_idr": 3}
    assert parse_settings(money | {"quota": 2}).places == 2
    assert parse_settings(money | {"quota": 9}).places == 3


@pytest.mark.parametrize(
    ("told", "field", "words"),
    [
        ({"quota": -5}, "quota", "negatif: -5"),
        ({"quota": "-1.000"}, "quota", "negatif: -1000"),
        ({"quota": 0}, "quota", "paling sedikit 1"),
        ({"quota": 2_000_000}, "quota", "paling banyak 1000000"),
        ({"quota": "banyak"}, "quota", "“banyak” bukan bilangan bulat"),
        ({"quota": 1.5}, "quota", "“1.5” bukan bilangan bulat"),
        ({"quota": True}, "quota", "bukan bilangan bulat"),
        ({"quota": "9" * 5_000}, "quota", "bukan bilangan bulat"),
        ({"quota": None}, "quota", "kuota, anggaran, atau keduanya"),
        ({"budget_idr": 5_000_000}, "unit_cost_idr", "biaya per keluarga"),
        ({"budget_idr": -1, "unit_cost_idr": 1}, "budget_idr", "negatif"),
        ({"budget_idr": 10**14, "unit_cost_idr": 1}, "budget_idr", "di luar batas"),
        ({"budget_idr": 99, "unit_cost_idr": 100}, "budget_idr", "lebih kecil"),
        ({"unit_cost_idr": 2 * 10**9}, "unit_cost_idr", "di luar batas"),
        ({"ranking": {"by": "weights"}}, "ranking.weights", "Semua bobot nol"),
        (
            {"ranking": {"by": "weights", "weights": {"decile": 101}}},
            "ranking.weights.decile",
            "paling banyak 100",
        ),
        ({"ranking": {"weights": {"luck": 1}}}, "ranking.weights", "“luck”"),
        ({"ranking": {"by": "height"}}, "ranking.by", "“height”"),
        ({"ranking": "decile"}, "ranking", "“ranking” tidak dapat dibaca"),
        ({"split": {"by": "need", "floor": 9, "most": 5}}, "split.floor", "(9) melebihi"),
        ({"split": {"by": "none", "floor": 2}}, "split.by", "antardesa"),
        ({"split": {"by": "need", "most": 0}}, "split.most", "paling sedikit 1"),
        ({"villages": "kota"}, "villages", "“kota”"),
        ({"period": "next year"}, "period", "2026-S1"),
        ({"period": None}, "period", "2026-S1"),
        ({"due_on": "2026-11-24"}, "due_on", "sudah lewat"),
        ({"due_on": "31-12-2026"}, "due_on", "bukan tanggal"),
        ({"puts_first": "maybe"}, "puts_first", "tidak dapat dibaca"),
        ({"lot": "x" * 81}, "lot", "80 huruf"),
        ({"qouta": 5}, "qouta", "“qouta” tidak dikenal"),
    ],
)
def test_what_no_plan_can_be_is_refused_with_its_words(
    told: dict[str, Any], field: str, words: str
) -> None:
    with pytest.raises(InvalidSettings) as refused:
        parse_settings(GOOD | told, today=TODAY)
    assert refused.value.field_name == field
    assert words in str(refused.value)


def test_a_due_date_that_passed_is_still_read_from_what_was_stored() -> None:
    assert parse_settings(GOOD | {"due_on": "2020-01-01"}).due_on == date(2020, 1, 1)
