"""How many families, and how many poor ones, each village of the demo has."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely

from db.demo.draws import Floats, Ints, apportion, standardise

OVERALL_RATE = 0.094
LOWEST_RATE, HIGHEST_RATE = 0.04, 0.20
MIN_FAMILIES_PER_VILLAGE = 20
METRES_PER_DEGREE = 111_320.0
# A few villages hardly have a poor family: their figures must be hidden, and zero is not hidden.
SPARSE_COUNTS = np.array([0, 1, 3, 4])


def draw_villages(
    areas: pd.DataFrame, household_count: int, rng: np.random.Generator
) -> pd.DataFrame:
    """Give each village its families and its share of the poor ones.

    Hardship rises where villages lie far from the regency's middle, far from each other (the
    forest's edge) and inland, with a smooth field of chance over it, so that neighbours resemble
    each other.

    Parameters
    ----------
    areas
        The desa: ``code``, ``parent_code``, ``kind`` and ``geom`` (EPSG:4326).
    household_count
        Poor families in all.
    rng
        The source of chance.

    Returns
    -------
    DataFrame
        ``areas`` with ``x_m``, ``y_m`` (a point inside, metres from the middle), ``area_m2``,
        ``hardship`` (mean 0, standard deviation 1), ``family_count`` and ``household_count``.
    """
    villages = areas.reset_index(drop=True).copy()
    x_m, y_m, area_m2 = _measure(villages["geom"].to_numpy())
    villages = villages.assign(x_m=x_m, y_m=y_m, area_m2=area_m2)
    villages["hardship"] = _draw_hardship(x_m, y_m, rng)
    sparse = _draw_sparse(villages, household_count, rng)
    villages["family_count"] = _draw_families(villages, household_count, sparse, rng)
    villages["household_count"] = _share_poor(villages, household_count, sparse)
    return villages


def _measure(geoms: np.ndarray) -> tuple[Floats, Floats, Floats]:
    # A plain degree grid round the middle: good to a few per mille over a regency.
    inside = shapely.point_on_surface(geoms)
    longitude, latitude = shapely.get_x(inside), shapely.get_y(inside)
    squeeze = np.cos(np.radians(latitude.mean()))
    x_m = (longitude - longitude.mean()) * METRES_PER_DEGREE * squeeze
    y_m = (latitude - latitude.mean()) * METRES_PER_DEGREE
    return x_m, y_m, shapely.area(geoms) * METRES_PER_DEGREE**2 * squeeze


def _draw_hardship(x_m: Floats, y_m: Floats, rng: np.random.Generator) -> Floats:
    distance_m = np.hypot(x_m[:, None] - x_m, y_m[:, None] - y_m)
    neighbours_m = np.sort(distance_m, axis=1)[:, 1:6]
    apart_m = neighbours_m.mean(axis=1) if len(x_m) > 1 else np.zeros(1)
    points = shapely.points(x_m, y_m)
    rim = shapely.convex_hull(shapely.union_all(points)).boundary
    inland_m = shapely.distance(points, rim) if not rim.is_empty else np.zeros(len(x_m))
    score = (
        0.5 * standardise(np.hypot(x_m, y_m))
        + 0.6 * standardise(np.log1p(apart_m))
        + 0.3 * standardise(inland_m)
        + 0.8 * standardise(_draw_smooth_field(x_m, y_m, rng))
        + 0.25 * rng.standard_normal(len(x_m))
    )
    return standardise(score)


def _draw_smooth_field(x_m: Floats, y_m: Floats, rng: np.random.Generator) -> Floats:
    extent_m = max(float(np.ptp(x_m)), float(np.ptp(y_m)), 1.0)
    angle, phase = rng.uniform(0, 2 * np.pi, (2, 6))
    frequency = rng.uniform(0.5, 1.8, 6) * 2 * np.pi / extent_m
    along = x_m[:, None] * np.cos(angle) + y_m[:, None] * np.sin(angle)
    return np.asarray(np.sin(along * frequency + phase).sum(axis=1))


def _draw_sparse(villages: pd.DataFrame, household_count: int, rng: np.random.Generator) -> Ints:
    if len(villages) < 20 or household_count < 10 * len(villages):
        return np.array([], dtype=np.int64)
    shuffled = rng.permutation(len(villages))
    one_each = villages.iloc[shuffled].drop_duplicates("parent_code").index.to_numpy()
    return one_each[: len(SPARSE_COUNTS)]


def _draw_families(
    villages: pd.DataFrame, household_count: int, sparse: Ints, rng: np.random.Generator
) -> Ints:
    floor = MIN_FAMILIES_PER_VILLAGE * len(villages)
    total = max(round(household_count / OVERALL_RATE), floor)
    weights = villages["area_m2"].to_numpy() ** 0.35 * rng.lognormal(0, 0.4, len(villages))
    few = rng.integers(40, 100, len(sparse))
    weights[sparse] = 0
    families = apportion(total - int(few.sum()), weights)
    families[sparse] = few
    return families


def _share_poor(villages: pd.DataFrame, household_count: int, sparse: Ints) -> Ints:
    families = villages["family_count"].to_numpy()
    hardship = villages["hardship"].to_numpy()
    rate = _solve_rates(hardship, families, household_count / families.sum())
    weights = families * rate
    weights[sparse] = 0
    fixed = SPARSE_COUNTS[: len(sparse)]
    poor = apportion(household_count - int(fixed.sum()), weights)
    poor[sparse] = fixed
    return poor


def _solve_rates(hardship: Floats, families: Ints, overall_rate: float) -> Floats:
    target = np.clip(overall_rate, LOWEST_RATE * 1.05, HIGHEST_RATE * 0.95)
    low, high = -8.0, 2.0
    for _ in range(50):
        level = (low + high) / 2
        rate = np.clip(np.exp(level + 0.42 * hardship), LOWEST_RATE, HIGHEST_RATE)
        mean = float((rate * families).sum() / families.sum())
        low, high = (level, high) if mean < target else (low, level)
    return np.asarray(rate)
