"""The colours of the map, in one place: ramps for the classes, hues for the aid domains.

A ramp is one hue from light to dark in equal steps of OKLab lightness, so that the order of the
classes survives a greyscale print and every form of colour blindness.
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
