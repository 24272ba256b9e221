"""Which desa a position lies in, for many positions at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from sqlalchemy import Connection, func, select

from db.models import AdminArea
from geo.displace import draw_offsets
from geo.errors import InvalidFile
from geo.text import N_

TOLERANCE_M = 500
"""How far a position may lie from its desa before that is worth a word."""

_METRES_PER_DEGREE = 111_320.0
_ATTEMPTS = 12
Floats = np.ndarray[Any, np.dtype[np.float64]]
Ints = np.ndarray[Any, np.dtype[np.intp]]


@dataclass(frozen=True, slots=True)
class Places:
    """The desa of the register on a plane in metres.

    The plane is equirectangular round the middle of the area: within a regency its distances are
    true to about one per cent, which a tolerance of 500 m does not notice.

    Attributes
    ----------
    codes, polygons
        Kemendagri code and shape of each desa.
    numbers
        The place of each code among them.
    tree
        Finds shapes.
    metres_per_lon
        Of the plane.
    bps
        Kemendagri code of each BPS code, as far as the boundaries told them.
    names
        Name of each desa.
    """

    codes: list[str]
    numbers: dict[str, int]
    polygons: np.ndarray[Any, np.dtype[np.object_]]
    tree: shapely.STRtree
    metres_per_lon: float
    bps: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)

    @classmethod
    def load(cls, conn: Connection) -> Places:
        """Load every desa.

        Raises
        ------
        InvalidFile
            When no boundaries are loaded yet.
        """
        rows = conn.execute(
            select(
                AdminArea.code,
                func.ST_AsBinary(AdminArea.geom),
                AdminArea.bps_code,
                AdminArea.name,
            )
            .where(AdminArea.level == "desa")
            .order_by(AdminArea.code)
        ).all()
        if not rows:
            raise InvalidFile(N_("Batas desa belum dimuat. Muat batas wilayah dulu."))
        polygons = shapely.from_wkb([bytes(row[1]) for row in rows])
        _, south, _, north = shapely.total_bounds(polygons)
        scale = np.array(
            [_METRES_PER_DEGREE * np.cos(np.radians((south + north) / 2)), _METRES_PER_DEGREE]
        )
        flat = shapely.transform(polygons, lambda degrees: degrees * scale)
        shapely.prepare(flat)
        codes = [row[0] for row in rows]
        numbers = {code: number for number, code in enumerate(codes)}
        bps = {row[2]: row[0] for row in rows if row[2]}
        names = {row[0]: row[3] for row in rows}
        return cls(codes, numbers, flat, shapely.STRtree(flat), scale[0], bps, names)

    def index_of(self, codes: Iterable[str | None]) -> Ints:
        """Return the number of each desa code, -1 where there is no such desa."""
        return np.array([self.numbers.get(code or "", -1) for code in codes], dtype=np.intp)

    def codes_of(self, numbers: Ints) -> list[str | None]:
        """Return the code of each desa number, None for -1."""
        return [self.codes[number] if number >= 0 else None for number in numbers.tolist()]

    def to_points(self, lon: Floats, lat: Floats) -> Any:
        """Put degrees (WGS 84) onto the plane."""
        return shapely.points(lon * self.metres_per_lon, lat * _METRES_PER_DEGREE)

    def locate(self, points: Any) -> Ints:
        """Return the number of the desa each point lies in, or is nearest to within 500 m; else -1.

        A point on a shared border goes to the desa with the lower code.
        """
        found = np.full(len(points), -1, dtype=np.intp)
        desa, row = shapely.STRtree(points).query(self.polygons, predicate="intersects")
        found[row[::-1]] = desa[::-1]
        outside = np.flatnonzero(found < 0)
        if outside.size:
            row, desa = self.tree.query_nearest(
                points[outside], max_distance=TOLERANCE_M, all_matches=False
            )
            found[outside[row]] = desa
        return found

    def is_near(self, points: Any, desa: Ints) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Say for each point whether it lies in its desa or within 500 m of it."""
        polygons = self.polygons[desa]
        near = np.asarray(shapely.intersects(polygons, points))
        outside = np.flatnonzero(~near)
        near[outside] = shapely.dwithin(polygons[outside], points[outside], TOLERANCE_M)
        return near

    def displace(
        self, lon: Floats, lat: Floats, desa: Ints, rng: np.random.Generator
    ) -> tuple[Floats, Floats]:
        """Draw a displaced position inside the same desa for each position.

        Returns
        -------
        tuple of array
            Longitude and latitude; NaN where there was no position, or where the desa is so narrow
            that several draws fell outside. The database draws on for those.
        """
        east, north = np.full(len(lon), np.nan), np.full(len(lat), np.nan)
        left = np.flatnonzero(~np.isnan(lon) & ~np.isnan(lat) & (desa >= 0))
        for _ in range(_ATTEMPTS):
            by_east, by_north = draw_offsets(len(left), rng)
            x = lon[left] * self.metres_per_lon + by_east
            y = lat[left] * _METRES_PER_DEGREE + by_north
            fits = shapely.intersects_xy(self.polygons[desa[left]], x, y)
            east[left[fits]] = x[fits] / self.metres_per_lon
            north[left[fits]] = y[fits] / _METRES_PER_DEGREE
            left = left[~fits]
        return east, north
