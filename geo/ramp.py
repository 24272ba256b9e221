"""The colours of the map, in one place: ramps for the classes, hues for the aid domains.

A ramp is one hue from light to dark in equal steps of OKLab lightness, so that the order of the
classes survives a greyscale print and every form of colour blindness. A ramp of changes has two
hues that part under every colour blindness; its sides are equally dark, so in greyscale only the
size of a change is left of it, and its sign is drawn beside (a pattern, a mark in the legend).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

# Okabe and Ito (2008), "Color Universal Design": told apart under every colour blindness.
DOMAIN_COLOURS = {
    "education": "#0072b2",
    "health": "#d55e00",
    "food": "#e69f00",
    "business": "#009e73",
    "housing": "#cc79a7",
    "cash": "#56b4e9",
}


@dataclass(frozen=True, slots=True)
class _Hue:
    """Hue in degrees, chroma at the light end, the middle and the dark end (OKLCH)."""

    degrees: float
    chroma: tuple[float, float, float]


# Brick for what should fall, sea green for what should rise, slate blue for neither.
_HUES = {
    "high_is_bad": _Hue(38.0, (0.035, 0.135, 0.105)),
    "high_is_good": _Hue(185.0, (0.03, 0.085, 0.065)),
    "neutral": _Hue(262.0, (0.025, 0.10, 0.10)),
}
# Lightness of the lowest and the highest class. On a dark page low values stay near the ground
# and high ones shine, so that the eye goes to the same places.
_LIGHT_PAGE = (0.945, 0.37)
_DARK_PAGE = (0.34, 0.87)


# Blue where the change is for the better, brick where it is for the worse; plum and ochre where
# nobody can say. Each pair stays apart without the red, the green or the blue cones.
_BETTER = _Hue(248.0, (0.035, 0.12, 0.125))
_WORSE = _Hue(45.0, (0.035, 0.12, 0.115))
_CHANGE_HUES = {
    "high_is_bad": (_BETTER, _WORSE),
    "high_is_good": (_WORSE, _BETTER),
    "neutral": (_Hue(310.0, (0.03, 0.11, 0.12)), _Hue(95.0, (0.04, 0.11, 0.10))),
}
_UNCHANGED_CHROMA = 0.006
_LIGHT_PAGE_CHANGE = (0.925, 0.42)
_DARK_PAGE_CHANGE = (0.36, 0.80)


@cache
def list_change_colours(direction: str, class_count: int, *, dark: bool = False) -> tuple[str, ...]:
    """Return the fill colours of the classes of a change, what fell most first.

    Parameters
    ----------
    direction
        Whether a high value is ``high_is_bad``, ``high_is_good`` or ``neutral``: which side is
        which colour.
    class_count
        Number of classes, odd: as many below the middle one, which did not change, as above.
    dark
        For the dark page.

    Returns
    -------
    tuple of str
        ``#rrggbb``, sRGB. The middle is all but grey and next to the ground; classes as far from
        it are equally light.
    """
    fell, rose = _CHANGE_HUES.get(direction, _CHANGE_HUES["neutral"])
    middle, end = _DARK_PAGE_CHANGE if dark else _LIGHT_PAGE_CHANGE
    per_side = class_count // 2
    shares = [place / per_side for place in range(1, per_side + 1)]
    colours = {
        hue: [
            _to_hex(middle + (end - middle) * share, _chroma(hue, share), hue.degrees)
            for share in shares
        ]
        for hue in (fell, rose)
    }
    unchanged = _to_hex(middle, _UNCHANGED_CHROMA, rose.degrees)
    return (*reversed(colours[fell]), unchanged, *colours[rose])


@cache
def list_ramp_colours(direction: str, class_count: int, *, dark: bool = False) -> tuple[str, ...]:
    """Return the fill colours of the classes, the lowest class first.

    Parameters
    ----------
    direction
        ``high_is_bad``, ``high_is_good`` or ``neutral``, as a layer says.
    class_count
        Number of classes, at least 1.
    dark
        For the dark page.

    Returns
    -------
    tuple of str
        ``#rrggbb``, sRGB.

    Notes
    -----
    OKLab after Björn Ottosson, "A perceptual color space for image processing" (2020). A colour
    outside sRGB gives up chroma, never lightness.
    """
    hue = _HUES.get(direction, _HUES["neutral"])
    low, high = _DARK_PAGE if dark else _LIGHT_PAGE
    shares = [place / max(1, class_count - 1) for place in range(class_count)]
    if class_count == 1:
        shares = [0.5]
    return tuple(
        _to_hex(low + (high - low) * share, _chroma(hue, 1 - share if dark else share), hue.degrees)
        for share in shares
    )


def _chroma(hue: _Hue, share: float) -> float:
    stops = list(pairwise(hue.chroma))
    place = min(int(share * len(stops)), len(stops) - 1)
    start, end = stops[place]
    return start + (end - start) * (share * len(stops) - place)


def _to_hex(lightness: float, chroma: float, degrees: float) -> str:
    red_green_blue = _to_srgb(lightness, chroma, degrees)
    while min(red_green_blue) < 0 or max(red_green_blue) > 1:
        chroma -= 0.002
        red_green_blue = _to_srgb(lightness, chroma, degrees)
    return "#" + "".join(f"{round(part * 255):02x}" for part in red_green_blue)


def _to_srgb(lightness: float, chroma: float, degrees: float) -> tuple[float, float, float]:
    a = chroma * math.cos(math.radians(degrees))
    b = chroma * math.sin(math.radians(degrees))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        _gamma(4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short),
        _gamma(-1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short),
        _gamma(-0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short),
    )


def _gamma(part: float) -> float:
    if part <= 0.0031308:
        return 12.92 * part
    return float(1.055 * part ** (1 / 2.4) - 0.055)
