"""From one view to the next: what a link, a click on the map or a key leads to. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from geo.errors import InvalidView
from geo.text import N_
from geo.view import LEVELS, Level, View, level_below, level_of
from layers import Layer

PIN_LAYER = "households"
FILL_LEVELS: tuple[Level, ...] = ("kecamatan", "desa")


@dataclass(frozen=True, slots=True)
class Chip:
    """An active filter: what it is, and the view without it. ``value`` is a code."""

    group: str
    value: str
    without: View


def read_view(search: str | None) -> View:
    """Read the view of an address; none is the view that the program opens with.

    Raises
    ------
    InvalidView
        When it can't be read, or is no text: a callback is sent anything.
    """
    if search is not None and not isinstance(search, str):
        raise InvalidView(N_("Alamat halaman ini tidak dapat dibaca."))
    return View.from_query(search or "")


def href(view: View) -> str:
    """Return the address of a view, relative to the page."""
    return "?" + view.to_query()


def list_levels(view: View) -> tuple[Level, ...]:
    """Return the levels that can be painted inside a view's area."""
    if view.area is None:
        return LEVELS[1:]
    return LEVELS[LEVELS.index(level_of(view.area)) + 1 :]


def with_level(view: View, level: Level) -> View:
    """Paint another level; the list starts anew."""
    return replace(view, level=level, sort=None, page=1, household=None, at=None)


def with_layer(view: View, layer: Layer) -> View:
    """Paint another layer, at the view's level or the first that the layer has."""
    wanted = [level for level in list_levels(view) if level in layer.levels]
    level = view.level if view.level in wanted else (wanted or [view.level])[0]
    return replace(with_level(view, level), layer=layer.key, period=None, since=None)


def with_language(view: View, language: str) -> View:
    """Read the same in another language."""
    return replace(view, language=language)


def with_card(view: View, household: int, area: str) -> View:
    """Open a household's card where its pin stands: among the households of its desa."""
    return replace(view.descend(area), household=household)


def with_area(view: View, area: str, *, sees_households: bool) -> View:
    """Look into an area; who sees no households looks at a desa beside its neighbours."""
    if sees_households or level_below(area) != "household":
        return view.descend(area)
    return view.descend(area.rpartition(".")[0])


def with_sort(view: View, key: str, current: str) -> View:
    """Sort by a column; by the same column again turns the order round."""
    if key == current:
        return replace(view, sort=f"-{key}", page=1)
    if f"-{key}" == current:
        return replace(view, sort=key, page=1)
    return replace(view, sort=key if key in ("name", "head_name", "desa") else f"-{key}", page=1)


def go_up(view: View) -> View:
    """Close what lies on top: the card, then the list of one point, then the area."""
    if view.household is not None:
        return replace(view, household=None)
    if view.at is not None:
        return replace(view, at=None, page=1)
    return view.ascend() if view.area else view


def follow_event(view: View, event: Mapping[str, Any], *, sees_households: bool = True) -> View:
    """Return the view that a click on the map leads to.

    Parameters
    ----------
    view
        What is looked at.
    event
        From the map: ``kind`` is area, household, stack, background or home, with its code or id.
    sees_households
        Whether a desa opens.
    """
    match event.get("kind"):
        case "area" if isinstance(event.get("code"), str):
            asked = View.from_query(f"area={event['code']}")
            if asked.area is None:
                return view
            return with_area(view, asked.area, sees_households=sees_households)
        case "household" if isinstance(event.get("id"), int):
            return replace(view, household=event["id"])
        case "stack" if isinstance(event.get("at"), int):
            return replace(view, at=event["at"], household=None, page=1)
        case "background":
            return replace(view, household=None)
        case "home":
            return replace(with_level(view, "kecamatan"), area=None)
    return view


def list_chips(view: View) -> list[Chip]:
    """Return the active filters, each with the view that drops it."""
    chips = []
    for group in ("deciles", "received", "not_received", "domains", "needs"):
        chosen = getattr(view, group)
        for value in chosen:
            rest = tuple(other for other in chosen if other != value)
            chips.append(Chip(group, str(value), view.with_filters(**{group: rest})))
    start = view.without_filters().statuses
    if view.statuses != start:
        without = view.with_filters(statuses=start)
        chips += [Chip("statuses", value, without) for value in view.statuses or ("",)]
    for group in ("gap", "question", "plan"):
        chosen = getattr(view, group)
        if chosen is not None:
            chips.append(Chip(group, chosen, view.with_filters(**{group: None})))
    return chips


def check_layer(view: View, layer: Layer) -> None:
    """Refuse a level that the layer can't be painted at.

    Raises
    ------
    InvalidView
        Naming the layer and the level.
    """
    if view.level != "household" and view.level not in layer.levels:
        raise InvalidView(
            N_("Lapisan “{layer}” tidak dapat ditampilkan pada tingkat “{level}”."),
            layer=layer.title,
            level=view.level,
        )


def strip_to_filters(view: View) -> View:
    """Keep what decides which households are shown, so that equal pins have equal addresses."""
    return View(
        area=view.area,
        level="household",
        deciles=view.deciles,
        received=view.received,
        not_received=view.not_received,
        domains=view.domains,
        needs=view.needs,
        statuses=view.statuses,
        gap=view.gap,
        question=view.question,
        plan=view.plan,
    )
