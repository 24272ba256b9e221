"""Who was given what: mostly those in need, with the gaps and mistakes that real lists have."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from db.catalogue import PROGRAMMES
from db.demo.draws import PERIODS, Flags, Floats, Ints, as_coded, is_any

LEFT_OUT_SHARE = 0.085
"""Households on no list at all."""
_STATUSES = ("received", "planned", "stopped")
_RECEIVED, _PLANNED, _STOPPED = range(3)
_FALLBACK = "bpnt"
_NO_PERSON = -1
_AGE_AT_SCHOOL = 6


class _Habit(NamedTuple):
    """How a programme is given in the demo; every figure is invented."""

    need: str | None
    """The need it answers; None is for all."""
    in_need_share: float
    other_share: float
    """Share reached of those with the need, and of the others (inclusion errors)."""
    is_yearly: bool
    amount_idr: int


_HABITS = {
    "kanggo_riko": _Habit("business_capital", 0.11, 0.02, False, 2_500_000),
    "rantang_kasih": _Habit("elderly_alone", 0.34, 0.02, True, 7_190_000),
    "garda_ampuh": _Habit("back_to_school", 0.52, 0.01, False, 2_400_000),
    "uang_saku": _Habit("school_costs", 0.09, 0.01, True, 2_000_000),
    "banyuwangi_cerdas": _Habit("school_costs", 0.12, 0.05, False, 4_000_000),
    "siswa_asuh_sebaya": _Habit("school_costs", 0.18, 0.05, False, 350_000),
    "pbi_jkn": _Habit(None, 0.33, 0.33, True, 504_000),
    "spm": _Habit("chronic_care", 0.06, 0.01, False, 1_500_000),
    "bpnt": _Habit("food", 0.62, 0.28, True, 2_400_000),
    "pkh": _Habit("school_costs", 0.47, 0.16, True, 3_000_000),
    "mitra_mapan": _Habit("business_capital", 0.03, 0.004, False, 1_000_000),
    "bedah_rumah": _Habit("uninhabitable_house", 0.09, 0.008, False, 20_000_000),
    "jamban_sehat": _Habit("latrine", 0.15, 0.012, False, 1_800_000),
    "asn_peduli": _Habit(None, 0.03, 0.03, False, 300_000),
}
# Poorer deciles are reached more often, though not always.
_DECILE_FACTOR = np.array([1.18, 1.07, 0.95, 0.82])
_FIRST_PERIOD_SHARES = (0.35, 0.25, 0.40)
_STOPPED_SHARE = 0.03
_PLANNED_SHARE_LAST = 0.09


def draw_aid(
    households: pd.DataFrame,
    people: pd.DataFrame,
    needs: dict[str, Flags],
    kecamatan: Ints,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Draw the aid of every household.

    Parameters
    ----------
    households
        With ``decile``.
    people
        As :func:`db.demo.people.draw_people` gives them.
    needs
        Flags of each need.
    kecamatan
        Number of each household's kecamatan, from 0; some kecamatan miss more families.
    rng
        The source of chance.

    Returns
    -------
    DataFrame
        ``household`` and ``person`` (rows; person -1 when the household receives), ``programme``,
        ``period``, ``status`` and ``amount_idr``.
    """
    n = len(households)
    reached = _DECILE_FACTOR[households["decile"].to_numpy() - 1]
    left_out = rng.random(n) < _draw_left_out_shares(kecamatan, rng)
    given = [_draw_programme(bit, reached, people, needs, rng) for bit in range(len(PROGRAMMES))]
    aid = pd.concat(given, ignore_index=True)
    aid["status"] = _draw_statuses(aid["period"].to_numpy(), rng)
    aid = _keep_left_out(aid, left_out, rng)
    aid = _reach_the_rest(aid, ~left_out)
    return _finish(aid)


def _draw_left_out_shares(kecamatan: Ints, rng: np.random.Generator) -> Floats:
    if not len(kecamatan):
        return np.zeros(0)
    uneven = rng.lognormal(0, 0.5, int(kecamatan.max()) + 1)[kecamatan]
    return np.clip(LEFT_OUT_SHARE * uneven / uneven.mean(), 0, 0.5)


def _draw_programme(
    bit: int,
    reached: Floats,
    people: pd.DataFrame,
    needs: dict[str, Flags],
    rng: np.random.Generator,
) -> pd.DataFrame:
    programme, n = PROGRAMMES[bit], len(reached)
    habit = _HABITS[programme.code]
    in_need = needs[habit.need] if habit.need else np.ones(n, dtype=bool)
    share = np.where(in_need, habit.in_need_share, habit.other_share) * reached
    chosen = np.flatnonzero(rng.random(n) < share)
    person = np.full(n, _NO_PERSON)
    if programme.given_to == "person":
        person = _choose_persons(programme.code, people, n)
        chosen = chosen[person[chosen] != _NO_PERSON]
    first = rng.choice(len(PERIODS), len(chosen), p=_FIRST_PERIOD_SHARES)
    lasting = len(PERIODS) - first if habit.is_yearly else np.ones(len(chosen), dtype=np.int64)
    household = np.repeat(chosen, lasting)
    period = np.repeat(first, lasting) + _count_up(lasting)
    aid = pd.DataFrame({"household": household, "person": person[household], "period": period})
    if programme.domain == "education":
        aid = aid[_was_at_school(aid, people)]
    return aid.assign(bit=bit)


def _count_up(lengths: Ints) -> Ints:
    starts = np.repeat(np.cumsum(lengths) - lengths, lengths)
    return np.arange(int(lengths.sum())) - starts


def _was_at_school(aid: pd.DataFrame, people: pd.DataFrame) -> Flags:
    # A pupil of today was too young for school aid some years ago.
    years_ago = len(PERIODS) - 1 - aid["period"].to_numpy()
    return people["age"].to_numpy()[aid["person"]] - years_ago >= _AGE_AT_SCHOOL


def _choose_persons(programme: str, people: pd.DataFrame, n: int) -> Ints:
    """Choose who of each household would receive: the best fitting member, or none."""
    age = people["age"].to_numpy()
    at_school = is_any(people["schooling"], "attending")
    is_pupil_age = (age >= 7) & (age <= 18)
    fits = {
        "rantang_kasih": (age >= 60).astype(np.int64),
        "garda_ampuh": is_pupil_age * (1 + is_any(people["schooling"], "dropped_out")),
        "uang_saku": (is_pupil_age & at_school).astype(np.int64),
        "banyuwangi_cerdas": ((age >= 15) & (age <= 23) & at_school).astype(np.int64),
        "siswa_asuh_sebaya": (is_pupil_age & at_school).astype(np.int64),
        "spm": 1 + people["chronic_illness"].notna().to_numpy(),
    }[programme]
    candidates = np.flatnonzero(fits > 0)
    order = candidates[np.argsort(fits[candidates], kind="stable")]
    chosen = np.full(n, _NO_PERSON)
    chosen[people["household"].to_numpy()[order]] = order
    return chosen


def _draw_statuses(period: Ints, rng: np.random.Generator) -> Ints:
    chance = rng.random(len(period))
    is_last = period == len(PERIODS) - 1
    planned = is_last & (chance > 1 - _PLANNED_SHARE_LAST)
    return np.where(planned, _PLANNED, np.where(chance < _STOPPED_SHARE, _STOPPED, _RECEIVED))


def _keep_left_out(aid: pd.DataFrame, left_out: Flags, rng: np.random.Generator) -> pd.DataFrame:
    # Those left out have received nothing; for some, aid is planned at last.
    of_left_out = left_out[aid["household"]]
    is_last = (aid["period"] == len(PERIODS) - 1).to_numpy()
    planned = of_left_out & is_last & (rng.random(len(aid)) < 0.2)
    aid["status"] = np.where(planned, _PLANNED, aid["status"])
    return aid[~of_left_out | planned]


def _reach_the_rest(aid: pd.DataFrame, on_a_list: Flags) -> pd.DataFrame:
    """Give those on a list at least one thing, so that the share left out is as meant."""
    aid = aid.copy()
    n = len(on_a_list)
    received = aid.loc[aid["status"] == _RECEIVED, "household"].to_numpy()
    waiting = on_a_list & (np.bincount(received, minlength=n) == 0)
    aid.loc[waiting[aid["household"]], "status"] = _RECEIVED
    empty = np.flatnonzero(waiting & (np.bincount(aid["household"], minlength=n) == 0))
    bit = next(bit for bit, row in enumerate(PROGRAMMES) if row.code == _FALLBACK)
    added = pd.DataFrame(
        {
            "household": empty,
            "person": _NO_PERSON,
            "period": empty % len(PERIODS),
            "bit": bit,
            "status": _RECEIVED,
        }
    )
    return pd.concat([aid, added], ignore_index=True)


def _finish(aid: pd.DataFrame) -> pd.DataFrame:
    aid = aid.sort_values(["household", "bit", "period"], kind="stable", ignore_index=True)
    bit = aid["bit"].to_numpy(dtype=np.int64)
    amounts = np.array([_HABITS[row.code].amount_idr for row in PROGRAMMES])
    return pd.DataFrame(
        {
            "household": aid["household"].to_numpy(dtype=np.int64),
            "person": aid["person"].to_numpy(dtype=np.int64),
            "programme": as_coded(bit, [row.code for row in PROGRAMMES]),
            "period": as_coded(aid["period"].to_numpy(dtype=np.int64), PERIODS),
            "status": as_coded(aid["status"].to_numpy(dtype=np.int64), _STATUSES),
            "amount_idr": amounts[bit],
        }
    )
