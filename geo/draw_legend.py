"""What explains a drawn map: its head, its legend, its scale bar."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from geo import draw_svg as svg
from geo.draw_place import Box

INK, INK_SOFT, GROUND = "#18202a", "#47525f", "#ffffff"
LAND, GREY = "#f1efe9", "#d3d6d9"
_OTHER_FILLS = {"no_data": "url(#no-data)", "hidden": GREY}
_ROW, _NOTE = 26, 36
LEGEND_WIDTH = 250

# A household that has received aid is a filled dot, one that never has a strong ring.
POINT_SYMBOLS = (
    f'<circle id="aid" r="2.3" fill="{INK_SOFT}" stroke="{GROUND}" stroke-width="0.6"/>'
    f'<circle id="no-aid" r="2.7" fill="{GROUND}" stroke="#a3180c" stroke-width="1.7"/>'
)


@dataclass(frozen=True, slots=True)
class LegendClass:
    """One row of the legend.

    Attributes
    ----------
    label
        Such as ``5,1 - 8,4 %``.
    count_text
        How many areas, such as ``5 wilayah``.
    kind
        ``class``, ``no_data``, ``hidden``, ``aid`` or ``no_aid`` (households as points); rows of
        kind ``class`` take the ramp's colours in turn.
    """

    label: str
    count_text: str = ""
    kind: str = "class"


_TITLE_LETTER = 0.7
"""Width of an average letter of a title, in its font size, where our own font is missing."""
_SMALLEST_TITLE = 10.0


def draw_head(title: str, subtitle: str, width: float) -> str:
    """Draw title and subtitle; a long title is set smaller, so that it fits."""
    size, small = (19.0, 12) if is_narrow(width) else (26.0, 14)
    room = (width - 48) / (_TITLE_LETTER * max(len(title), 1))
    size = round(min(size, max(room, _SMALLEST_TITLE)), 1)
    return svg.element(
        "text", svg.escape(title), x=24, y=42, font_size=size, font_weight=700, fill=INK
    ) + svg.element("text", svg.escape(subtitle), x=24, y=66, font_size=small, fill=INK_SOFT)


def is_narrow(width: float) -> bool:
    """Whether a page has its legend at the foot, not beside the map."""
    return width < 700


def legend_height(row_count: int) -> float:
    """Return the height a legend takes at the foot of a narrow page."""
    return 46 + 14 + row_count * _ROW + _NOTE if row_count else 110


def draw_legend(
    classes: Sequence[LegendClass],
    ramp: Sequence[str],
    unit: str,
    circles: tuple[str, tuple[tuple[str, float], ...]],
    place: Box,
    note: str = "",
) -> str:
    """Draw the classes with how many areas each holds, then the circles.

    Parameters
    ----------
    classes
        Rows, the lowest class first.
    ramp
        Colours of the rows of kind ``class``.
    unit
        Stands above the rows.
    circles
        What circles count, and (text, radius in page units) of those to show.
    place
        Where on the page; one without height has the circles beside the rows.
    note
        Stands beneath the rows: how the classes were made.
    """
    parts = []
    left, top = place.left, place.top
    if classes:
        parts.append(_heading(unit, left, top))
        colours = iter(ramp)
        for number, row in enumerate(classes):
            fill = next(colours, LAND) if row.kind == "class" else _OTHER_FILLS.get(row.kind, "")
            parts.append(_draw_row(row, fill, left, top + 14 + number * _ROW))
        foot = top + 14 + len(classes) * _ROW
        if note:
            parts.append(_draw_note(note, left, foot + 12))
        if place.height:
            top = foot + 34 + (_NOTE if note else 0)
        else:
            left += 246
    if circles[1]:
        parts.append(_draw_circles(circles, left, top))
    return "".join(parts)


def _heading(text: str, left: float, y: float) -> str:
    return svg.element(
        "text", svg.escape(text), x=left, y=y, font_size=13, font_weight=600, fill=INK
    )


def _draw_note(text: str, left: float, y: float) -> str:
    # Its two halves are parted by a middle dot; one line has no room for both in every font.
    return "".join(
        svg.element("text", svg.escape(line), x=left, y=y + 15 * place, font_size=12, fill=INK_SOFT)
        for place, line in enumerate(text.split(" · "))
    )


def _draw_row(row: LegendClass, fill: str, left: float, top: float) -> str:
    if row.kind in ("aid", "no_aid"):
        spot = f"translate({svg.number(left + 15)} {svg.number(top + 9)}) scale(2)"
        box = svg.element("use", href=f"#{row.kind.replace('_', '-')}", transform=spot)
    else:
        box = _draw_swatch(row.kind, fill, left, top)
    label = svg.element(
        "text", svg.escape(row.label), x=left + 40, y=top + 14, font_size=13, fill=INK
    )
    count = svg.element(
        "text",
        svg.escape(row.count_text),
        x=left + 226,
        y=top + 14,
        font_size=12,
        fill=INK_SOFT,
        text_anchor="end",
    )
    return box + label + count


def _draw_swatch(kind: str, fill: str, left: float, top: float) -> str:
    return svg.element(
        "rect",
        x=left,
        y=top,
        width=30,
        height=18,
        fill=fill,
        stroke=INK_SOFT,
        stroke_width=0.6,
        stroke_dasharray="4 2" if kind == "hidden" else None,
    )


def _draw_circles(
    circles: tuple[str, tuple[tuple[str, float], ...]], left: float, top: float
) -> str:
    title, shown = circles
    largest = max(radius for _, radius in shown)
    middle, foot = left + largest, top + 14 + 2 * largest
    parts = [_heading(title, left, top)]
    end = left + 2 * largest + 12
    line = -math.inf
    for label, radius in shown:
        y = foot - 2 * radius
        line = max(y, line + 14)  # labels of circles alike in size keep apart
        lead = f"M{svg.number(middle)} {svg.number(y)}L{svg.number(end)} {svg.number(line)}"
        parts += [
            svg.element("circle", cx=middle, cy=foot - radius, r=radius, fill="none", stroke=INK),
            svg.element("path", d=lead, stroke=INK_SOFT, stroke_width=0.6),
            svg.element("text", svg.escape(label), x=end + 4, y=line + 4, font_size=12, fill=INK),
        ]
    return "".join(parts)


def draw_scale_bar(scale: float | None, frame: Box) -> str:
    """Draw a bar of a round length at the foot of the frame.

    Parameters
    ----------
    scale
        Page units per metre; None draws nothing.
    frame
        Where the map stands.
    """
    if not scale:
        return ""
    length_m = round_length_m(frame.width * 0.16 / scale)
    left, y, right = frame.left, frame.bottom + 6, frame.left + length_m * scale
    label = f"{length_m / 1000:g} km" if length_m >= 1000 else f"{length_m:g} m"
    ends = "".join(f"M{x:.2f} {y - 5:.2f}v5" for x in (left, right))
    bar = f"{ends}M{left:.2f} {y:.2f}H{right:.2f}"
    return svg.element(
        "g",
        svg.element("path", d=bar, stroke=INK, stroke_width=1.4, fill="none")
        + svg.element("text", label, x=right + 6, y=y + 1, font_size=12, fill=INK),
        id="scale-bar",
        data_metres=length_m,
    )


def round_length_m(most_m: float) -> float:
    """Return the longest of 1, 2, 5, 10, 20, 50 … metres that isn't longer."""
    power = 10.0 ** math.floor(math.log10(most_m))
    return max(step * power for step in (1, 2, 5) if step * power <= most_m * (1 + 1e-9))
