"""What is wrong with the positions of households.

What a position can have wrong, the gravest first. A household may have several faults; where only
one can stand, as in a single mark on a list, it is the first of ``KINDS``.

``missing``
    There is no position.
``swapped``
    It lies outside of the regency, and with longitude and latitude exchanged it lies inside. No
    house in Indonesia could be meant by both, so nothing but the exchange explains it. The repair
    is proposed only when the exchanged position lies in the stated desa as well.
``outside_regency``
    It lies more than 100 m from every desa.
``outside_desa``
    It lies more than 100 m from the stated desa. Borders of desa on official maps are off by tens
    of metres, and so is a telephone under a roof; a house on the border is no fault.
``piled``
    It is one of five or more within about 5 m, and there are eight times as many as the
    surroundings lead to expect (``geo/crowding.py``). Two or three families in a house are normal,
    and so are houses wall to wall in a dense quarter; a crowd on a point in a village is its
    office, where all were entered at one desk.
``copied``
    It is the same as another one to the last digit, though the families are not known to share a
    house. The fifth decimal is a metre, the sixth a decimetre, in which two readings of satellites
    hardly ever agree. Coarser positions of neighbours do by chance (``geo/crowding.py``); those
    tell something only where they are of different RW.
``inaccurate``
    The device said that it may be off by more than 50 m: a neighbour's house.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely

from geo.crowding import Flags, Floats, Ints, find_copies, find_piles
from geo.text import N_

TITLES: Mapping[str, str] = {
    "missing": N_("Tanpa posisi"),
    "swapped": N_("Bujur dan lintang tertukar"),
    "outside_regency": N_("Di luar kabupaten"),
    "outside_desa": N_("Di luar desanya"),
    "piled": N_("Menumpuk di satu titik"),
    "copied": N_("Koordinat salinan"),
    "inaccurate": N_("Kurang teliti dari 50 m"),
}
"""What each fault is called on screen, the gravest first."""
KINDS = tuple(TITLES)

TOLERANCE_M = 100.0
"""How far from its desa a position may lie."""
WORST_ACCURACY_M = 50.0
NAMED_COPIES = 5
"""How many of those with the same position are named."""
METRES_PER_DEGREE = 111_320.0
# Beyond any degree, and yet of a number of cells that fits into an integer.
_MOST_DEGREES = 1_000.0


@dataclass(frozen=True, slots=True)
class Pins:
    """Households and their positions, as arrays of one length in any order.

    Attributes
    ----------
    id
        Of the household, each once.
    lon, lat
        Degrees, WGS 84 (EPSG:4326); NaN where there is none.
    accuracy_m
        What the device said; NaN where unknown.
    desa
        Row of the stated desa among the polygons, -1 where it has none.
    house
        The same number for those who are known to live in one house or neighbourhood (RT), -1
        where unknown.
    quarter
        The same for a quarter (RW), which lies apart from others.
    card
        The same number for those on one family card, -1 where unknown.
    """

    id: Ints
    lon: Floats
    lat: Floats
    accuracy_m: Floats
    desa: Ints
    house: Ints
    quarter: Ints
    card: Ints


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with the position of one household.

    Attributes
    ----------
    id
        Of the household.
    kind
        One of ``KINDS``.
    proposed
        Longitude and latitude of the repair, where it is certain.
    detail
        ``distance_m`` from the desa or the regency; ``desa`` (row) in which it lies instead;
        ``count`` of households on the point; ``others``, the first ids of those with the same
        position; ``accuracy_m``.
    """

    id: int
    kind: str
    proposed: tuple[float, float] | None = None
    detail: dict[str, Any] = field(default_factory=dict)


def find_position_faults(pins: Pins, polygons: Any, metres_per_lon: float) -> list[Fault]:
    """Find what is wrong with the positions of households.

    Crowds and copies are looked for where the pins would lie after the certain repairs, so that a
    repair takes its fault away and brings none.

    Parameters
    ----------
    pins
        The households; a pile or a copy is found among those only.
    polygons
        Of all desa of the regency, on a plane in metres: ``x = lon * metres_per_lon``,
        ``y = lat * METRES_PER_DEGREE``. Array of shape ``(desa,)``.
    metres_per_lon
        Of the plane.

    Returns
    -------
    list of Fault
        By household, then in the order of ``KINDS``: the same for any order of the pins.
    """
    order = np.argsort(pins.id, kind="stable")
    ids = pins.id[order].tolist()
    walk = _Walk(_reorder(pins, order), polygons, metres_per_lon)
    found = sorted(walk.find(), key=lambda one: (one[0], KINDS.index(one[1])))
    return [Fault(ids[row], kind, proposed, detail) for row, kind, proposed, detail in found]


def _reorder(pins: Pins, order: Ints) -> Pins:
    return Pins(*(getattr(pins, name)[order] for name in Pins.__slots__))


_Found = tuple[int, str, tuple[float, float] | None, dict[str, Any]]


class _Walk:
    """The pins in the order of their ids; what is found is named by row."""

    def __init__(self, pins: Pins, polygons: Any, metres_per_lon: float) -> None:
        self.pins = pins
        self.polygons = polygons
        shapely.prepare(polygons)
        self.tree = shapely.STRtree(polygons)
        self.metres_per_lon = metres_per_lon

    def find(self) -> Iterator[_Found]:
        pins = self.pins
        present = np.isfinite(pins.lon) & np.isfinite(pins.lat)
        for row in np.flatnonzero(~present).tolist():
            yield row, "missing", None, {}
        lon, lat = (_limit(degrees) for degrees in (pins.lon, pins.lat))
        astray = np.flatnonzero(present)
        astray = astray[~self._is_at_home(astray, lon, lat)]
        inside, distance_m = self._locate(lon[astray], lat[astray])
        lost = astray[inside < 0]
        is_swapped = self._locate(lat[lost], lon[lost])[0] >= 0
        swapped = lost[is_swapped]
        certain = swapped[self._is_at_home(swapped, lat, lon)]
        yield from self._tell_swapped(swapped, certain)
        yield from self._tell_astray(astray, inside, distance_m, swapped)
        lon[certain], lat[certain] = lat[certain], lon[certain]
        yield from self._find_shared(np.flatnonzero(present), lon, lat)
        for row in np.flatnonzero(present & (pins.accuracy_m > WORST_ACCURACY_M)).tolist():
            yield row, "inaccurate", None, {"accuracy_m": _round(pins.accuracy_m[row])}

    def _is_at_home(self, rows: Ints, lon: Floats, lat: Floats) -> Flags:
        """Say which lie in their desa or close to it; no without a desa."""
        points = self._to_points(lon[rows], lat[rows])
        known = np.flatnonzero(self.pins.desa[rows] >= 0)
        home = self.polygons[self.pins.desa[rows[known]]]
        found = np.zeros(len(rows), dtype=bool)
        found[known] = shapely.intersects(home, points[known])
        left = np.flatnonzero(~found[known])
        found[known[left]] = shapely.dwithin(home[left], points[known[left]], TOLERANCE_M)
        return found

    def _locate(self, lon: Floats, lat: Floats) -> tuple[Ints, Floats]:
        """Return the nearest desa, -1 beyond the tolerance, and how far it is.

        A point on a shared border goes to the first of its desa.
        """
        nearest = np.full(len(lon), len(self.polygons), dtype=np.int64)
        distance_m = np.full(len(lon), np.inf)
        if len(self.polygons) and len(lon):
            (row, desa), metres = self.tree.query_nearest(
                self._to_points(lon, lat), return_distance=True
            )
            np.minimum.at(nearest, row, desa)
            distance_m[row] = metres
        return np.where(distance_m <= TOLERANCE_M, nearest, -1), distance_m

    def _to_points(self, lon: Floats, lat: Floats) -> Any:
        return shapely.points(*self._to_plane(lon, lat))

    def _to_plane(self, lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
        return lon * self.metres_per_lon, lat * METRES_PER_DEGREE

    def _tell_swapped(self, swapped: Ints, certain: Ints) -> Iterator[_Found]:
        repairs = set(certain.tolist())
        for row in swapped.tolist():
            repair = (float(self.pins.lat[row]), float(self.pins.lon[row]))
            yield row, "swapped", repair if row in repairs else None, {}

    def _tell_astray(
        self, astray: Ints, inside: Ints, distance_m: Floats, swapped: Ints
    ) -> Iterator[_Found]:
        beyond = np.flatnonzero((inside < 0) & ~np.isin(astray, swapped))
        for position in beyond.tolist():
            metres = distance_m[position]
            detail = {"distance_m": _round(metres)} if np.isfinite(metres) else {}
            yield int(astray[position]), "outside_regency", None, detail
        elsewhere = np.flatnonzero((inside >= 0) & (self.pins.desa[astray] >= 0))
        rows = astray[elsewhere]
        home = self.polygons[self.pins.desa[rows]]
        points = self._to_points(self.pins.lon[rows], self.pins.lat[rows])
        metres = shapely.distance(home, points)
        told = zip(rows.tolist(), metres.tolist(), inside[elsewhere].tolist(), strict=True)
        for row, apart, desa in told:
            yield row, "outside_desa", None, {"distance_m": _round(apart), "desa": desa}

    def _find_shared(self, rows: Ints, lon: Floats, lat: Floats) -> Iterator[_Found]:
        pins = self.pins
        count = find_piles(*self._to_plane(lon[rows], lat[rows]))
        for position in np.flatnonzero(count).tolist():
            yield int(rows[position]), "piled", None, {"count": int(count[position])}
        group = find_copies(
            lon[rows], lat[rows], pins.house[rows], pins.quarter[rows], pins.card[rows]
        )
        copied = np.flatnonzero(group >= 0)
        members: dict[int, list[int]] = {}
        for row, number in zip(rows[copied].tolist(), group[copied].tolist(), strict=True):
            members.setdefault(number, []).append(row)
        for same in members.values():
            first = same[: NAMED_COPIES + 1]
            for row in same:
                others = [int(pins.id[other]) for other in first if other != row][:NAMED_COPIES]
                yield row, "copied", None, {"count": len(same), "others": others}


def _limit(degrees: Floats) -> Floats:
    return np.clip(degrees, -_MOST_DEGREES, _MOST_DEGREES)


def _round(metres: float) -> int:
    return round(float(metres))
