"""Drawing a map as SVG: the picture where no WebGL is, and the one that goes on paper."""

from __future__ import annotations

from collections.abc import Sequence

import shapely
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

from geo import draw_svg as svg
from geo.draw_legend import (
    GREY,
    GROUND,
    INK,
    INK_SOFT,
    LAND,
    LEGEND_WIDTH,
    POINT_SYMBOLS,
    draw_head,
    draw_legend,
    draw_scale_bar,
    is_narrow,
)
from geo.draw_marks import draw_names, draw_points, list_circles
from geo.draw_picture import (
    HIDDEN,
    NO_DATA,
    AreaPicture,
    MapPicture,
    circle_radius,
    frame_of,
)
from geo.draw_place import Box, Page
from geo.draw_rise import draw_rise_patterns, list_fills
from geo.projection import make_transformer, pick_utm_epsg

_LINE = "#8b939b"
_FONT = "Plus Jakarta Sans Variable, Plus Jakarta Sans, Liberation Sans, sans-serif"


def draw_map(picture: MapPicture, transformer: Transformer | None = None) -> str:
    """Draw a map.

    Parameters
    ----------
    picture
        What stands on it.
    transformer
        From degrees to metres; by default the UTM zone of the middle.

    Returns
    -------
    str
        SVG, under 300 kB for the 217 villages of a regency. The same picture gives the same bytes.
    """
    frame = frame_of(picture)
    shown = [area.shape for area in picture.areas if not area.shape.is_empty]
    transformer = transformer or _transformer_for(shown)
    page = Page.fit(shown, transformer, frame) if shown else Page(transformer, 1.0, 0.0, 0.0)
    circles = list_circles(picture, page)
    parts = [
        draw_head(picture.title, picture.subtitle, picture.size[0]),
        svg.element("g", _draw_land(picture, page), clip_path="url(#frame)"),
        draw_points(picture, page),
        "".join(circle.element for circle in circles),
        draw_names(picture, page, circles, frame),
        draw_legend(
            picture.classes,
            list_fills(picture),
            picture.unit,
            _legend_circles(picture),
            _legend_place(picture, frame),
            picture.class_note,
        ),
        draw_scale_bar(page.scale if shown else None, frame),
        _draw_notes(picture),
    ]
    return _document(picture, frame, "".join(parts))


def _document(picture: MapPicture, frame: Box, content: str) -> str:
    width, height = picture.size
    description = ". ".join(
        part
        for part in (picture.subtitle, picture.unit, picture.class_note, *picture.notes)
        if part
    )
    right = width if is_narrow(width) else frame.right + 8
    clip = svg.element("rect", x=0, y=frame.top - 8, width=right, height=frame.height + 16)
    head = (
        svg.element("title", svg.escape(picture.title), id="map-title")
        + (svg.element("desc", svg.escape(description), id="map-desc") if description else "")
        + f"<defs>{_HATCH}{draw_rise_patterns(picture)}{POINT_SYMBOLS}"
        + f"{svg.element('clipPath', clip, id='frame')}</defs>"
        + svg.element("rect", width=width, height=height, fill=GROUND)
    )
    return svg.element(
        "svg",
        head + content,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {width} {height}",
        role="img",
        aria_labelledby="map-title" + (" map-desc" if description else ""),
        font_family=_FONT,
    )


_HATCH = (
    f'<pattern id="no-data" width="6" height="6" patternUnits="userSpaceOnUse">'
    f'<rect width="6" height="6" fill="{GROUND}"/>'
    f'<path d="M-1 7 7-1M-1 1 1-1M5 7 7 5" stroke="{INK_SOFT}" stroke-width="0.9"/></pattern>'
)


def _legend_place(picture: MapPicture, frame: Box) -> Box:
    width = picture.size[0]
    if is_narrow(width):
        return Box(24, frame.bottom + 40, width - 24, frame.bottom + 40)
    return Box(width - LEGEND_WIDTH, 108, width - 24, frame.bottom)


def _transformer_for(shapes: Sequence[BaseGeometry]) -> Transformer:
    west, south, east, north = shapely.total_bounds(shapes) if shapes else (0, 0, 0, 0)
    return make_transformer(pick_utm_epsg((west + east) / 2, (south + north) / 2))


def _draw_land(picture: MapPicture, page: Page) -> str:
    around = "".join(svg.path(shape) for shape in page.draw(picture.around))
    parents = "".join(svg.path(shape) for shape in page.draw(picture.parents))
    shapes = page.draw([area.shape for area in picture.areas])
    fills = list_fills(picture)
    painted = [
        _draw_area(area, shape, fills) for area, shape in zip(picture.areas, shapes, strict=True)
    ]
    return (
        (
            svg.element("path", d=around, fill=LAND, stroke="#c9ccce", stroke_width=0.6)
            if around
            else ""
        )
        + svg.element(
            "g",
            "".join(painted),
            stroke=GROUND,
            stroke_width=0.8 if len(shapes) <= 40 else 0.5,
            stroke_linejoin="round",
        )
        + (
            svg.element("path", d=parents, fill="none", stroke=INK, stroke_width=1.3)
            if parents
            else ""
        )
    )


def _draw_area(area: AreaPicture, shape: BaseGeometry, fills: Sequence[str]) -> str:
    border = {"stroke": INK_SOFT, "stroke-dasharray": "4 2"} if area.number == HIDDEN else {}
    if area.number == NO_DATA:
        border = {"stroke": _LINE}
    drawn = svg.element(
        "path",
        svg.element("title", svg.escape(". ".join((area.name, *area.tooltip)))),
        d=svg.path(shape),
        fill=_fill(area.number, fills),
        fill_rule="evenodd",
        **border,
    )
    return svg.element("a", drawn, href=area.href) if area.href else drawn


def _fill(number: int | None, fills: Sequence[str]) -> str:
    if number == NO_DATA:
        return "url(#no-data)"
    if number == HIDDEN:
        return GREY
    if number is None or not fills:
        return LAND
    return fills[min(number, len(fills) - 1)]


def _legend_circles(picture: MapPicture) -> tuple[str, tuple[tuple[str, float], ...]]:
    shown = tuple((text, circle_radius(count, picture)) for count, text in picture.circles)
    return picture.count_title, shown if picture.count_title else ()


def _draw_notes(picture: MapPicture) -> str:
    foot = picture.size[1] - 14
    first = foot - 16 * (len(picture.notes) - 1)
    return "".join(
        svg.element(
            "text", svg.escape(note), x=24, y=first + 16 * place, font_size=11, fill=INK_SOFT
        )
        for place, note in enumerate(picture.notes)
    )
