"""The invented households: who they are by decile and status, and how well they are located."""

from __future__ import annotations

import numpy as np
import pandas as pd

from db.demo.draws import Shares, as_coded, draw_codes, draw_values
from db.demo.housing import draw_deciles, draw_houses
from db.demo.settlements import draw_homes

# Shares of verified, unverified, rejected and graduated; some kecamatan have hardly been visited.
_STATUSES: Shares = {"verified": (78,), "unverified": (17,), "rejected": (3,), "graduated": (2,)}
_LOCATION_SOURCES = ("gps", "survey", "geocoded", "village")
_LOCATION_SHARES: Shares = {"gps": (78,), "survey": (14,), "geocoded": (8,)}
_ACCURACY_M = np.array([[3.0, 15.0], [5.0, 25.0], [40.0, 200.0], [500.0, 500.0]])
UNLOCATED_SHARE = 0.039
UNLOCATED_SHARE_WORST = 0.30
OFFICE_PILE = 24
SHARED_HOUSES = (5, 4, 3, 3, 2)
_HAMLETS = (
    "Krajan", "Sukorejo", "Sumbersari", "Tegalrejo", "Kebonsari", "Sidomulyo", "Karanganyar",
    "Sumberagung", "Pasar", "Curahjati", "Wonosari", "Tanjungsari", "Rejosari", "Gumukrejo",
    "Kampungbaru", "Sidodadi", "Persen", "Darungan", "Petahunan", "Ringinsari",
)  # fmt: skip


def draw_households(villages: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Draw every household but its members, needs and aid.

    Parameters
    ----------
    villages
        As :func:`db.demo.villages.draw_villages` gives them.
    rng
        The source of chance.

    Returns
    -------
    DataFrame
        The columns of ``household`` that need no other table, and ``village`` (row of
        ``villages``). ``longitude`` and ``latitude`` are NaN for households without coordinates.
    """
    homes = draw_homes(villages, rng)
    village = homes["village"].to_numpy()
    homes["area_code"] = as_coded(village, villages["code"].tolist())
    homes["neighbourhood"] = rng.integers(1, 7, len(homes))
    homes["decile"] = draw_deciles(villages["hardship"].to_numpy()[village], rng)
    homes["status"] = _draw_statuses(villages, homes, rng)
    houses = draw_houses(homes["decile"].to_numpy(), rng)
    households = pd.concat([homes, houses], axis=1)
    _draw_location_quality(households, rng)
    _pile_up(households, villages, rng)
    _lose_coordinates(households, rng)
    _write_addresses(households, villages, rng)
    return households


def _draw_statuses(
    villages: pd.DataFrame, homes: pd.DataFrame, rng: np.random.Generator
) -> pd.Series:
    kecamatan, row = np.unique(villages["parent_code"].to_numpy(dtype=str), return_inverse=True)
    shares = np.tile(np.array(list(_STATUSES.values()), dtype=float).T, (len(kecamatan), 1))
    shares[:, 1] *= rng.lognormal(-0.1, 0.45, len(kecamatan))
    return as_coded(draw_codes(rng, shares, row[homes["village"]]), tuple(_STATUSES))


def _draw_location_quality(households: pd.DataFrame, rng: np.random.Generator) -> None:
    n = len(households)
    drawn = draw_values(rng, _LOCATION_SHARES, None, n).cat.set_categories(_LOCATION_SOURCES)
    lowest, highest = _ACCURACY_M[drawn.cat.codes.to_numpy()].T
    households["location_source"] = drawn
    households["accuracy_m"] = np.round(rng.uniform(lowest, highest), 1)


def _pile_up(households: pd.DataFrame, villages: pd.DataFrame, rng: np.random.Generator) -> None:
    """Put a few dozen families on exactly the same points: shared houses, one village office."""
    crowded = _rows_of_big_villages(households, len(SHARED_HOUSES) + 1)
    if not crowded:
        return
    office, *sharing = crowded
    pile = office[: min(OFFICE_PILE, len(office) // 3)]
    _stack(households, pile, ["longitude", "latitude"])
    households.loc[pile, "location_source"] = "village"
    households.loc[pile, "accuracy_m"] = _ACCURACY_M[3, 0]
    for size, rows in zip(SHARED_HOUSES, sharing, strict=False):
        start = int(rng.integers(0, len(rows) - size))
        house = rows[start : start + size]
        _stack(households, house, ["longitude", "latitude", "hamlet", "neighbourhood"])


def _rows_of_big_villages(households: pd.DataFrame, count: int) -> list[np.ndarray]:
    sizes = households["village"].value_counts()
    big = sizes[sizes >= 2 * max(SHARED_HOUSES)].sort_index().index[::7][:count]
    return [np.flatnonzero(households["village"] == village) for village in big]


def _stack(households: pd.DataFrame, rows: np.ndarray, columns: list[str]) -> None:
    for column in columns:
        households.loc[rows, column] = households.at[rows[0], column]


def _lose_coordinates(households: pd.DataFrame, rng: np.random.Generator) -> None:
    if households.empty:
        return
    village = households["village"].to_numpy()
    worst = int(rng.choice(np.unique(village)))
    share = np.where(village == worst, UNLOCATED_SHARE_WORST, UNLOCATED_SHARE)
    lost = (rng.random(len(village)) < share) & (households["location_source"] != "village")
    households.loc[lost, ["longitude", "latitude", "accuracy_m", "location_source"]] = None


def _write_addresses(
    households: pd.DataFrame, villages: pd.DataFrame, rng: np.random.Generator
) -> None:
    village, hamlet = households["village"].to_numpy(), households["hamlet"].to_numpy()
    rotation = rng.integers(0, len(_HAMLETS), len(villages))[village]
    name = (hamlet + rotation) % len(_HAMLETS)
    neighbourhood = households["neighbourhood"].to_numpy()
    is_town = (villages["kind"] == "kelurahan").to_numpy()[village]
    key = np.stack([is_town, name, hamlet, neighbourhood])
    kinds, row = np.unique(key, axis=1, return_inverse=True)
    texts = [_address(*kind) for kind in kinds.T.tolist()]
    households["address"] = as_coded(row, texts)
    households["rw"] = as_coded(hamlet, [f"{number:02d}" for number in range(1, 17)])
    households["rt"] = as_coded(neighbourhood - 1, [f"{number:02d}" for number in range(1, 7)])


def _address(is_town: int, name: int, hamlet: int, neighbourhood: int) -> str:
    word = "Lingkungan" if is_town else "Dusun"
    return f"{word} {_HAMLETS[name]}, RT {neighbourhood:02d} RW {hamlet + 1:02d}"
