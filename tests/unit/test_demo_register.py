"""The invented register: its laws, without a database."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
import shapely

from db.catalogue import NEED_BITS, PROGRAMME_BITS, PROGRAMMES
from db.demo.outline import draw_features
from db.demo.register import Register, draw_register
from db.demo.statistics import count_families, draw_indicators
from geo.nik import check_kk, check_nik

SEED = 7
PERSONAL_PROGRAMMES = [row.code for row in PROGRAMMES if row.given_to == "person"]
SCHOOL_PROGRAMMES = [row.code for row in PROGRAMMES if row.domain == "education"]


@pytest.fixture(scope="module")
def areas() -> pd.DataFrame:
    features = draw_features()["features"]
    rows = [{**f["properties"], "geom": shapely.geometry.shape(f["geometry"])} for f in features]
    return pd.DataFrame(rows).rename(columns={"parent": "parent_code"})


@pytest.fixture(scope="module")
def register(areas: pd.DataFrame) -> Register:
    return draw_register(areas, 6_000, SEED)


def hash_rows(register: Register) -> list[int]:
    tables = (register.households, register.people, register.aid)
    return [int(pd.util.hash_pandas_object(table).sum()) for table in tables]


def has_bit(mask: pd.Series, bit: int) -> np.ndarray:
    return (mask.to_numpy() >> bit & 1).astype(bool)


def test_the_same_seed_gives_the_same_rows(areas: pd.DataFrame) -> None:
    first, second, third = (draw_register(areas, 500, seed) for seed in (1, 1, 2))
    assert hash_rows(first) == hash_rows(second)
    assert hash_rows(first) != hash_rows(third)


@pytest.mark.parametrize("count", [0, 1, 2, 216, 500])
@pytest.mark.parametrize("village_count", [1, 3, 217])
def test_as_many_households_as_asked_for(
    areas: pd.DataFrame, count: int, village_count: int
) -> None:
    register = draw_register(areas.head(village_count), count, SEED)
    assert len(register.households) == count
    assert register.villages["household_count"].sum() == count
    assert (register.villages["household_count"] <= register.villages["family_count"]).all()


def test_every_located_household_lies_in_its_village(register: Register) -> None:
    located = register.households.dropna(subset="longitude")
    geoms = register.villages["geom"].to_numpy()[located["village"]]
    assert shapely.contains_xy(geoms, located["longitude"], located["latitude"]).all()


def test_a_position_has_a_source_and_an_accuracy(register: Register) -> None:
    households = register.households
    unlocated = households["longitude"].isna()
    assert (households["accuracy_m"].isna() == unlocated).all()
    assert (households["location_source"].isna() == unlocated).all()
    assert 0.02 < unlocated.mean() < 0.07
    by_gps = households[households["location_source"] == "gps"]
    assert by_gps["accuracy_m"].between(3, 15).all()


def test_some_families_share_one_point(register: Register) -> None:
    places = register.households.dropna(subset="longitude").groupby(["longitude", "latitude"])
    piles = places.size()[lambda size: size > 1]
    assert 3 <= len(piles) <= 10
    assert piles.max() >= 10


def test_some_villages_have_fewer_than_five_and_one_has_none(register: Register) -> None:
    counts = sorted(register.villages["household_count"])
    assert counts[0] == 0
    assert 0 < counts[1] <= counts[3] < 5


def test_rates_lie_between_4_and_20_percent_and_resemble_their_neighbours(
    register: Register,
) -> None:
    villages = register.villages[register.villages["household_count"] >= 10]
    rate = (villages["household_count"] / villages["family_count"]).to_numpy()
    assert 0.035 < rate.min() < 0.06
    assert 0.13 < rate.max() < 0.21
    x_m, y_m = villages["x_m"].to_numpy(), villages["y_m"].to_numpy()
    distance_m = np.hypot(x_m[:, None] - x_m, y_m[:, None] - y_m)
    neighbours = np.argsort(distance_m, axis=1)[:, 1:6]
    assert np.corrcoef(rate, rate[neighbours].mean(axis=1))[0, 1] > 0.4


def test_niks_are_sound_unique_and_nobodys(register: Register) -> None:
    people = register.people
    assert people["nik"].is_unique
    born = [day.date() for day in people["birth_date"]]
    rows = zip(people["nik"].astype(str), born, people["sex"], strict=True)
    assert {check_nik(nik, birth_date=day, sex=sex) for nik, day, sex in rows} == {None}
    assert (people["nik"] % 10_000 >= 9000).all()


def test_cards_are_sound_and_unique(register: Register) -> None:
    cards = register.households["kk"]
    assert cards.is_unique
    assert {check_kk(card) for card in cards.astype(str)} == {None}


def test_ages_and_roles_fit_together(register: Register) -> None:
    people = register.people
    household = people["household"].to_numpy()
    head = people[people["relationship"] == "head"].set_index("household")
    assert head.index.tolist() == list(range(len(register.households)))
    assert (people["birth_date"] <= pd.Timestamp(date(2026, 6, 30))).all()
    head_age = head["age"].to_numpy()[household]
    age = people["age"].to_numpy()
    relationship = people["relationship"].to_numpy()
    assert (age[relationship == "head"] >= 19).all()
    assert (head_age - age)[relationship == "child"].min() >= 15
    assert (age - head_age)[relationship == "parent"].min() >= 15
    assert set(people.loc[relationship == "spouse", "marital_status"]) == {"married"}
    assert (people.loc[people["schooling"] == "attending", "age"] <= 23).all()
    assert (people.loc[people["education"] == "higher", "age"] >= 18).all()


def test_widows_head_about_15_percent(register: Register) -> None:
    heads = register.people[register.people["relationship"] == "head"]
    widows = (heads["sex"] == "female") & (heads["marital_status"] == "widowed")
    assert 0.12 < widows.mean() < 0.18


def test_shares_are_as_meant(register: Register) -> None:
    households = register.households
    deciles = households["decile"].value_counts(normalize=True)
    assert [round(deciles[n], 2) for n in (1, 2, 3, 4)] == pytest.approx(
        [0.22, 0.27, 0.27, 0.24], abs=0.03
    )
    statuses = households["status"].value_counts(normalize=True)
    assert statuses["verified"] == pytest.approx(0.78, abs=0.06)
    assert (households["aid"] == 0).mean() == pytest.approx(0.09, abs=0.03)


def test_needs_follow_from_house_and_members(register: Register) -> None:
    households, needs = register.households, register.needs
    assert (needs["latrine"] == households["toilet"].isin(["none", "public"])).all()
    assert (needs["electricity"] == households["lighting"].isin(["non_pln", "none"])).all()
    good = (households["floor_material"] == "ceramic") & (households["wall_material"] == "brick")
    assert not needs["uninhabitable_house"][good].any()
    alone = register.people.groupby("household")["age"].agg(["size", "max"])
    assert (needs["elderly_alone"] == ((alone["size"] == 1) & (alone["max"] >= 60))).all()
    out = register.people.query("schooling == 'dropped_out' and 7 <= age <= 18")
    assert set(np.flatnonzero(needs["back_to_school"])) == set(out["household"])


def test_masks_equal_the_rows(register: Register) -> None:
    households = register.households
    for code, bit in NEED_BITS.items():
        assert (has_bit(households["needs"], bit) == register.needs[code]).all()
    received = register.aid[register.aid["status"] == "received"]
    for code, bit in PROGRAMME_BITS.items():
        holders = set(np.flatnonzero(has_bit(households["aid"], bit)))
        assert holders == set(received.loc[received["programme"] == code, "household"])


def test_aid_has_no_row_twice_and_about_two_for_each_household(register: Register) -> None:
    key = ["household", "person", "programme", "period"]
    assert not register.aid.duplicated(key).any()
    assert 2.0 <= len(register.aid) / len(register.households) <= 2.4


def test_aid_to_a_person_goes_to_a_member_whom_it_fits(register: Register) -> None:
    to_person = register.aid["programme"].isin(PERSONAL_PROGRAMMES)
    assert ((register.aid["person"] >= 0) == to_person).all()
    given = register.aid[to_person]
    members = register.people.iloc[given["person"]].reset_index(drop=True)
    assert (members["household"].to_numpy() == given["household"].to_numpy()).all()
    given = given.assign(age=members["age"].to_numpy())
    at_school = given[given["programme"].isin(SCHOOL_PROGRAMMES)]
    age_then = at_school["age"] - (2026 - at_school["period"].astype(int))
    assert at_school["age"].max() <= 23
    assert age_then.min() >= 6
    assert given.loc[given["programme"] == "rantang_kasih", "age"].min() >= 60


def test_need_is_answered_more_often_than_its_absence_but_not_always(register: Register) -> None:
    holds = has_bit(register.households["aid"], PROGRAMME_BITS["jamban_sehat"])
    in_need = register.needs["latrine"]
    assert holds[in_need].mean() > 4 * holds[~in_need].mean()
    assert 0.05 < holds[in_need].mean() < 0.9


def test_family_counts_have_one_sum_at_every_level(register: Register) -> None:
    counts = count_families(register.villages)
    sums = counts.groupby(counts["area_code"].str.count(r"\."))["value"].sum()
    assert sums.nunique() == 1
    assert sums.index.tolist() == [1, 2, 3]


def test_indicators_have_gaps_but_few(register: Register) -> None:
    stats = draw_indicators(register.villages, np.random.default_rng(SEED))
    assert 0 < stats["value"].isna().mean() < 0.15
    assert stats["value"].dropna().between(0, 100).all()
    assert not stats.duplicated(["area_code", "indicator", "period"]).any()
    assert len(stats) == 3 * 3 * (217 + 25)
