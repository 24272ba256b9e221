"""Every component id of the pages, in one place. The map's scripts and the tests use them too."""

from __future__ import annotations

from typing import Final

# What the page remembers
URL: Final = "url"
MAP_STATE: Final = "map-state"
MAP_SHOWN: Final = "map-shown"
MAP_EVENT: Final = "map-event"
MAP_STATUS: Final = "map-status"
CHARTS_READY: Final = "charts-ready"
RETRY: Final = "retry"
FAULT: Final = "fault"

# What the page shows
MAP: Final = "map"
TOOLBAR: Final = "toolbar"
SEARCH_TEXT: Final = "search-text"
SEARCH_HITS: Final = "search-hits"
FILTER_PANEL: Final = "filter-panel"
FILTER_BODY: Final = "filter-body"
FILTER_BADGE: Final = "filter-badge"
CHIPS: Final = "chips"
COUNTER: Final = "counter"
NOTICE: Final = "notice"
LEGEND: Final = "legend"
PANEL: Final = "panel"
PANEL_HEAD: Final = "panel-head"
PANEL_CHARTS: Final = "panel-charts"
PANEL_LIST: Final = "panel-list"
CARD: Final = "card"
BANNER: Final = "banner"
HELP: Final = "help"

# Parts that are filled with HTML text; the text stands in a store of its own beside each.
WRITTEN: Final = (
    TOOLBAR,
    SEARCH_HITS,
    FILTER_BODY,
    CHIPS,
    LEGEND,
    PANEL_HEAD,
    PANEL_LIST,
    CARD,
)


def markup_of(part: str) -> str:
    """Return the id of the store that holds a written part's HTML."""
    return f"{part}-markup"
