"""A regency of households whose faults of position are known, because they were put in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely

from db.demo.outline import draw_features
from db.demo.settlements import draw_homes
from db.demo.villages import draw_villages
from geo.positions import KINDS, METRES_PER_DEGREE, Pins

Draw = np.random.Generator
NEIGHBOURHOODS = 6
"""RT in a hamlet."""


@dataclass(frozen=True, slots=True)
class Sample:
    """Households, the desa on the plane, and by kind the rows that were spoilt."""

    pins: Pins
    polygons: np.ndarray
    metres_per_lon: float
    spoilt: dict[str, np.ndarray]


def draw_sample(count: int, of_each_kind: int, seed: int) -> Sample:
    """Draw households in hamlets, with what is odd and yet right, and spoil some of them."""
    rng = np.random.default_rng(seed)
    areas = pd.DataFrame(
        {**f["properties"], "geom": shapely.geometry.shape(f["geometry"])}
        for f in draw_features()["features"]
    ).rename(columns={"parent": "parent_code"})
    villages = draw_villages(areas, count, rng)
    homes = draw_homes(villages, rng)
    middle = np.mean(shapely.total_bounds(villages["geom"].to_numpy())[1::2])
    metres_per_lon = METRES_PER_DEGREE * np.cos(np.radians(middle))
    scale = np.array([metres_per_lon, METRES_PER_DEGREE])
    polygons = shapely.transform(villages["geom"].to_numpy(), lambda degrees: degrees * scale)
    desa = homes["village"].to_numpy().copy()
    rt = homes["hamlet"].to_numpy() * NEIGHBOURHOODS + rng.integers(0, NEIGHBOURHOODS, count)
    place = _Place(homes[["longitude", "latitude"]].to_numpy() * scale, desa, rt, polygons, rng)
    rows = iter(np.array_split(rng.permutation(count), count // 100))
    _draw_oddities(place, rows.__next__)
    place.xy = (place.xy / scale).round(7) * scale
    _round_some(place, scale)
    accuracy_m = rng.uniform(3, 25, count)
    spoilt = {
        kind: np.concatenate([next(rows) for _ in range(-(-of_each_kind // 100))])[:of_each_kind]
        for kind in KINDS
    }
    for kind, spoil in _SPOILERS.items():
        spoil(place, spoilt[kind])
    lon, lat = (place.xy / scale).round(7).T.copy()
    lon[spoilt["swapped"]], lat[spoilt["swapped"]] = lat[spoilt["swapped"]], lon[spoilt["swapped"]]
    lon[spoilt["missing"]] = lat[spoilt["missing"]] = np.nan
    accuracy_m[spoilt["inaccurate"]] = rng.uniform(51, 500, of_each_kind)
    house = desa * 1_000 + place.rt
    quarter = desa * 1_000 + place.rt // NEIGHBOURHOODS
    card = np.full(count, -1, dtype=np.int64)
    pins = Pins(np.arange(count) + 1, lon, lat, accuracy_m, desa, house, quarter, card)
    return Sample(pins, polygons, float(metres_per_lon), spoilt)


@dataclass(slots=True)
class _Place:
    xy: np.ndarray
    desa: np.ndarray
    rt: np.ndarray
    polygons: np.ndarray
    rng: Draw


def _draw_oddities(place: _Place, take: Callable[[], np.ndarray]) -> None:
    """Draw what looks like a fault and is none."""
    rng = place.rng
    # Two or three families in one house, on one position.
    for house in np.array_split(take(), 40):
        place.xy[house], place.rt[house], place.desa[house] = (
            values[house[0]] for values in (place.xy, place.rt, place.desa)
        )
    # A quarter of houses wall to wall: 4 by 6 metres each.
    quarter = take()
    steps = np.stack(np.divmod(np.arange(len(quarter)), 10), axis=1) * [4.0, 6.0]
    place.xy[quarter] = _inner_point(place, quarter[0]) + steps + rng.uniform(-1, 1, steps.shape)
    place.desa[quarter] = place.desa[quarter[0]]
    place.rt[quarter] = place.rt[quarter[0]] // NEIGHBOURHOODS * NEIGHBOURHOODS
    place.rt[quarter] += rng.integers(0, NEIGHBOURHOODS, len(quarter))
    # Houses on the border, of which a device says that they are beyond it.
    for row in take():
        border = place.polygons[place.desa[row]].boundary
        at = border.interpolate(rng.uniform(), normalized=True)
        place.xy[row] = np.array([at.x, at.y]) + rng.uniform(-25, 25, 2)


def _round_some(place: _Place, scale: np.ndarray) -> None:
    """In some villages the device kept four or five decimals."""
    for decimals, villages in ((4, 5), (5, 20)):
        rough = np.isin(place.desa, place.rng.permutation(len(place.polygons))[:villages])
        place.xy[rough] = (place.xy[rough] / scale).round(decimals) * scale


def _inner_point(place: _Place, row: int) -> np.ndarray:
    point = shapely.point_on_surface(place.polygons[place.desa[row]])
    return np.array([point.x, point.y])


def _spoil_outside_regency(place: _Place, rows: np.ndarray) -> None:
    """No fix yet, the wrong hemisphere, a wrong degree, the sea off the coast."""
    none, north, degree, sea = np.array_split(rows, 4)
    place.xy[none] = 0.0
    place.xy[north, 1] *= -1
    place.xy[degree, 0] -= METRES_PER_DEGREE
    coast = shapely.union_all(place.polygons).buffer(400).exterior
    for row in sea:
        at = coast.interpolate(place.rng.uniform(), normalized=True)
        place.xy[row] = at.x, at.y


def _spoil_outside_desa(place: _Place, rows: np.ndarray) -> None:
    """Half in the neighbouring desa, half anywhere in the regency."""
    near, far = np.array_split(rows, 2)
    for row in rows:
        home = place.polygons[place.desa[row]]
        while True:
            if row in near:
                ring = home.buffer(place.rng.uniform(150, 2_000)).exterior
                at = ring.interpolate(place.rng.uniform(), normalized=True)
                xy = np.array([at.x, at.y])
            else:
                xy = _inner_point(place, place.rng.integers(len(place.xy)))
                xy = xy + place.rng.uniform(-500, 500, 2)
            point = shapely.Point(xy)
            inside = shapely.intersects(place.polygons, point).any()
            if inside and home.distance(point) > 120:
                place.xy[row] = xy
                break
    assert len(near) and len(far)


def _spoil_piled(place: _Place, rows: np.ndarray) -> None:
    """A dozen at each office: to the last digit, or scattered as devices at one desk are."""
    for number, crowd in enumerate(np.array_split(rows, max(len(rows) // 12, 1))):
        place.desa[crowd] = place.desa[crowd[0]]
        office = place.xy[crowd[0]].copy()
        scatter = place.rng.normal(0, 2.5, (len(crowd), 2)) * (number % 2)
        place.xy[crowd] = office + scatter


def _spoil_copied(place: _Place, rows: np.ndarray) -> None:
    """Of another household, most often of the same desa."""
    for number, row in enumerate(rows):
        same = place.desa == place.desa[row] if number % 4 else np.ones(len(place.xy), dtype=bool)
        apart = (place.rt != place.rt[row]) | (place.desa != place.desa[row])
        donors = np.setdiff1d(np.flatnonzero(same & apart), rows)
        place.xy[row] = place.xy[place.rng.choice(donors)]


_SPOILERS = {
    "outside_regency": _spoil_outside_regency,
    "outside_desa": _spoil_outside_desa,
    "piled": _spoil_piled,
    "copied": _spoil_copied,
}
