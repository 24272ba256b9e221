"""The map's module by itself, in a real browser, against an invented regency."""

from __future__ import annotations

import base64
import math
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Playwright, sync_playwright
from werkzeug.serving import make_server

from tests.browser.map_harness import STACK_AT, Harness, create_harness, list_areas, make_state

ARGUMENTS = [
    "--no-sandbox",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PAINTED = """() => {
  const { painted, shown } = document.getElementById("map").dataset;
  return painted !== undefined && painted === shown;
}"""
TIMEOUT_MS = 20_000
STARTS = count()
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[str, Harness]]:
    app, harness = create_harness()
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.port}", harness
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def harness(server: tuple[str, Harness]) -> Iterator[Harness]:
    server[1].requests.clear()
    server[1].broken.clear()
    yield server[1]
    server[1].broken.clear()


def launch(*more: str) -> Any:
    return {
        "executable_path": os.environ.get("KENTONGAN_TEST_CHROMIUM", "/usr/bin/chromium"),
        "args": [*ARGUMENTS, *more],
    }


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    found = playwright.chromium.launch(**launch())
    yield found
    found.close()


@dataclass
class Watched:
    """A page, what went wrong on it, and what it asked for."""

    page: Page
    faults: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)


def open_page(browser: Browser, address: str) -> Watched:
    context = browser.new_context(viewport={"width": 900, "height": 700}, reduced_motion="reduce")
    watched = Watched(context.new_page())
    page = watched.page
    page.on("pageerror", lambda error: watched.faults.append(str(error)))
    page.on("console", lambda said: watched.faults.append(said.text) if said.type == "error" else 0)
    page.on("request", lambda request: watched.asked.append(request.url))
    page.goto(address + "/")
    wait(page)
    return watched


@pytest.fixture(scope="module")
def shared_page(browser: Browser, server: tuple[str, Harness]) -> Iterator[Watched]:
    watched = open_page(browser, server[0])
    yield watched
    watched.page.context.close()


@pytest.fixture
def page(shared_page: Watched, server: tuple[str, Harness], harness: Harness) -> Iterator[Page]:
    """Return the page as it opens; in the end nothing went wrong, and nothing went outside."""
    found = shared_page.page
    found.mouse.move(0, 0)
    found.evaluate("sent.length = 0")
    show(found, make_state(fit=f"start {next(STARTS)}"))
    harness.requests.clear()
    yield found
    assert [fault for fault in shared_page.faults if "503" not in fault] == []
    own = (server[0], "data:", "blob:")
    assert [url for url in shared_page.asked if not url.startswith(own)] == []


@pytest.fixture
def fresh_page(browser: Browser, server: tuple[str, Harness], harness: Harness) -> Iterator[Page]:
    watched = open_page(browser, server[0])
    yield watched.page
    watched.page.context.close()
    assert [fault for fault in watched.faults if "503" not in fault] == []


def wait(page: Page) -> None:
    page.wait_for_function(PAINTED, timeout=TIMEOUT_MS)


def show(page: Page, state: dict[str, Any]) -> None:
    page.evaluate("state => dash_clientside.kentongan.show(state)", state)
    wait(page)


def events(page: Page) -> list[dict[str, Any]]:
    sent: list[list[Any]] = page.evaluate("sent")
    found = [dict(data) for name, data in sent if name == "map-event"]
    numbers = [data.pop("n") for data in found]
    assert numbers == sorted(set(numbers))
    return found


def point_of(page: Page, lon: float, lat: float) -> tuple[float, float]:
    x, y = page.evaluate(
        "at => { const p = kentonganMap.project(at); return [p.x, p.y]; }", [lon, lat]
    )
    return x, y


def place_of(page: Page, level: str, number: int) -> tuple[float, float]:
    info = list_areas(level)[number]["properties"]
    return point_of(page, info["lon"], info["lat"])


def class_of(page: Page, level: str, code: str) -> int | None:
    found: int | None = page.evaluate(
        "([source, id]) => kentonganMap.getFeatureState({ source, id }).class ?? null",
        [f"area-{level}", code],
    )
    return found


def look_closer(page: Page, lon: float, lat: float, zoom: float) -> None:
    page.evaluate(
        """([center, zoom]) => new Promise((done) => {
          kentonganMap.once("idle", done);
          kentonganMap.jumpTo({ center, zoom });
        })""",
        [[lon, lat], zoom],
    )


def drawn(page: Page, layer: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = page.evaluate(
        """layer => kentonganMap.queryRenderedFeatures({ layers: [layer] })
          .map((one) => ({ id: one.id, ...one.properties, at: one.geometry.coordinates }))""",
        layer,
    )
    return found


def test_reports_once_that_it_is_ready(fresh_page: Page) -> None:
    status = [data for name, data in fresh_page.evaluate("sent") if name == "map-status"]
    assert status == [{"ready": True, "webgl": True}]


def test_paints_the_class_of_every_area(page: Page) -> None:
    values = make_state()["values"]
    assert {code: class_of(page, "kecamatan", code) for code in values} == {
        code: value[0] for code, value in values.items()
    }
    hatched = {one["code"] for one in drawn(page, "no-data")}
    assert hatched == {code for code, value in values.items() if value[0] == -1}


def test_loads_villages_only_when_they_are_needed_and_once(
    fresh_page: Page, harness: Harness
) -> None:
    assert "/boundaries/desa.1.geojson" not in harness.requests
    show(fresh_page, make_state("desa"))
    show(fresh_page, make_state("kecamatan"))
    show(fresh_page, make_state("desa", "35.10.05"))
    for level in ("kabupaten", "kecamatan", "desa"):
        assert harness.requests.count(f"/boundaries/{level}.1.geojson") == 1


def test_a_filter_changes_values_without_fetching_anything(page: Page, harness: Harness) -> None:
    harness.requests.clear()
    state = make_state()
    for value in state["values"].values():
        value[0] = (value[0] + 1) % 5
    state["values"].pop("35.10.02")
    show(page, state)
    assert harness.requests == []
    assert class_of(page, "kecamatan", "35.10.01") == state["values"]["35.10.01"][0]
    assert class_of(page, "kecamatan", "35.10.02") is None


def test_circles_compare_between_filters(page: Page) -> None:
    def radius(state: dict[str, Any], code: str) -> float:
        show(page, state)
        return next(one["q"] for one in drawn(page, "count-circle") if one["code"] == code)

    state = make_state()
    code, value = max(state["values"].items(), key=lambda item: item[1][1])
    full = radius(state, code)
    value[1] /= 4
    assert radius(state, code) == pytest.approx(full / 2)


# What stands on the map, in px: circles (x, y, radius) and the boxes of names.
LAID_OUT = """() => {
  const map = kentonganMap;
  const root = getComputedStyle(document.documentElement);
  const largest = parseFloat(root.getPropertyValue("--map-circle")) / 2;
  const found = (layer) => map.queryRenderedFeatures({ layers: [layer] });
  const at = (one) => map.project(one.geometry.coordinates);
  const circles = found("count-circle").map((one) => {
    const { x, y } = at(one);
    return { code: one.properties.code, x, y, radius: largest * one.properties.q };
  });
  const read = (name) => {
    const [, , ...cases] = map.getLayoutProperty("names", name);
    return (code) => cases[cases.indexOf(code) + 1];
  };
  const [offset, text] = [read("text-offset"), read("text-field")];
  const size = map.getLayoutProperty("names", "text-size");
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = `600 ${size}px "Plus Jakarta Sans Variable", "Plus Jakarta Sans", sans-serif`;
  const names = found("names").map((one) => {
    const { code } = one.properties;
    const written = text(code);
    const lines = (Array.isArray(written) ? written[1] + written[3] : written).split("\\n");
    const [right, down] = offset(code)[1];
    const { x, y } = at(one);
    const width = Math.max(...lines.map((line) => pen.measureText(line).width));
    return { code, x: x + right * size, y: y + down * size, width, height: lines.length * size };
  });
  return { circles, names };
}"""


@pytest.mark.parametrize(("level", "area"), [("kecamatan", None), ("desa", "35.10.05")])
def test_names_keep_off_circles_and_each_other(page: Page, level: str, area: str | None) -> None:
    show(page, make_state(level, area))
    laid = page.evaluate(LAID_OUT)
    assert len(laid["names"]) > len(laid["circles"]) / 2
    for name in laid["names"]:
        for circle in laid["circles"]:
            aside = max(abs(circle["x"] - name["x"]) - name["width"] / 2, 0)
            below = max(abs(circle["y"] - name["y"]) - name["height"] / 2, 0)
            assert math.hypot(aside, below) > circle["radius"] - 1.5, (name, circle)
        for other in laid["names"]:
            if other is name:
                continue
            assert (
                abs(other["x"] - name["x"]) > (other["width"] + name["width"]) / 2 - 2
                or abs(other["y"] - name["y"]) > (other["height"] + name["height"]) / 2 - 2
            )


def test_a_figure_stands_in_a_circle_only_where_it_fits(page: Page) -> None:
    def list_figures(zoom: float) -> set[str]:
        look_closer(page, 114.25, -8.35, zoom)
        largest = page.evaluate(
            "parseFloat(document.documentElement.style.getPropertyValue('--map-circle')) / 2"
        )
        figures = drawn(page, "count-number")
        assert all(11 * one["reach"] <= largest * one["q"] for one in figures)
        return {one["code"] for one in figures}

    assert list_figures(8) < list_figures(10)


def test_names_are_drawn_from_one_point_each_and_never_as_markup(page: Page) -> None:
    names = [one["name"] for one in drawn(page, "names")]
    assert len(names) == len(set(names)) > 5
    x, y = place_of(page, "kecamatan", 2)
    page.mouse.move(x, y)
    page.wait_for_selector(".map-tip:not([hidden])")
    assert "<script>alert(1)</script>" in page.inner_text(".map-tip strong")
    assert page.locator(".map-tip script").count() == 0


def test_hover_tells_name_value_and_count(page: Page) -> None:
    x, y = place_of(page, "kecamatan", 0)
    page.mouse.move(x, y)
    page.wait_for_selector(".map-tip:not([hidden])")
    _, _, rate, count = make_state()["values"]["35.10.01"]
    told = page.inner_text(".map-tip")
    assert "Muara Jaya" in told
    assert f"{rate} keluarga miskin" in told
    assert f"{count} keluarga" in told
    assert page.evaluate("kentonganMap.getCanvas().style.cursor") == "pointer"


def test_an_area_without_data_says_so(page: Page) -> None:
    x, y = place_of(page, "kecamatan", 4)
    page.mouse.move(x, y)
    page.wait_for_selector(".map-tip:not([hidden])")
    assert "tidak ada data" in page.inner_text(".map-tip")


def test_click_on_an_area_sends_its_code(page: Page) -> None:
    page.mouse.click(*place_of(page, "kecamatan", 3))
    page.mouse.click(5, 690)
    assert events(page) == [
        {"kind": "area", "code": "35.10.04"},
        {"kind": "background"},
    ]


def test_click_outside_the_area_goes_to_the_neighbour(page: Page) -> None:
    show(page, make_state("desa", "35.10.05"))
    page.evaluate("kentonganMap.jumpTo({ center: [114.25, -8.35], zoom: 9.5 })")
    page.mouse.click(*place_of(page, "kecamatan", 0))
    assert events(page)[-1]["code"] == "35.10.01"


def test_first_tap_tells_and_second_tap_opens(
    browser: Browser, server: tuple[str, Harness]
) -> None:
    phone = browser.new_context(viewport={"width": 360, "height": 740}, has_touch=True)
    page = phone.new_page()
    page.goto(server[0] + "/")
    wait(page)
    at = place_of(page, "kecamatan", 0)
    page.touchscreen.tap(*at)
    page.wait_for_selector(".map-tip:not([hidden])")
    assert events(page) == []
    assert "Ketuk sekali lagi" in page.inner_text(".map-tip")
    page.wait_for_function(DOUBLE_TAP_OVER, arg=page.evaluate("performance.now()"))
    page.touchscreen.tap(*at)
    page.wait_for_function("() => sent.some(([name]) => name === 'map-event')")
    assert events(page)[-1]["code"] == "35.10.01"
    phone.close()


# Two quick taps are MapLibre's zoom; a person who reads first taps later.
DOUBLE_TAP_OVER = "start => performance.now() - start > 600"


def test_clusters_show_true_counts_and_come_closer(page: Page) -> None:
    show(page, make_state("household"))
    clusters = drawn(page, "cluster")
    assert sum(one["n"] for one in clusters) > 2500
    largest = max(clusters, key=lambda one: one["n"])
    before = page.evaluate("kentonganMap.getZoom()")
    page.mouse.click(*point_of(page, *largest["at"]))
    page.wait_for_function("zoom => kentonganMap.getZoom() > zoom + 1.5", arg=before)
    assert events(page) == []


def test_pins_carry_status_and_aid_and_send_their_id(page: Page) -> None:
    show(page, make_state("household"))
    look_closer(page, *STACK_AT, 15.5)
    pins = drawn(page, "pin")
    assert pins
    aided = drawn(page, "aid")
    assert aided and all(one["a"] for one in aided)
    images = page.evaluate("kentonganMap.listImages()")
    assert {"dot-v+", "dot-v0", "dot-u+", "stack"} <= set(images)
    alone = find_lonely(page, pins)
    page.mouse.click(*point_of(page, *alone["at"]))
    assert events(page)[-1] == {"kind": "household", "id": alone["id"]}


def find_lonely(page: Page, pins: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the pin in sight that is farthest from its nearest neighbour."""

    def nearest(pin: dict[str, Any]) -> float:
        others = [other["at"] for other in pins if other["id"] != pin["id"]]
        return min(math.dist(pin["at"], other) for other in others)

    def is_in_sight(pin: dict[str, Any]) -> bool:
        return all(60 < part < 640 for part in point_of(page, *pin["at"]))

    return next(filter(is_in_sight, sorted(pins, key=nearest, reverse=True)))


def test_families_at_one_point_send_a_list(page: Page) -> None:
    show(page, make_state("household"))
    look_closer(page, *STACK_AT, 16.5)
    assert [one["n"] for one in drawn(page, "stack")] == [3]
    page.mouse.click(*point_of(page, *STACK_AT))
    assert events(page)[-1] == {"kind": "stack", "at": 9001, "count": 3}


def test_a_chosen_household_is_ringed_and_in_the_middle(page: Page) -> None:
    show(page, make_state("household", household={"id": 5, "lon": 114.2, "lat": -8.3}))
    assert len(drawn(page, "selected-household")) == 1
    x, y = point_of(page, 114.2, -8.3)
    assert (x, y) == pytest.approx((450, 350), abs=2)
    show(page, make_state("household"))
    assert drawn(page, "selected-household") == []


def test_a_filter_change_asks_other_tiles(page: Page, harness: Harness) -> None:
    show(page, make_state("household"))
    first = len([path for path in harness.requests if path.startswith("/tiles/")])
    show(page, make_state("household", tiles="/tiles/households/{z}/{x}/{y}.mvt?deciles=1&v=1"))
    again = len([path for path in harness.requests if path.startswith("/tiles/")])
    assert again == 2 * first > 0


def test_moves_only_when_the_place_changes(page: Page) -> None:
    show(page, make_state(fit="here"))
    page.evaluate("kentonganMap.jumpTo({ center: [114.1, -8.1], zoom: 11 })")
    show(page, make_state(fit="here"))
    assert page.evaluate("kentonganMap.getZoom()") == 11
    show(page, make_state("desa", "35.10.05"))
    west, south, east, north = make_state("desa", "35.10.05")["bounds"]
    seen = page.evaluate("kentonganMap.getBounds().toArray().flat()")
    assert seen[0] < west < east < seen[2]
    assert seen[1] < south < north < seen[3]


def test_leaves_room_for_the_panel(fresh_page: Page) -> None:
    fresh_page.add_style_tag(content=":root { --map-cover-right: 400px; }")
    show(fresh_page, make_state(fit="again"))
    east, middle = make_state()["bounds"][2], -8.35
    assert point_of(fresh_page, east, middle)[0] < 500


def test_dark_theme_repaints_without_fetching(fresh_page: Page, harness: Harness) -> None:
    harness.requests.clear()
    land = fresh_page.evaluate("kentonganMap.getPaintProperty('land', 'fill-color')")
    fresh_page.evaluate(
        """() => {
          document.documentElement.dataset.theme = "dark";
          document.dispatchEvent(new CustomEvent("kentongan:theme"));
        }"""
    )
    assert fresh_page.evaluate("kentonganMap.getPaintProperty('land', 'fill-color')") != land
    assert harness.requests == []


def test_keyboard_reaches_the_map_and_its_buttons(page: Page) -> None:
    page.focus("#map canvas")
    before = page.evaluate("kentonganMap.getZoom()")
    page.keyboard.press("Equal")
    page.wait_for_function("zoom => kentonganMap.getZoom() > zoom", arg=before)
    names = page.eval_on_selector_all(
        "#map button", "all => all.map((one) => one.getAttribute('aria-label') || one.title)"
    )
    assert {"Perbesar", "Perkecil", "Kembali ke seluruh wilayah"} <= set(names)
    page.click(".map-home")
    assert events(page)[-1]["kind"] == "home"


def test_a_base_map_is_asked_only_when_there_is_one(
    fresh_page: Page, server: tuple[str, Harness], harness: Harness
) -> None:
    url = server[0] + "/base/{z}/{x}/{y}.png"
    attribution = '<img src=x onerror="alert(1)"> Peta'
    fresh_page.route(
        "**/base/**", lambda route: route.fulfill(body=PIXEL, content_type="image/png")
    )
    harness.requests.clear()
    show(fresh_page, make_state(basemap={"url": url, "attribution": attribution}))
    assert fresh_page.evaluate("kentonganMap.getPaintProperty('fill', 'fill-opacity')") == 0.7
    assert fresh_page.locator("#map .maplibregl-ctrl-attrib img").count() == 0


def test_polygons_that_fail_are_said_and_asked_again(fresh_page: Page, harness: Harness) -> None:
    harness.broken.add("desa")
    fresh_page.evaluate("state => dash_clientside.kentongan.show(state)", make_state("desa"))
    fresh_page.wait_for_selector("#map[data-failed]")
    harness.broken.clear()
    show(fresh_page, make_state("desa"))
    assert fresh_page.locator("#map[data-failed]").count() == 0


def test_another_page_takes_the_map_away(fresh_page: Page) -> None:
    fresh_page.evaluate(
        "() => { window.old = kentonganMap; document.getElementById('map').remove(); }"
    )
    fresh_page.wait_for_function("() => window.kentonganMap === undefined")
    fresh_page.evaluate(
        """() => {
          const map = document.createElement("div");
          map.id = "map";
          document.body.append(map);
        }"""
    )
    show(fresh_page, make_state())
    assert fresh_page.locator("#map canvas").count() == 1


def test_without_webgl_the_server_draws(
    playwright: Playwright, server: tuple[str, Harness]
) -> None:
    browser = playwright.chromium.launch(**launch("--disable-gpu", "--disable-3d-apis"))
    page = browser.new_page()
    page.goto(server[0] + "/")
    page.wait_for_selector("#map > svg a")
    status = [data for name, data in page.evaluate("sent") if name == "map-status"]
    assert status == [{"ready": True, "webgl": False}]
    wait(page)
    browser.close()
