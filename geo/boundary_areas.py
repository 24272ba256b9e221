"""From the rows of boundary files to the areas of three levels.

The smallest areas known of a place, its leaves, are desa where there are any, else kecamatan,
else kabupaten. They make one coverage, and every larger area is dissolved from them, so that all
levels share their borders, in full and simplified for the map.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely

from geo.boundary_codes import BPS_DIGITS, kind_of
from geo.boundary_coverage import (
    as_multipolygons,
    clean_coverage,
    dissolve,
    dissolve_as_given,
    simplify_coverage,
)
from geo.boundary_notes import (
    describe_gaps,
    describe_other_extents,
    describe_overlaps,
    describe_unnamed,
)
from geo.boundary_shapes import Shapes, get_area_km2, get_label_points
from geo.text import N_
from geo.view import level_of

SAME_CODE = N_("Kode {code} sudah dipakai wilayah lain dalam impor ini, bernama “{name}”.")


@dataclass(frozen=True, slots=True, eq=False)
class BoundaryRow:
    """A row that holds an area.

    Attributes
    ----------
    code
        Kemendagri code with dots.
    name
        None when the row has none.
    upper_names
        Names of the kecamatan and kabupaten it lies in, by level, as far as the row tells.
    bps_code
        As far as the row or the crosswalk tells.
    shape
        Valid MultiPolygon in longitude and latitude (EPSG:4326).
    place
        Where it stood: file and row, both counted by the caller.
    """

    code: str
    name: str | None
    upper_names: Mapping[str, str]
    bps_code: str | None
    shape: shapely.MultiPolygon
    place: tuple[int, int]


@dataclass(frozen=True, slots=True, eq=False)
class Area:
    """An area as the table ``admin_area`` holds it; shapes in EPSG:4326, area geodesic."""

    code: str
    name: str
    bps_code: str | None
    geom: shapely.MultiPolygon
    geom_map: shapely.MultiPolygon
    label_point: shapely.Point
    area_km2: float

    @property
    def level(self) -> str:
        """``kabupaten``, ``kecamatan`` or ``desa``."""
        return level_of(self.code)

    @property
    def kind(self) -> str:
        """As :func:`geo.boundary_codes.kind_of` tells it."""
        return kind_of(self.code)

    @property
    def parent_code(self) -> str | None:
        """Code of the area one level up; None for a kabupaten."""
        return parent_of(self.code)


@dataclass(frozen=True, slots=True, eq=False)
class KnownArea:
    """What the database holds of an area already."""

    name: str
    bps_code: str | None
    geom: shapely.MultiPolygon


@dataclass(slots=True)
class MergedRows:
    """Rows joined by code, and those that claim the code of another area."""

    rows: dict[str, BoundaryRow] = field(default_factory=dict)
    rejections: dict[tuple[int, int], str] = field(default_factory=dict)


def parent_of(code: str) -> str | None:
    """Return the code one level up, None for a kabupaten."""
    return code.rpartition(".")[0] if code.count(".") > 1 else None


def merge_rows(rows: Iterable[BoundaryRow]) -> MergedRows:
    """Join the rows of one code: parts of one area when their names agree, else an error.

    Parameters
    ----------
    rows
        In the order of their files; the first of a code decides its name.

    Returns
    -------
    MergedRows
        One row for each code, with the union of its parts, and a sentence for each row whose
        code another name has taken.
    """
    merged = MergedRows()
    parts: dict[str, list[BoundaryRow]] = {}
    for row in rows:
        first = parts.setdefault(row.code, [row])[0]
        if first.name != row.name:
            reason = SAME_CODE.format(code=row.code, name=first.name)
            merged.rejections[row.place] = reason
        elif row is not first:
            parts[row.code].append(row)
    for code, same in parts.items():
        merged.rows[code] = _join(same)
    return merged


def _join(rows: Sequence[BoundaryRow]) -> BoundaryRow:
    first = rows[0]
    if all(row.shape.equals_exact(first.shape) for row in rows[1:]):
        return first
    [shape] = as_multipolygons([shapely.union_all([row.shape for row in rows])])
    return BoundaryRow(
        first.code, first.name, first.upper_names, first.bps_code, shape, first.place
    )


def build_areas(
    rows: Mapping[str, BoundaryRow], known: Mapping[str, KnownArea]
) -> tuple[list[Area], list[str]]:
    """Make the areas of all levels from the rows and from what is known already.

    Parameters
    ----------
    rows
        By code.
    known
        Areas of the database, by code. They fill in what the rows leave out: a file of one desa
        must not shrink its kecamatan to that desa.

    Returns
    -------
    list of Area
        Kabupaten first, then kecamatan, then desa, each in the order of their codes.
    list of str
        What a person should know of them, as Indonesian sentences.
    """
    leaves = _list_leaves({*rows, *known})
    shapes = np.array(
        [rows[code].shape if code in rows else known[code].geom for code in leaves], dtype=object
    )
    cleaned = clean_coverage(shapes)
    members = _list_members(leaves)
    upper = dissolve_as_given(shapes, cleaned, list(members.values()))
    # A leaf keeps the shape that came in; only what is made from it is made from the clean one.
    geoms = dict(zip(leaves, shapes, strict=True)) | dict(zip(members, upper, strict=True))
    simplified = simplify_coverage(cleaned)
    upper_map = dissolve(simplified, list(members.values()))
    maps = dict(zip(leaves, simplified, strict=True)) | dict(zip(members, upper_map, strict=True))

    codes = sorted(geoms, key=lambda code: (code.count("."), code))
    names = _find_names(codes, rows, known)
    areas = _assemble(codes, rows, known, names, geoms, maps)
    made_from_parts = [area for area in areas if area.code in members and area.code in rows]
    notes = [
        *_describe_coverage(leaves, shapes, is_clean=cleaned is shapes),
        *describe_unnamed([code for code in codes if names[code] == code]),
        *describe_other_extents(
            [
                (area.name, area.code, get_area_km2(rows[area.code].shape), area.area_km2)
                for area in made_from_parts
            ]
        ),
    ]
    return areas, notes


def _describe_coverage(leaves: Sequence[str], shapes: Shapes, *, is_clean: bool) -> list[str]:
    if is_clean:
        return describe_gaps(shapely.coverage_union_all(shapes))
    return [*describe_overlaps(leaves, shapes), *describe_gaps(shapely.union_all(shapes))]


def _assemble(
    codes: Sequence[str],
    rows: Mapping[str, BoundaryRow],
    known: Mapping[str, KnownArea],
    names: Mapping[str, str],
    geoms: Mapping[str, shapely.MultiPolygon],
    maps: Mapping[str, shapely.MultiPolygon],
) -> list[Area]:
    points = get_label_points(np.array([geoms[code] for code in codes], dtype=object))
    bps_codes = _find_bps_codes(codes, rows, known)
    return [
        Area(
            code,
            names[code],
            bps_codes.get(code),
            geoms[code],
            maps[code],
            point,
            get_area_km2(geoms[code]),
        )
        for code, point in zip(codes, points, strict=True)
    ]


def _list_leaves(codes: set[str]) -> list[str]:
    above = set()
    for code in codes:
        parent = parent_of(code)
        while parent is not None:
            above.add(parent)
            parent = parent_of(parent)
    return sorted(codes - above)


def _list_members(leaves: Sequence[str]) -> dict[str, list[int]]:
    members: dict[str, list[int]] = {}
    for index, leaf in enumerate(leaves):
        parent = parent_of(leaf)
        while parent is not None:
            members.setdefault(parent, []).append(index)
            parent = parent_of(parent)
    return members


def _find_names(
    codes: Sequence[str], rows: Mapping[str, BoundaryRow], known: Mapping[str, KnownArea]
) -> dict[str, str]:
    told: dict[str, Counter[str]] = {}
    for row in rows.values():
        upper = parent_of(row.code)
        while upper is not None:
            if level_of(upper) in row.upper_names:
                told.setdefault(upper, Counter())[row.upper_names[level_of(upper)]] += 1
            upper = parent_of(upper)
    names = {code: seen.most_common(1)[0][0] for code, seen in told.items()}
    names |= {code: row.name for code, row in rows.items() if row.name}
    return {
        code: names.get(code) or (known[code].name if code in known else code) for code in codes
    }


def _find_bps_codes(
    codes: Sequence[str], rows: Mapping[str, BoundaryRow], known: Mapping[str, KnownArea]
) -> dict[str, str]:
    found: dict[str, str] = {}
    of_parts: dict[str, set[str]] = {}
    for code in sorted(codes, reverse=True):  # the parts of an area before the area itself
        told = rows[code].bps_code if code in rows else None
        shared = of_parts.get(code, set())
        stored = known[code].bps_code if code in known else None
        bps_code = told or (shared.pop() if len(shared) == 1 else stored)
        parent = parent_of(code)
        if bps_code is not None:
            found[code] = bps_code
            if parent is not None:
                length = BPS_DIGITS[level_of(parent)]
                of_parts.setdefault(parent, set()).add(bps_code[:length])
    return found
