"""A view goes into an address and comes back the same."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import InvalidView
from geo.view import (
    BREAKS,
    DOMAINS,
    GAP_CELLS,
    LEVELS,
    METHODS,
    NO_AID,
    STATUSES,
    View,
    level_below,
    level_of,
)

keys = st.from_regex(r"[a-z][a-z0-9_]{0,20}", fullmatch=True)
areas = st.from_regex(r"[0-9]{2}\.[0-9]{2}(\.[0-9]{2}(\.[0-9]{4})?)?", fullmatch=True)


def subsets(values: tuple[object, ...]) -> st.SearchStrategy[tuple[object, ...]]:
    return st.sets(st.sampled_from(values)).map(lambda chosen: tuple(sorted(chosen)))


@st.composite
def views(draw: st.DrawFn) -> View:
    area = draw(st.none() | areas)
    below = LEVELS[LEVELS.index(level_below(area)) :]
    received, not_received = draw(
        st.tuples(st.sets(keys, max_size=3), st.sets(keys, max_size=3)).filter(
            lambda pair: not pair[0] & pair[1]
        )
    )
    statuses = draw(st.sets(st.sampled_from(STATUSES)))
    return View(
        layer=draw(keys),
        area=area,
        level=draw(st.sampled_from(below)),
        deciles=draw(subsets(tuple(range(1, 11)))),
        received=tuple(sorted(received)),
        not_received=tuple(sorted(not_received)),
        domains=draw(subsets((*DOMAINS, NO_AID))),
        needs=draw(st.sets(keys, max_size=3).map(lambda s: tuple(sorted(s)))),
        statuses=tuple(s for s in STATUSES if s in statuses),
        gap=draw(st.none() | st.builds("{}:{}".format, keys, st.sampled_from(GAP_CELLS))),
        question=draw(st.none() | st.from_regex(r"[0-9a-f]{12}", fullmatch=True)),
        plan=draw(
            st.none()
            | st.builds("{}{}".format, st.integers(1, 10**17), st.sampled_from(["", ":left"]))
        ),
        method=draw(st.sampled_from(METHODS)),
        classes=draw(st.integers(3, 7)),
        breaks=draw(st.sampled_from(BREAKS)),
        period=draw(st.none() | st.sampled_from(["2026", "2026-S1", "2026-11"])),
        since=draw(st.none() | st.sampled_from(["2024", "2025-Q3"])),
        language=draw(st.sampled_from(["id", "en"])),
        household=draw(st.none() | st.integers(1, 2**63 - 1)),
        at=draw(st.none() | st.integers(1, 2**63 - 1)),
        sort=draw(st.none() | st.sampled_from(["name", "-value"])),
        page=draw(st.integers(1, 1000)),
    )


@given(views())
def test_an_address_reopens_the_same_view(view: View) -> None:
    assert View.from_query(view.to_query()) == view
    assert View.from_query("?" + view.to_query()) == view


def test_the_opening_view_has_an_empty_address() -> None:
    assert View().to_query() == ""
    assert View.from_query("") == View()


@given(st.text(max_size=80))
def test_any_text_is_a_view_or_a_clear_refusal(text: str) -> None:
    for query in (text, f"area={quote(text)}", f"page={text}", f"deciles={text}"):
        try:
            view = View.from_query(query)
        except InvalidView as error:
            assert str(error)
        else:
            assert View.from_query(view.to_query()) == view


@pytest.mark.parametrize(
    "query",
    [
        "nope=1",
        "layer=../etc",
        "area=35",
        "area=35.10'; drop table household;--",
        "level=province",
        "area=35.10.01&level=kecamatan",
        "area=35.10.01.2001&level=desa",
        "deciles=0",
        "deciles=11",
        "deciles=१",
        "page=0",
        "page=9999999999",
        "household=-1",
        "household=99999999999999999999",
        "received=pkh&not_received=pkh",
        "page=1&page=2",
        "method=magic",
        "classes=2",
        "breaks=thawed",
        "period=2026-13",
        "language=fr",
        "sort=name;drop",
    ],
)
def test_what_a_name_cannot_hold_is_refused(query: str) -> None:
    with pytest.raises(InvalidView) as caught:
        View.from_query(query)
    assert caught.value.status == 400


@given(views())
def test_descending_and_ascending_come_back(view: View) -> None:
    if view.area is not None and level_of(view.area) == "desa":
        return
    child = {None: "35.10", 1: "35.10.01", 2: "35.10.01.2001"}[
        view.area.count(".") if view.area else None
    ]
    down = view.descend(child)
    assert down.area == child
    assert down.level == level_below(child)
    assert down.household is None and down.page == 1
    assert replace(down, area=None, level=view.level).deciles == view.deciles


def test_ascending_ends_at_everything() -> None:
    view = View(area="35.10.01.2001", level="household", deciles=(1,))
    up = view.ascend()
    assert (up.area, up.level) == ("35.10.01", "desa")
    assert (up.ascend().area, up.ascend().level) == ("35.10", "kecamatan")
    assert up.ascend().ascend().area is None
    assert up.deciles == (1,)


def test_only_a_changed_filter_counts_as_one() -> None:
    assert not View(page=3, area="35.10", level="kecamatan").is_filtered
    assert View(deciles=(1,)).is_filtered
    assert View(statuses=()).is_filtered
    assert not View(deciles=(1,)).without_filters().is_filtered
