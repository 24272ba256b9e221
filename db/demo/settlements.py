"""Where the invented households live: in hamlets strung along a road, inside their village."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely
from shapely import MultiPolygon, Polygon

from db.demo.draws import Floats, Ints
from db.demo.villages import METRES_PER_DEGREE

COORDINATE_DECIMALS = 7
MAX_REDRAWS = 25
NEIGHBOUR_PULL_M = 3_000.0
"""Hamlets lie towards the neighbouring villages, not deep in forest or on a mountain."""


def draw_homes(villages: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Place every household of every village.

    Parameters
    ----------
    villages
        As :func:`db.demo.villages.draw_villages` gives them.
    rng
        The source of chance.

    Returns
    -------
    DataFrame
        One row for each household: ``village`` (row of ``villages``), ``hamlet`` (from 0 in its
        village), ``longitude`` and ``latitude`` (degrees, EPSG:4326), always inside the village.
    """
    places = [
        _draw_village(villages, index, count, rng)
        for index, count in enumerate(villages["household_count"].tolist())
        if count
    ]
    columns = ["village", "hamlet", "longitude", "latitude"]
    rows = np.concatenate(places) if places else np.empty((0, 4))
    homes = pd.DataFrame(rows, columns=columns)
    return homes.astype({"village": np.int64, "hamlet": np.int64})


def _draw_village(
    villages: pd.DataFrame, index: int, count: int, rng: np.random.Generator
) -> Floats:
    geom = villages["geom"].iloc[index]
    shapely.prepare(geom)
    size_m = float(villages["area_m2"].iloc[index]) ** 0.5
    centres = _draw_hamlets(villages, index, int(rng.integers(5, 16)), rng)
    hamlet = rng.choice(len(centres), count, p=rng.dirichlet(np.full(len(centres), 2.0)))
    spread = _draw_spread(centres, size_m, rng)
    points = _scatter(geom, centres, spread, hamlet, rng)
    return np.column_stack([np.full(count, index), hamlet, points])


def _draw_hamlets(
    villages: pd.DataFrame, index: int, count: int, rng: np.random.Generator
) -> Floats:
    candidates = _draw_inside(villages["geom"].iloc[index], 12 * count, rng)
    middle = shapely.point_on_surface(villages["geom"].iloc[index])
    squeeze = np.cos(np.radians(middle.y))
    x_m, y_m = villages["x_m"].to_numpy(), villages["y_m"].to_numpy()
    candidate_x_m = x_m[index] + (candidates[:, 0] - middle.x) * METRES_PER_DEGREE * squeeze
    candidate_y_m = y_m[index] + (candidates[:, 1] - middle.y) * METRES_PER_DEGREE
    others = np.arange(len(villages)) != index
    distance_m = np.hypot(
        candidate_x_m[:, None] - x_m[others], candidate_y_m[:, None] - y_m[others]
    ).min(axis=1, initial=1e6)
    pull = np.exp(-(distance_m - distance_m.min()) / NEIGHBOUR_PULL_M)
    chosen = rng.choice(
        len(candidates), min(count, len(candidates)), replace=False, p=pull / pull.sum()
    )
    return candidates[chosen]


def _draw_inside(geom: Polygon | MultiPolygon, count: int, rng: np.random.Generator) -> Floats:
    west, south, east, north = geom.bounds
    middle = shapely.point_on_surface(geom)
    found = [np.array([[middle.x, middle.y]])]
    for _ in range(MAX_REDRAWS):
        drawn = rng.uniform((west, south), (east, north), (4 * count, 2))
        drawn = drawn.round(COORDINATE_DECIMALS)
        found.append(drawn[shapely.contains_xy(geom, drawn)])
        if sum(map(len, found)) >= count:
            break
    return np.concatenate(found)[:count]


def _draw_spread(centres: Floats, size_m: float, rng: np.random.Generator) -> Floats:
    # Axes of each hamlet in degrees: a long one along its road, a short one across.
    angle = rng.uniform(0, np.pi, len(centres))
    along_m = np.minimum(rng.uniform(120, 450, len(centres)), 0.2 * size_m)
    across_m = np.minimum(rng.uniform(25, 80, len(centres)), 0.05 * size_m)
    squeeze = np.cos(np.radians(centres[:, 1]))
    cos, sin = np.cos(angle), np.sin(angle)
    east = np.stack([along_m * cos, -across_m * sin], axis=1) / squeeze[:, None]
    north = np.stack([along_m * sin, across_m * cos], axis=1)
    return np.stack([east, north], axis=1) / METRES_PER_DEGREE


def _scatter(
    geom: Polygon | MultiPolygon,
    centres: Floats,
    spread: Floats,
    hamlet: Ints,
    rng: np.random.Generator,
) -> Floats:
    points = centres[hamlet].copy()
    waiting = np.arange(len(hamlet))
    for attempt in range(MAX_REDRAWS):
        steps = rng.standard_normal((len(waiting), 2)) * 0.9**attempt
        moved = centres[hamlet[waiting]] + np.einsum("nij,nj->ni", spread[hamlet[waiting]], steps)
        moved = moved.round(COORDINATE_DECIMALS)
        inside = shapely.contains_xy(geom, moved)
        points[waiting[inside]] = moved[inside]
        waiting = waiting[~inside]
        if not len(waiting):
            break
    # Those still waiting stand at the middle of their hamlet, which lies inside.
    return points
