"""What stands on the land of a drawn map: circles, households, names."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from geo import draw_svg as svg
from geo.draw_legend import GROUND, INK
from geo.draw_picture import MAX_POINTS, AreaPicture, MapPicture, circle_radius, is_counted
from geo.draw_place import LINE_HEIGHT, Box, Name, Page, Wish, place_names


@dataclass(frozen=True, slots=True)
class Circle:
    """A drawn circle, its radius and the room it takes on the page."""

    code: str
    element: str
    radius: float
    box: Box


def list_circles(picture: MapPicture, page: Page) -> list[Circle]:
    """Draw the circles of a picture, the largest first, so that small ones stay in sight."""
    counted = [area for area in _list_placed(picture) if is_counted(area.count)]
    counted.sort(key=lambda area: (-(area.count or 0), area.code))
    return [_draw_circle(area, page, circle_radius(area.count or 0, picture)) for area in counted]


def _list_placed(picture: MapPicture) -> list[AreaPicture]:
    return [area for area in picture.areas if all(map(math.isfinite, area.label_point))]


def _draw_circle(area: AreaPicture, page: Page, radius: float) -> Circle:
    x, y = page.place(*area.label_point)
    shape = svg.element("circle", cx=x, cy=y, r=max(radius, 0.8))
    number = ""
    if area.count_text and _reach(area.count_text, 11) < radius - 1.5:
        text = svg.escape(area.count_text)
        number = svg.element("text", text, x=x, y=y + 4, font_size=11, fill=INK, stroke="none")
    style = {"fill": GROUND, "fill_opacity": "0.9", "stroke": INK, "text_anchor": "middle"}
    drawn = svg.element("g", shape + number, pointer_events="none", font_weight=600, **style)
    return Circle(area.code, drawn, radius, Box(x - radius, y - radius, x + radius, y + radius))


def _reach(text: str, size: float) -> float:
    # Half the diagonal of a figure: what its circle must hold.
    return math.hypot(svg.text_width(text, size) / 2, 0.36 * size)


def draw_names(picture: MapPicture, page: Page, circles: Sequence[Circle], frame: Box) -> str:
    """Draw the names that have room, those of large circles first."""
    if len(picture.areas) == 1:
        return ""  # the head names it
    radius_of = {circle.code: circle.radius for circle in circles}
    size = 13.0 if len(picture.areas) <= 40 else 9.5
    wishes = []
    for area in sorted(
        _list_placed(picture), key=lambda one: (-radius_of.get(one.code, 0.0), one.code)
    ):
        x, y = page.place(*area.label_point)
        wishes.append(Wish(area.name[:40], x, y, radius_of.get(area.code, 0.0)))
    taken = [circle.box for circle in circles]
    names = "".join(map(_draw_name, place_names(wishes, taken, frame, size)))
    style = {"stroke": GROUND, "stroke_width": 3, "stroke_linejoin": "round", "fill": INK}
    return svg.element(
        "g",
        names,
        text_anchor="middle",
        font_weight=600,
        paint_order="stroke",
        pointer_events="none",
        **style,
    )


def _draw_name(name: Name) -> str:
    lines = "".join(
        svg.element(
            "tspan", svg.escape(line), x=name.x, dy=0 if place == 0 else name.size * LINE_HEIGHT
        )
        for place, line in enumerate(name.lines)
    )
    return svg.element("text", lines, x=name.x, y=name.y, font_size=name.size)


def draw_points(picture: MapPicture, page: Page) -> str:
    """Draw the households, at most ``MAX_POINTS``."""
    drawn = []
    for lon, lat, has_aid in picture.points[:MAX_POINTS]:
        if not (math.isfinite(lon) and math.isfinite(lat)):
            continue
        x, y = page.place(lon, lat)
        symbol = "#aid" if has_aid else "#no-aid"
        drawn.append(svg.element("use", href=symbol, x=x, y=y))
    if not drawn:
        return ""
    return svg.element("g", "".join(drawn), pointer_events="none")
