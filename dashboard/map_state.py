"""What Dash tells the map: numbers and addresses, never polygons."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from dashboard.components.cells import name_layer, write_cell
from dashboard.settings import Settings
from dashboard.state import FILL_LEVELS, PIN_LAYER, strip_to_filters
from dashboard.words import words_of
from db.queries.areas import get_place, get_total_bounds
from db.queries.catalogue import check_filters
from db.queries.households import get_card
from db.queries.published import is_published_only
from db.queries.version import Version, get_version
from geo.errors import HouseholdNotFound
from geo.hidden import is_told
from geo.view import View
from layers import Layer, Painting

NO_DATA_CLASS = -1
_WORLD_OF_NOTHING = (95.0, -11.0, 141.0, 6.0)
"""Indonesia, shown while no boundaries are loaded."""


def build_map_state(
    conn: Connection, view: View, layer: Layer, painting: Painting | None, settings: Settings
) -> dict[str, Any]:
    """Return the state of the map for a view.

    Parameters
    ----------
    conn
        Connection in the viewer's name.
    view, layer
        What is looked at.
    painting
        Its areas in classes; None at the level of the households, where pins are shown.
    settings
        For the basemap.
    """
    check_filters(conn, view)
    version = get_version(conn)
    class_count = len(painting.breaks) + 1 if painting else 1
    return {
        "language": view.language,
        "level": view.level,
        "area": view.area,
        "opens_desa": not is_published_only(conn),
        "bounds": _get_bounds(conn, view),
        "fit": view.area or "all",
        "query": view.to_query(),
        "boundaries": _list_boundaries(version),
        "values": _list_values(painting, layer, view) if painting else {},
        "texts": _name_texts(painting, layer, view),
        "class_count": class_count,
        "direction": layer.direction,
        "ramp": layer.list_colours(class_count),
        "ramp_dark": layer.list_colours(class_count, dark=True),
        "rose_from": class_count // 2 + 1 if layer.is_change else None,
        "count_max": count_most(conn, layer, view) if painting else 0,
        "tiles": _address_tiles(view, version) if view.level == "household" else None,
        "household": _locate_household(conn, view),
        "basemap": _describe_basemap(settings),
    }


def count_most(conn: Connection, layer: Layer, view: View) -> int:
    """Return the largest count of a level, unfiltered, so that circles compare between filters."""
    if layer.count_title is None:
        return 0
    subject = {name: getattr(view, name) for name in layer.subject}
    everything = View(layer=layer.key, level=view.level, **subject)
    rows = layer.list_all_rows(conn, everything).rows
    return max((row["count"] for row in rows if is_told(row["count"])), default=0)


def _get_bounds(conn: Connection, view: View) -> tuple[float, float, float, float]:
    if view.area is not None:
        return get_place(conn, view.area).bounds
    return get_total_bounds(conn) or _WORLD_OF_NOTHING


def _list_boundaries(version: Version) -> dict[str, str]:
    levels = ("kabupaten", *FILL_LEVELS)
    return {level: f"/boundaries/{level}.{version.boundaries}.geojson" for level in levels}


def _list_values(painting: Painting, layer: Layer, view: View) -> dict[str, list[Any]]:
    words = words_of(view.language)
    value_column = next(column for column in layer.columns if column.key == "value")
    values = {}
    for row in painting.rows.rows:
        number = painting.class_of[row["code"]]
        values[row["code"]] = [
            NO_DATA_CLASS if number is None else number,
            row["count"] if is_told(row["count"]) else None,
            write_cell(value_column, row["value"], words),
            words.number(row["count"]),
        ]
    return values


def _name_texts(painting: Painting | None, layer: Layer, view: View) -> dict[str, str]:
    words = words_of(view.language)
    about = f" ({painting.rows.subject})" if painting and painting.rows.subject else ""
    return {
        "value_title": name_layer(layer, words).lower() + about,
        "count_title": words.say(layer.count_title).lower() if layer.count_title else "",
    }


def _address_tiles(view: View, version: Version) -> str:
    query = strip_to_filters(view).to_query()
    address = f"/tiles/{PIN_LAYER}/{{z}}/{{x}}/{{y}}.mvt"
    return f"{address}?{query}{'&' if query else ''}v={version.data}"


def _locate_household(conn: Connection, view: View) -> dict[str, Any] | None:
    if view.household is None:
        return None
    try:
        card = get_card(conn, view.household)
    except HouseholdNotFound:
        return None
    return {"id": card.id, "lon": card.lon, "lat": card.lat}


def _describe_basemap(settings: Settings) -> dict[str, str] | None:
    if settings.basemap_url is None:
        return None
    return {"url": settings.basemap_url, "attribution": settings.basemap_attribution}
