"""The invented register, whole: households, people, needs, aid. No database."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from db.catalogue import NEED_BITS, PROGRAMME_BITS
from db.demo.draws import Flags, Ints, is_any
from db.demo.giving import draw_aid
from db.demo.households import draw_households
from db.demo.needs import count_members, draw_needs, to_mask
from db.demo.numbers import draw_cards, draw_niks
from db.demo.people import draw_people
from db.demo.villages import draw_villages


@dataclass(frozen=True, slots=True)
class Register:
    """An invented register; rows refer to each other by row number.

    Attributes
    ----------
    villages
        The desa with ``family_count``, ``household_count`` and ``hardship``.
    households, people, aid
        One row each; ``household`` and ``person`` in the other tables are row numbers from 0.
    needs
        For each need code one flag for each household.
    """

    villages: pd.DataFrame
    households: pd.DataFrame
    people: pd.DataFrame
    needs: dict[str, Flags]
    aid: pd.DataFrame


def draw_register(areas: pd.DataFrame, household_count: int, seed: int) -> Register:
    """Draw a register for the desa of any regency.

    Parameters
    ----------
    areas
        The desa: ``code`` (Kemendagri, with dots), ``parent_code``, ``kind`` and ``geom``
        (EPSG:4326), in a fixed order.
    household_count
        Poor households, 0 or more.
    seed
        The same seed, count and areas give the same register.

    Returns
    -------
    Register
    """
    # One stream of chance for each part, so that a change in one leaves the others as they are.
    streams = np.random.default_rng(seed).spawn(7)
    villages = draw_villages(areas, household_count, streams[0])
    households = draw_households(villages, streams[1])
    people = draw_people(households["decile"].to_numpy(), streams[2])
    kecamatan = villages["parent_code"].str.replace(".", "").astype("int64").to_numpy()
    living_in = kecamatan[households["village"]]
    is_woman = is_any(people["sex"], "female")
    people["nik"] = draw_niks(
        living_in[people["household"]], people["birth_date"].to_numpy(), is_woman, streams[3]
    )
    households["kk"] = draw_cards(living_in, streams[4])
    needs = draw_needs(households, people, streams[5])
    _, number = np.unique(living_in, return_inverse=True)
    aid = draw_aid(households, people, needs, number, streams[6])
    _add_summaries(households, people, needs, aid)
    return Register(villages, households, people, needs, aid)


def _add_summaries(
    households: pd.DataFrame, people: pd.DataFrame, needs: dict[str, Flags], aid: pd.DataFrame
) -> None:
    n = len(households)
    households["member_count"] = count_members(people, n)
    households["needs"] = to_mask(needs, NEED_BITS)
    households["aid"] = _aid_mask(aid, n)
    heads = people[is_any(people["relationship"], "head")]
    households["head_name"] = heads["name"].reset_index(drop=True)


def _aid_mask(aid: pd.DataFrame, household_count: int) -> Ints:
    received = aid[is_any(aid["status"], "received")]
    flags = {
        code: np.bincount(
            received["household"].to_numpy()[is_any(received["programme"], code)],
            minlength=household_count,
        )
        > 0
        for code in PROGRAMME_BITS
    }
    return to_mask(flags, PROGRAMME_BITS)
