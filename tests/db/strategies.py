"""Views with any filters that the demo register knows."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from geo.view import DOMAINS, NO_AID, STATUSES, View, level_below


def filtered_views(
    areas: list[str | None], programmes: list[str], needs: list[str]
) -> st.SearchStrategy[View]:
    """Draw a view of one of some areas with any combination of filters."""

    def some(values: list[Any], most: int) -> st.SearchStrategy[tuple[Any, ...]]:
        drawn = st.sets(st.sampled_from(values), max_size=most)
        return drawn.map(lambda chosen: tuple(value for value in values if value in chosen))

    return st.builds(
        _make_view,
        area=st.sampled_from(areas),
        deciles=some([1, 2, 3, 4, 5], 3),
        statuses=some(list(STATUSES), 4),
        domains=some([*DOMAINS, NO_AID], 3),
        needs=some(needs, 3),
        received=some(programmes, 2),
        not_received=some(programmes, 2),
    )


def _make_view(**drawn: Any) -> View:
    drawn["not_received"] = tuple(c for c in drawn["not_received"] if c not in drawn["received"])
    drawn["domains"] = tuple(sorted(drawn["domains"]))
    return View(level=level_below(drawn["area"]), **drawn)
