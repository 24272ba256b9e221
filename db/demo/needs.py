"""The needs that follow from an invented household's house and members."""

from __future__ import annotations

import numpy as np
import pandas as pd

from db.catalogue import NEED_BITS
from db.demo.draws import Flags, Ints, is_any

_FOOD_SHARE = np.array([0.42, 0.20, 0.08, 0.03])
_UNINSURED_SHARE = np.array([0.30, 0.26, 0.22, 0.18])
_OWN_TRADES = ("trader", "craftsperson")


def draw_needs(
    households: pd.DataFrame, people: pd.DataFrame, rng: np.random.Generator
) -> dict[str, Flags]:
    """Say which household has which need.

    All follow from the housing attributes and the members, but ``food`` and
    ``health_insurance``, which a survey asks for; these are drawn.

    Parameters
    ----------
    households
        With the housing columns and ``decile``.
    people
        As :func:`db.demo.people.draw_people` gives them.
    rng
        The source of chance.

    Returns
    -------
    dict
        For each need code one flag for each household, in the order of the bits.
    """
    n = len(households)
    decile = households["decile"].to_numpy()
    age = people["age"].to_numpy()

    def has_member(flags: Flags) -> Flags:
        return np.bincount(people["household"].to_numpy()[flags], minlength=n) > 0

    is_pupil_age = (age >= 7) & (age <= 18)
    is_child_at_school = is_pupil_age & is_any(people["schooling"], "attending")
    has_no_toilet = is_any(households["toilet"], "none", "public")
    has_bad_water = is_any(
        households["drinking_water"],
        "unprotected_well", "unprotected_spring", "surface", "rain",
    )  # fmt: skip
    found = {
        "uninhabitable_house": _count_bad_parts(households) >= 2,
        "latrine": has_no_toilet,
        "clean_water": has_bad_water,
        "electricity": is_any(households["lighting"], "non_pln", "none"),
        "food": rng.random(n) < _FOOD_SHARE[decile - 1],
        "health_insurance": rng.random(n) < _UNINSURED_SHARE[decile - 1],
        "chronic_care": has_member(people["chronic_illness"].notna().to_numpy()),
        "back_to_school": has_member(is_pupil_age & is_any(people["schooling"], "dropped_out")),
        "school_costs": has_member(is_child_at_school) & (decile <= 2),
        "elderly_alone": has_member(age >= 60) & (count_members(people, n) == 1),
        "disability_care": has_member(people["disability"].notna().to_numpy()),
        "business_capital": has_member(
            (age >= 18) & (age <= 64) & is_any(people["work"], *_OWN_TRADES)
        ),
        "stunting_risk": has_member(age < 5) & (has_no_toilet | has_bad_water),
    }
    return {code: found[code] for code in NEED_BITS}


def count_members(people: pd.DataFrame, household_count: int) -> Ints:
    """Count the members of each household."""
    return np.bincount(people["household"].to_numpy(), minlength=household_count)


def _count_bad_parts(households: pd.DataFrame) -> Ints:
    parts = (
        is_any(households["floor_material"], "earth", "bamboo"),
        is_any(households["wall_material"], "bamboo"),
        is_any(households["roof_material"], "bamboo", "thatch"),
    )
    return np.sum(parts, axis=0)


def to_mask(flags: dict[str, Flags], bits: dict[str, int]) -> Ints:
    """Pack flags into one bit mask for each household."""
    mask = np.zeros(len(next(iter(flags.values()))), dtype=np.int64)
    for code, flag in flags.items():
        mask |= flag.astype(np.int64) << bits[code]
    return mask
