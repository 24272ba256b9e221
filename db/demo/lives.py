"""Schooling, work and health of the invented people, by age."""

from __future__ import annotations

import numpy as np
import pandas as pd

from db.demo.draws import Flags, Ints, as_coded, draw_codes

SCHOOLING = ("not_yet", "attending", "dropped_out", "finished")
_NOT_YET, _ATTENDING, _DROPPED_OUT, _FINISHED = range(4)
EDUCATION = ("none", "primary", "lower_secondary", "upper_secondary", "higher")
_NONE, _PRIMARY, _LOWER, _UPPER, _HIGHER = range(5)
DISABILITIES = ("physical", "visual", "hearing", "speech", "intellectual", "mental", "multiple")
ILLNESSES = (
    "hypertension", "rheumatism", "asthma", "heart", "diabetes", "tuberculosis", "stroke", "cancer"
)  # fmt: skip
WORK = (
    "farmer", "farm_labourer", "fisher", "trader", "builder", "craftsperson", "driver",
    "service_worker", "casual_labourer", "homemaker", "student", "not_working",
)  # fmt: skip
_HOMEMAKER, _STUDENT, _NOT_WORKING = 9, 10, 11

# Share that dropped out, by age (7-12, 13-15, 16-18) and how it grows in the poorer deciles.
_DROPPED_OUT_SHARE = np.array([0.008, 0.035, 0.15])
_DROP_BY_DECILE = np.array([1.7, 1.15, 0.75, 0.55])
# Highest schooling of adults born up to 1955, to 1970, to 1985, to 1998 and later.
_BORN_UP_TO = np.array([1955, 1970, 1985, 1998])
_ADULT_EDUCATION = np.array(
    [[58, 36, 4, 2, 0], [33, 50, 10, 6.5, 0.5], [12, 47, 23, 17, 1], [4, 24, 33, 36, 3],
     [2, 11, 32, 53, 2]]
)  # fmt: skip
_WORK_SHARES = np.array(
    [[16, 27, 5, 7, 13, 3, 6, 6, 11, 0, 0, 6], [7, 16, 0.5, 11, 0.5, 5, 0.2, 8, 4, 44, 0, 4]]
)
_ILLNESS_SHARES = np.array([[2, 1, 46, 6, 3, 9, 0, 3], [34, 22, 11, 7, 12, 4, 6, 4]], dtype=float)


def draw_lives(people: pd.DataFrame, decile: Ints, rng: np.random.Generator) -> pd.DataFrame:
    """Add schooling, education, work, disability and chronic illness.

    Parameters
    ----------
    people
        Has ``age`` (whole years), ``birth_date`` and ``sex``.
    decile
        Of each person's household, 1 to 4.
    rng
        The source of chance.

    Returns
    -------
    DataFrame
        ``people`` with the five columns more.
    """
    age = people["age"].to_numpy()
    schooling, education = _draw_schooling(people, decile, rng)
    is_woman = (people["sex"] == "female").to_numpy()
    disability, illness = _draw_health(age, rng)
    return people.assign(
        schooling=as_coded(schooling, SCHOOLING),
        education=as_coded(education, EDUCATION),
        work=as_coded(_draw_work(age, is_woman, schooling, rng), WORK),
        disability=as_coded(disability, DISABILITIES),
        chronic_illness=as_coded(illness, ILLNESSES),
    )


def _draw_schooling(
    people: pd.DataFrame, decile: Ints, rng: np.random.Generator
) -> tuple[Ints, Ints]:
    age = people["age"].to_numpy()
    born = pd.DatetimeIndex(people["birth_date"]).year.to_numpy()
    education = draw_codes(rng, _ADULT_EDUCATION, np.searchsorted(_BORN_UP_TO, born))
    stage = np.searchsorted([12, 15], age)
    chance = rng.random(len(age))
    dropped_out = chance < _DROPPED_OUT_SHARE[stage] * _DROP_BY_DECILE[decile - 1]
    is_pupil_age = (age >= 7) & (age <= 18)
    # A few stay at school: the late ones to 19, students to 23.
    is_student = (age > 18) & (age <= 23) & (education >= _UPPER) & (chance > 0.85)
    education = np.where(
        is_pupil_age, stage - ((age % 3 == 0) & dropped_out & (stage > 0)), education
    )
    education = np.where(is_student, _UPPER, np.where(age < 7, _NONE, education))
    schooling = np.where(is_pupil_age, np.where(dropped_out, _DROPPED_OUT, _ATTENDING), _FINISHED)
    schooling = np.where((age > 18) & (education < _LOWER), _DROPPED_OUT, schooling)
    schooling = np.where(is_student, _ATTENDING, np.where(age < 7, _NOT_YET, schooling))
    return schooling, education


def _draw_work(age: Ints, is_woman: Flags, schooling: Ints, rng: np.random.Generator) -> Ints:
    work = draw_codes(rng, _WORK_SHARES, is_woman.astype(np.int64))
    is_old = (age >= 65) & (rng.random(len(age)) < np.clip((age - 60) / 25, 0, 0.95))
    is_young = (age < 18) & (rng.random(len(age)) < 0.7)
    work = np.where(is_old | is_young | (age < 15), _NOT_WORKING, work)
    work = np.where((age < 18) & (work == _HOMEMAKER), _NOT_WORKING, work)
    work = np.where(schooling == _ATTENDING, _STUDENT, work)
    return np.where(age < 7, -1, work)


def _draw_health(age: Ints, rng: np.random.Generator) -> tuple[Ints, Ints]:
    n = len(age)
    disability = rng.choice(len(DISABILITIES), n, p=(0.38, 0.14, 0.13, 0.06, 0.13, 0.1, 0.06))
    disability = np.where(rng.random(n) < 0.012 + 0.035 * (age >= 60), disability, -1)
    illness = draw_codes(rng, _ILLNESS_SHARES, (age >= 30).astype(np.int64))
    illness = np.where(rng.random(n) < np.clip((age - 25) * 0.0045, 0.004, 0.25), illness, -1)
    return disability, illness
