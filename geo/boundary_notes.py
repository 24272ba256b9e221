"""What a person should know of imported boundaries, as Indonesian sentences.

None of these stops an import: official files overlap and leave gaps too.
"""

from __future__ import annotations

from collections.abc import Sequence

import shapely

from geo.boundary_coverage import find_gaps, find_overlaps
from geo.boundary_shapes import Shapes
from geo.text import N_

OVERLAPS = N_(
    "{count} pasang wilayah bertumpang tindih, seluruhnya {total} ha;"
    " terbesar {first} dan {second} ({largest} ha)."
)
GAPS = N_("{count} celah di antara wilayah (bisa jadi danau), seluruhnya {total} ha.")
UNNAMED = N_("{count} wilayah tanpa nama; kodenya dipakai sebagai nama ({codes}).")
OTHER_EXTENT = N_(
    "Luas {name} ({code}) di berkas {given} km², gabungan bagian-bagiannya {made} km²;"
    " yang dipakai gabungannya."
)
_NOTABLE_DIFFERENCE = 0.01
_MAX_CODES_NAMED = 5
_HA_PER_KM2 = 100


def describe_overlaps(codes: Sequence[str], shapes: Shapes) -> list[str]:
    """Say how many areas overlap, by how much, and which the worst.

    Parameters
    ----------
    codes
        One for each shape.
    shapes
        As they came in, valid, in longitude and latitude (EPSG:4326).
    """
    overlaps = find_overlaps(shapes)
    if not overlaps:
        return []
    largest = overlaps[0]
    sentence = OVERLAPS.format(
        count=len(overlaps),
        total=_hectares(sum(overlap.area_km2 for overlap in overlaps)),
        first=codes[largest.first],
        second=codes[largest.second],
        largest=_hectares(largest.area_km2),
    )
    return [sentence]


def describe_gaps(whole: shapely.Geometry) -> list[str]:
    """Say how many holes a dissolved area has, and how large they are together."""
    gaps = find_gaps(whole)
    return [GAPS.format(count=len(gaps), total=_hectares(sum(gaps)))] if gaps else []


def describe_unnamed(codes: Sequence[str]) -> list[str]:
    """Say which areas have no name, so that their code stands in for it."""
    if not codes:
        return []
    more = ", …" if len(codes) > _MAX_CODES_NAMED else ""
    return [UNNAMED.format(count=len(codes), codes=", ".join(codes[:_MAX_CODES_NAMED]) + more)]


def describe_other_extents(areas: Sequence[tuple[str, str, float, float]]) -> list[str]:
    """Say which areas are drawn larger or smaller in the file than their parts together.

    Parameters
    ----------
    areas
        Name, code, area in the file and area of the parts, both in square kilometres.
    """
    return [
        OTHER_EXTENT.format(
            name=name, code=code, given=_decimal(given_km2), made=_decimal(made_km2)
        )
        for name, code, given_km2, made_km2 in areas
        if abs(given_km2 - made_km2) > _NOTABLE_DIFFERENCE * given_km2
    ]


def _hectares(area_km2: float) -> str:
    return _decimal(area_km2 * _HA_PER_KM2)


def _decimal(value: float) -> str:
    return f"{value:.2f}".replace(".", ",")
