"""The members of the invented households, with ages and lives that fit together."""

from __future__ import annotations

import numpy as np
import pandas as pd

from db.demo.draws import TODAY, Flags, Ints, as_coded, draw_codes, rank_within
from db.demo.lives import draw_lives
from db.demo.names import ALL_NAMES, MEN, WOMEN

_SIZE_SHARES = np.array(
    [
        [11, 18, 24, 25, 13, 5.5, 2.3, 1.2],
        [10, 18, 26, 26, 13, 4.7, 1.5, 0.8],
        [10, 18, 28, 27, 12, 3.5, 1.0, 0.5],
        [9, 19, 29, 28, 11, 3.0, 0.7, 0.3],
    ]
)
RELATIONSHIPS = ("head", "spouse", "child", "grandchild", "parent", "other")
_HEAD, _SPOUSE, _CHILD, _GRANDCHILD, _PARENT, _OTHER = range(6)
_MARITAL = ("single", "married", "divorced", "widowed")
_SINGLE, _MARRIED, _DIVORCED, _WIDOWED = range(4)
DAYS_PER_YEAR = 365.2425


def draw_people(decile: Ints, rng: np.random.Generator) -> pd.DataFrame:
    """Draw the members of every household.

    Parameters
    ----------
    decile
        Of each household, 1 to 4.
    rng
        The source of chance.

    Returns
    -------
    DataFrame
        Household by household, the head first: ``household`` (row, from 0), ``age`` (whole years
        on the day of the register) and the columns of ``person`` but the NIK.
    """
    size = draw_codes(rng, _SIZE_SHARES, decile - 1) + 1
    household = np.repeat(np.arange(len(size)), size)
    place = rank_within(household)
    heads = _draw_heads(size, rng)
    relationship = _draw_relationships(heads, size, household, place, rng)
    age = _draw_ages(heads, household, relationship, rng)
    order = np.lexsort((-age, relationship, household))
    people = pd.DataFrame({"household": household, "code": relationship, "age": age}).iloc[order]
    people = people.reset_index(drop=True)
    is_woman = _draw_sexes(heads, people, rng)
    people["relationship"] = as_coded(people["code"].to_numpy(), RELATIONSHIPS)
    people["sex"] = as_coded(is_woman.astype(np.int64), ("male", "female"))
    people["marital_status"] = as_coded(_draw_marital(heads, people, rng), _MARITAL)
    people["name"] = as_coded(_draw_names(is_woman, rng), ALL_NAMES)
    people["birth_date"], people["age"] = _draw_birth_dates(people["age"].to_numpy(), rng)
    return draw_lives(people.drop(columns="code"), decile[people["household"]], rng)


def _draw_heads(size: Ints, rng: np.random.Generator) -> pd.DataFrame:
    n = len(size)
    is_alone = size == 1
    # Widows head about 15 of 100 households: most of those living alone, a tenth of the rest.
    shares = np.array([[0.0, 6, 62, 18, 14], [81, 3, 10, 4, 2]])
    kind = draw_codes(rng, shares, (~is_alone).astype(np.int64))
    has_spouse = kind == 0
    is_woman = np.isin(kind, (1, 2)) | ((kind == 4) & (rng.random(n) < 0.3))
    marital = np.array([_MARRIED, _DIVORCED, _WIDOWED, _WIDOWED, _SINGLE])[kind]
    is_widowed = marital == _WIDOWED
    # A couple that still has children at home is younger; the widowed are older.
    low = np.where(is_widowed, 38, 23) + 2.2 * np.maximum(size - 2, 0)
    drawn = low + rng.gamma(2.2, np.where(is_widowed, 11.0, 8.5), n)
    drawn = np.where(is_alone & (rng.random(n) < 0.7), rng.uniform(60, 88, n), drawn)
    age = np.clip(drawn, 20, 92).astype(np.int64)
    return pd.DataFrame(
        {"age": age, "is_woman": is_woman, "marital": marital, "has_spouse": has_spouse}
    )


def _draw_relationships(
    heads: pd.DataFrame, size: Ints, household: Ints, place: Ints, rng: np.random.Generator
) -> Ints:
    head_age = heads["age"].to_numpy()[household]
    has_spouse = heads["has_spouse"].to_numpy()[household]
    chance = rng.random(len(household))
    relationship = np.full(len(household), _CHILD)
    relationship[(head_age >= 55) & (chance < 0.45)] = _GRANDCHILD
    relationship[chance > 0.98] = _OTHER
    # The last place of a bigger household may be a parent's.
    is_last = (place == size[household] - 1) & (place >= 1 + has_spouse)
    relationship[is_last & (head_age < 62) & (head_age >= 25) & (chance > 0.86)] = _PARENT
    relationship[(place == 1) & has_spouse] = _SPOUSE
    relationship[place == 0] = _HEAD
    return relationship


def _draw_ages(
    heads: pd.DataFrame, household: Ints, relationship: Ints, rng: np.random.Generator
) -> Ints:
    n = len(household)
    head_age = heads["age"].to_numpy()[household]
    wife_age = np.clip(heads["age"] - rng.normal(4, 3.5, len(heads)), 19, 90).astype(np.int64)
    mother_age = np.where(heads["has_spouse"], np.minimum(wife_age, heads["age"] + 6), heads["age"])
    mother_age = mother_age[household]
    # Born when the mother was 18 to 42; grown children have left home.
    oldest = np.minimum(np.minimum(mother_age, head_age) - 18, 34)
    youngest = np.minimum(np.clip(mother_age - 42, 0, 18), oldest)
    chance = rng.random(n)
    choices = [
        head_age,
        mother_age,
        youngest + chance * (oldest - youngest + 1),
        chance * np.clip(head_age - 42, 1, 19),
        np.minimum(head_age + 19 + chance * 16, 96),
        8 + chance * 62,
    ]
    return np.choose(relationship, choices).astype(np.int64)


def _draw_sexes(heads: pd.DataFrame, people: pd.DataFrame, rng: np.random.Generator) -> Flags:
    head_is_woman = heads["is_woman"].to_numpy()[people["household"]]
    code = people["code"].to_numpy()
    drawn = rng.random(len(people)) < np.where(code == _PARENT, 0.72, 0.49)
    return np.where(code == _HEAD, head_is_woman, np.where(code == _SPOUSE, ~head_is_woman, drawn))


def _draw_marital(heads: pd.DataFrame, people: pd.DataFrame, rng: np.random.Generator) -> Ints:
    code, age = people["code"].to_numpy(), people["age"].to_numpy()
    chance = rng.random(len(people))
    of_child = np.where((age >= 22) & (chance < 0.15), _DIVORCED, _SINGLE)
    of_parent = np.where(chance < 0.85, _WIDOWED, _DIVORCED)
    of_other = np.where((age >= 45) & (chance < 0.6), _WIDOWED, _SINGLE)
    choices = [
        heads["marital"].to_numpy()[people["household"]],
        np.full(len(people), _MARRIED),
        of_child,
        np.full(len(people), _SINGLE),
        of_parent,
        of_other,
    ]
    return np.choose(code, choices)


def _draw_names(is_woman: Flags, rng: np.random.Generator) -> Ints:
    chance = rng.random(len(is_woman))
    return np.where(is_woman, len(MEN) + chance * len(WOMEN), chance * len(MEN)).astype(np.int64)


def _draw_birth_dates(age: Ints, rng: np.random.Generator) -> tuple[np.ndarray, Ints]:
    days = np.ceil(age * DAYS_PER_YEAR + rng.random(len(age)) * 363).astype(np.int64)
    birth_date = TODAY - days.astype("timedelta64[D]")
    return birth_date, whole_years(birth_date)


def whole_years(birth_date: np.ndarray) -> Ints:
    """Return the age in whole years on the day of the register."""
    today = pd.Timestamp(TODAY)
    born = pd.DatetimeIndex(birth_date)
    had_no_birthday = (born.month * 100 + born.day) > (today.month * 100 + today.day)
    return np.asarray(today.year - born.year - had_no_birthday, dtype=np.int64)
