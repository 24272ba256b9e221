"""From one view to the next."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.state import (
    check_layer,
    follow_event,
    go_up,
    href,
    list_chips,
    list_levels,
    read_view,
    strip_to_filters,
    with_layer,
    with_level,
    with_sort,
)
from geo.errors import InvalidView
from geo.view import DOMAINS, NO_AID, STATUSES, View
from layers import poverty_rate
from layers.households import LAYER as PINS

CODES = ("pkh", "bpnt", "rtlh")
AREAS = (None, "35.10", "35.10.01", "35.10.01.2001")


def pick(values: Any) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.sets(st.sampled_from(values)).map(lambda chosen: tuple(sorted(chosen)))


@st.composite
def views(draw: st.DrawFn) -> View:
    area = draw(st.sampled_from(AREAS))
    view = View() if area is None else View().descend(area)
    statuses = draw(st.sets(st.sampled_from(STATUSES)))
    received = draw(pick(CODES))
    return replace(
        view,
        deciles=draw(pick(range(1, 11))),
        received=received,
        not_received=tuple(code for code in draw(pick(CODES)) if code not in received),
        domains=draw(pick((*DOMAINS, NO_AID))),
        needs=draw(pick(("latrine", "food"))),
        statuses=tuple(status for status in STATUSES if status in statuses),
        household=draw(st.none() | st.integers(1, 99)),
        at=draw(st.none() | st.integers(1, 99)),
        page=draw(st.integers(1, 9)),
    )


@given(views())
def test_a_link_opens_the_view_it_was_made_of(view: View) -> None:
    assert read_view(href(view)) == view


@given(views())
def test_going_up_ends_at_the_whole(view: View) -> None:
    for _ in range(6):
        view = go_up(view)
    assert (view.area, view.household, view.at) == (None, None, None)


@given(views())
def test_each_chip_drops_its_filter_and_all_of_them_drop_all(view: View) -> None:
    chips = list_chips(view)
    assert bool(chips) == view.is_filtered
    for chip in chips:
        left = list_chips(chip.without)
        assert len(left) < len(chips)
        assert (chip.group, chip.value) not in [(other.group, other.value) for other in left]
    for _ in range(30):
        view = list_chips(view)[0].without if list_chips(view) else view
    assert not view.is_filtered


@given(views())
def test_what_does_not_choose_households_is_not_in_a_tile_address(view: View) -> None:
    moved = replace(view, page=7, household=5, language="en", layer="unserved_rate", classes=7)
    assert strip_to_filters(view) == strip_to_filters(moved)
    assert strip_to_filters(strip_to_filters(view)) == strip_to_filters(view)


@given(views(), st.sampled_from(["name", "value", "decile"]))
def test_sorting_twice_by_a_column_turns_the_order_round(view: View, key: str) -> None:
    once = with_sort(view, key, "other")
    twice = with_sort(once, key, str(once.sort))
    assert {once.sort, twice.sort} == {key, f"-{key}"}
    assert twice.page == 1


@pytest.mark.parametrize(
    ("event", "query"),
    [
        ({"kind": "area", "code": "35.10.01"}, "area=35.10.01"),
        ({"kind": "household", "id": 7}, "household=7"),
        ({"kind": "stack", "at": 7, "count": 3}, "at=7"),
        ({"kind": "background"}, ""),
        ({"kind": "home"}, ""),
        ({"kind": "area", "code": 5}, ""),
        ({"kind": "unheard of"}, ""),
        ({}, ""),
    ],
)
def test_clicks_on_the_map_lead_on(event: dict[str, Any], query: str) -> None:
    assert follow_event(View(), event) == View.from_query(query)


def test_a_click_with_a_forged_code_is_refused() -> None:
    with pytest.raises(InvalidView):
        follow_event(View(), {"kind": "area", "code": "<script>"})


def test_clicking_the_background_closes_the_card_and_stays() -> None:
    view = View.from_query("area=35.10.01&household=7")
    assert follow_event(view, {"kind": "background"}) == View.from_query("area=35.10.01")


def test_filters_stay_when_the_map_goes_home() -> None:
    view = View.from_query("area=35.10.01.2001&deciles=1")
    assert follow_event(view, {"kind": "home"}) == View.from_query("deciles=1")


def test_only_levels_inside_the_area_are_offered() -> None:
    assert list_levels(View()) == ("kecamatan", "desa", "household")
    assert list_levels(View().descend("35.10.01")) == ("desa", "household")
    assert list_levels(View().descend("35.10.01.2001")) == ("household",)


def test_choosing_a_layer_leaves_the_pins_for_a_level_that_it_has() -> None:
    pins = with_level(View(layer="unserved_rate"), "household")
    assert with_layer(pins, poverty_rate.LAYER) == View()


def test_a_layer_is_refused_at_a_level_it_does_not_have() -> None:
    with pytest.raises(InvalidView):
        check_layer(View(layer="households"), PINS)
    check_layer(View(layer="households", level="household"), PINS)
    check_layer(View(), poverty_rate.LAYER)
