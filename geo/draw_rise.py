"""The mark of what rose, in a drawn map: without colour a change would have no direction."""

from __future__ import annotations

from geo import draw_svg as svg
from geo.draw_legend import GROUND, INK
from geo.draw_picture import MapPicture

_TILE = 11
_TRIANGLE = "M5.5 3 8 7.4H3Z"


def list_fills(picture: MapPicture) -> tuple[str, ...]:
    """Return the fills of the classes, the lowest first: colours, and patterns for what rose."""
    return tuple(
        f"url(#rose-{place})" if _has_risen(place, picture) else colour
        for place, colour in enumerate(picture.ramp)
    )


def draw_rise_patterns(picture: MapPicture) -> str:
    """Draw the patterns that :func:`list_fills` names: small triangles on each class's colour."""
    return "".join(
        svg.element(
            "pattern",
            svg.element("rect", width=_TILE, height=_TILE, fill=colour)
            + svg.element(
                "path",
                d=_TRIANGLE,
                fill=INK,
                stroke=GROUND,
                stroke_width=1.4,
                stroke_linejoin="round",
                paint_order="stroke",
            ),
            id=f"rose-{place}",
            width=_TILE,
            height=_TILE,
            patternUnits="userSpaceOnUse",
        )
        for place, colour in enumerate(picture.ramp)
        if _has_risen(place, picture)
    )


def _has_risen(place: int, picture: MapPicture) -> bool:
    return picture.rose_from is not None and place >= picture.rose_from
