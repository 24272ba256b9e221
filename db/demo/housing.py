"""The houses of the invented families: worse in a poorer decile, and worse in all respects."""

from __future__ import annotations

import numpy as np
import pandas as pd

from db.demo.draws import Ints, Shares, draw_codes, draw_values

# Of an average village; the poorer ones have more families, so that 22, 27, 27 and 24 % come out.
DECILE_SHARES = np.array([0.180, 0.262, 0.288, 0.270])
# How much more often a village one standard deviation poorer has each decile (logarithm).
DECILE_TILT = np.array([0.35, 0.10, -0.10, -0.30])

# Each value with its share in the conditions 1 (worst) to 4.
_OWNERSHIP: Shares = {
    "own": (78, 81, 83, 84),
    "rent": (3, 3, 4, 5),
    "free": (16, 13, 10, 8),
    "official": (0.5, 0.5, 0.5, 1),
    "other": (2.5, 2.5, 2.5, 2),
}
_FLOOR: Shares = {
    "ceramic": (3, 13, 32, 52),
    "tile": (5, 11, 15, 15),
    "cement": (40, 52, 44, 30),
    "wood": (4, 4, 2, 1),
    "bamboo": (5, 2, 0.5, 0.1),
    "earth": (42, 17, 6, 1.5),
    "other": (1, 1, 0.5, 0.4),
}
_WALL: Shares = {
    "brick": (35, 62, 82, 92),
    "plastered_bamboo": (7, 6, 3, 2),
    "wood": (13, 12, 7, 4),
    "bamboo": (44, 19, 7.5, 1.8),
    "other": (1, 1, 0.5, 0.2),
}
_ROOF: Shares = {
    "concrete": (0.2, 0.5, 1, 2),
    "tile": (72, 80, 85, 88),
    "asbestos": (9, 9, 8, 6),
    "zinc": (10, 7, 4.5, 3),
    "bamboo": (2, 0.7, 0.2, 0.1),
    "thatch": (6, 2, 0.6, 0.1),
    "other": (0.8, 0.8, 0.7, 0.8),
}
_WATER: Shares = {
    "bottled": (5, 9, 15, 22),
    "piped": (9, 13, 17, 20),
    "borehole": (14, 20, 24, 26),
    "protected_well": (34, 35, 31, 25),
    "unprotected_well": (16, 10, 5, 3),
    "protected_spring": (9, 7, 5, 3),
    "unprotected_spring": (8, 4, 2, 0.7),
    "surface": (4, 1.5, 0.7, 0.2),
    "rain": (1, 0.5, 0.3, 0.1),
}
_LIGHTING: Shares = {
    "pln_metered": (76, 88, 94, 97.5),
    "pln_unmetered": (19, 10.5, 5.5, 2.4),
    "non_pln": (2, 0.8, 0.3, 0.1),
    "none": (3, 0.7, 0.2, 0.0),
}
_COOKING: Shares = {
    "lpg_3kg": (45, 63, 77, 86),
    "lpg": (0.1, 0.2, 0.5, 1.5),
    "electricity": (0.2, 0.3, 0.5, 1),
    "kerosene": (0.5, 0.4, 0.3, 0.2),
    "charcoal": (1, 0.7, 0.4, 0.2),
    "firewood": (52, 35, 21, 11),
    "none": (1.2, 0.4, 0.3, 0.1),
}
_TOILET: Shares = {
    "own": (46, 66, 81, 91),
    "shared": (19, 16, 10, 5),
    "public": (9, 6, 3.5, 1.5),
    "none": (26, 12, 5.5, 2.5),
}
_POWER_VA = np.array([450, 900, 1300])
_POWER_SHARES = np.array([[88, 12, 0], [73, 26, 1], [52, 45, 3], [35, 58, 7]], dtype=float)
_FLOOR_AREA_M2 = np.array([28.0, 36.0, 44.0, 54.0])


def draw_deciles(hardship: np.ndarray, rng: np.random.Generator) -> Ints:
    """Draw the decile of each household, 1 to 4.

    Parameters
    ----------
    hardship
        Of the household's village, in standard deviations from the mean.
    rng
        The source of chance.

    Returns
    -------
    ndarray
        1 = poorest.
    """
    villages, row = np.unique(hardship, return_inverse=True)
    shares = DECILE_SHARES * np.exp(villages[:, None] * DECILE_TILT)
    return draw_codes(rng, shares, row) + 1


def draw_houses(decile: Ints, rng: np.random.Generator) -> pd.DataFrame:
    """Draw the housing attributes of each household.

    One hidden condition moves them all, so that an earth floor goes with a bamboo wall.

    Parameters
    ----------
    decile
        1 to 4.
    rng
        The source of chance.

    Returns
    -------
    DataFrame
        The housing columns of ``household``; ``electricity_va`` is NA without a PLN meter.
    """
    n = len(decile)
    condition = np.clip(np.rint(decile + rng.normal(0, 0.8, n)), 1, 4).astype(np.int64) - 1
    tables = {
        "house_ownership": _OWNERSHIP,
        "floor_material": _FLOOR,
        "wall_material": _WALL,
        "roof_material": _ROOF,
        "drinking_water": _WATER,
        "lighting": _LIGHTING,
        "cooking_fuel": _COOKING,
        "toilet": _TOILET,
    }
    houses = pd.DataFrame(
        {name: draw_values(rng, shares, condition, n) for name, shares in tables.items()}
    )
    power = pd.array(_POWER_VA[draw_codes(rng, _POWER_SHARES, condition)], dtype="Int64")
    power[(houses["lighting"] != "pln_metered").to_numpy()] = pd.NA
    houses["electricity_va"] = power
    area_m2 = _FLOOR_AREA_M2[condition] * rng.lognormal(0, 0.3, n)
    houses["floor_area_m2"] = np.clip(np.rint(area_m2), 9, 180)
    return houses
