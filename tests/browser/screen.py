"""What a reader does with the page and sees on it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, expect
from sqlalchemy import Connection

from dashboard.words import Words, words_of
from db.queries.households import get_card
from db.queries.totals import Summary
from geo.view import View

# The page forbids scripts made of texts, so Playwright's own waiting does not work there: the page
# itself tells when the map has taken a state after number `before` and stands still.
_PAINTED = """([before, patience]) => new Promise((done, fail) => {
  const readMap = () => document.getElementById("map")?.dataset ?? {};
  const isPainted = () => {
    const { shown, painted } = readMap();
    return Number(shown) > before && shown === painted;
  };
  if (isPainted()) return done();
  setTimeout(() => fail(new Error("not painted: " + JSON.stringify(readMap()))), patience);
  const guard = new MutationObserver(() => {
    if (!isPainted()) return;
    guard.disconnect();
    done();
  });
  guard.observe(document, { subtree: true, childList: true, attributes: true });
})"""
_IDLE = """(patience) => new Promise((done, fail) => {
  setTimeout(() => fail(new Error("the map never stands still")), patience);
  kentonganMap.once("idle", done);
  kentonganMap.triggerRepaint();
})"""
# A change between two looks goes unseen, so a look comes after a while in any case.
_NEXT_CHANGE = """() => new Promise((done) => {
  const guard = new MutationObserver(() => finish());
  const finish = () => {
    guard.disconnect();
    done();
  };
  guard.observe(document.body, { subtree: true, childList: true, characterData: true });
  setTimeout(finish, 200);
})"""
_DRAWN = """(layers) => kentonganMap
  .queryRenderedFeatures({ layers: layers.filter((id) => kentonganMap.getLayer(id)) })
  .map((one) => ({ layer: one.layer.id, id: one.id, ...one.properties,
                   at: one.geometry.coordinates }))"""
# Where a place lies on the page, or null when something else lies over it.
_OPEN_POINT = """(at) => {
  const canvas = kentonganMap.getCanvas();
  const { left, top } = canvas.getBoundingClientRect();
  const { x, y } = kentonganMap.project(at);
  const point = [left + x, top + y];
  return document.elementFromPoint(...point) === canvas ? point : null;
}"""
MOST_STEPS = 8
PATIENCE_MS = 30_000

Point = tuple[float, float]


def visit(page: Page, address: str = "/") -> None:
    """Open an address and wait for its map."""
    page.goto(address)
    page.locator("#map").wait_for(state="attached")
    page.evaluate(_PAINTED, [0, PATIENCE_MS])


@contextmanager
def repainted(page: Page) -> Iterator[None]:
    """Wait, after what is done inside, until the map stands anew."""
    before = int(page.locator("#map").get_attribute("data-shown") or 0)
    yield
    page.evaluate(_PAINTED, [before, PATIENCE_MS])


def settle(page: Page) -> None:
    """Wait until the map stands still and has all its tiles."""
    page.evaluate(_IDLE, PATIENCE_MS)


def view_of(page: Page) -> View:
    """Read the view of the page's address."""
    return View.from_query(urlsplit(page.url).query)


def figures(page: Page) -> Locator:
    """Find the headline figures."""
    return page.locator("#panel-head .figure-number")


def write_figures(summary: Summary, words: Words) -> list[str]:
    """Write a summary as the headline does."""
    return [
        words.number(summary.total),
        words.percent(summary.rate_pct),
        words.number(summary.person_count),
        words.number(summary.without_aid),
    ]


def write_counter(summary: Summary) -> str:
    """Write the Indonesian counter of the pins."""
    number = words_of("id").number
    return (
        f"ditampilkan {number(summary.located)} dari {number(summary.total)}, "
        f"{number(summary.unlocated)} tanpa koordinat"
    )


def read_table(page: Page) -> dict[str, list[str]]:
    """Read the rows of the panel's list: area code or household id to its cells' first texts."""
    rows: list[list[Any]] = page.locator("#panel-list tbody tr").evaluate_all(
        """rows => rows.map((row) => [
          row.dataset.code ?? row.dataset.household,
          [...row.cells].map((cell) => {
            const named = cell.querySelector(".row-title, a") ?? cell;
            return named.firstChild.textContent;
          }),
        ])"""
    )
    return dict(rows)


def read_whole_table(page: Page) -> dict[str, list[str]]:
    """Turn the pages of the panel's list, from the first to the last, and read all rows."""
    rows = read_table(page)
    pager = page.locator("#panel-list .pager")
    following = pager.locator("a:has(.icon-next)")
    while following.count():
        following.click()
        expect(pager).to_contain_text(f"{words_of('id').number(len(rows) + 1)}–")
        rows |= read_table(page)
    return rows


def expect_reading(page: Page, read: Callable[[], object], expected: object) -> None:
    """Read again at every change of the page until it holds what is expected."""
    deadline = monotonic() + PATIENCE_MS / 1000
    while (seen := read()) != expected and monotonic() < deadline:
        page.evaluate(_NEXT_CHANGE)
    assert seen == expected


def find_open_point(page: Page, at: Point) -> Point | None:
    """Find where a longitude and latitude lies on the page, None when something lies over it."""
    found: list[float] | None = page.evaluate(_OPEN_POINT, list(at))
    return (found[0], found[1]) if found else None


def click_area(page: Page, points: dict[str, Point]) -> str:
    """Click the first of some areas that lies open, and return its code."""
    for code, at in points.items():
        where = find_open_point(page, at)
        if where:
            with repainted(page):
                page.mouse.click(*where)
            return code
    raise AssertionError("no area lies open on the map")


def draw_near_pins(page: Page, among: tuple[str, ...] = ("pin",)) -> list[dict[str, Any]]:
    """Click clusters until single pins stand on the map, and return those."""
    for _ in range(MOST_STEPS):
        settle(page)
        pins = [one for one in page.evaluate(_DRAWN, list(among)) if _is_open(page, one)]
        if pins:
            return pins
        clusters = [one for one in page.evaluate(_DRAWN, ["far", "cluster"]) if _is_open(page, one)]
        biggest = max(clusters, key=lambda one: one["n"])
        where = find_open_point(page, tuple(biggest["at"]))
        assert where
        page.mouse.click(*where)
    raise AssertionError("only clusters after so many clicks")


def _is_open(page: Page, feature: dict[str, Any]) -> bool:
    return find_open_point(page, tuple(feature["at"])) is not None


def find_lonely(pins: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the pin that is farthest from its nearest neighbour."""

    def nearest(pin: dict[str, Any]) -> float:
        others = [other["at"] for other in pins if other["id"] != pin["id"]]
        return min((math.dist(pin["at"], other) for other in others), default=math.inf)

    return max(pins, key=nearest)


def tab_to(page: Page, selector: str, most: int = 120) -> None:
    """Press Tab until something that fits the selector has the focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("(wanted) => document.activeElement.matches(wanted)", selector):
            return
    raise AssertionError(f"Tab never comes to {selector}")


def expect_card(page: Page, conn: Connection, household: int) -> None:
    """Expect the card of a household, what it has and has not received first."""
    card = get_card(conn, household)
    expect(page.locator("#card h1")).to_have_text(card.head_name)
    received = [line.name for line in card.programmes if line.received]
    missing = [line.name for line in card.programmes if not line.received]
    expect(page.locator("#card .aid-group.had li strong")).to_have_text(received)
    expect(page.locator("#card .aid-group.not-had li > span:not(.glyph)")).to_have_text(missing)
    headings = page.locator("#card .aid-group h2")
    expect(headings).to_have_text([f"Pernah dapat{len(received)}", f"Belum dapat{len(missing)}"])
    names = [person.name for person in card.persons]
    expect(page.locator("#card .persons li strong")).to_have_text(names)
