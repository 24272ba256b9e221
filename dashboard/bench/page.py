"""How a browser experiences the page: bytes and seconds on a slow line, and a filter change."""

from __future__ import annotations

import os
import secrets
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from dashboard.settings import CHECKOUT, ToolSettings

_ARGUMENTS = (
    "--no-sandbox",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_SLOW_LINE = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 2_000_000 / 8,
    "uploadThroughput": 2_000_000 / 8,
}
_FILTERS = ("?deciles=1", "?deciles=2", "?deciles=3", "?needs=latrine", "?received=pkh", "")

# From the change of the address to the map's last image of the new state.
_TIME_A_FILTER = """async (search) => {
    const map = document.querySelector("#map");
    const before = map.dataset.shown;
    const start = performance.now();
    dash_clientside.set_props("url", { search });
    while (map.dataset.shown === before || map.dataset.painted !== map.dataset.shown)
        await new Promise((resolve) => setTimeout(resolve, 4));
    return performance.now() - start;
}"""


def measure_page(database_url: str) -> dict[str, Any]:
    """Measure a cold and a repeat visit on 2 Mbit/s and 150 ms, and filter changes without limit.

    Parameters
    ----------
    database_url
        Of a database with the demo.

    Returns
    -------
    dict
        Seconds and bytes until the map has drawn, bytes in all (the charts follow the map), the
        same for a second visit, and the median filter change in milliseconds.
    """
    from playwright.sync_api import sync_playwright

    chromium = ToolSettings().chromium
    with _serving(database_url) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(chromium or "/usr/bin/chromium"), args=list(_ARGUMENTS)
        )
        context = browser.new_context(viewport={"width": 1366, "height": 768})
        token = _log_in(database_url)
        context.add_cookies([{"name": "kentongan_session", "value": token, "url": address}])
        cold = _visit(context, address)
        repeat = _visit(context, address)
        page = context.new_page()
        page.goto(address)
        page.wait_for_selector("#map[data-painted]")
        page.wait_for_load_state("networkidle")
        changes = [page.evaluate(_TIME_A_FILTER, search) for search in _FILTERS * 2]
        browser.close()
    return {
        "cold": cold,
        "repeat": repeat,
        "filter_to_painted_ms": round(statistics.median(changes[1:])),
    }


def _log_in(database_url: str) -> str:
    from dashboard.auth.sessions import hash_token
    from db.accounts import NO_PASSWORD, NewUser, add_user, start_session
    from db.engine import make_engine, writing
    from db.viewer import LOCAL_VIEWER

    token = secrets.token_urlsafe()
    engine = make_engine(database_url)
    with writing(engine, LOCAL_VIEWER) as conn:
        user = add_user(conn, NewUser("bench", "planner"), NO_PASSWORD, must_change_password=False)
        day = timedelta(days=1)
        start_session(conn, hash_token(token), user, lifetime=day, address=None, user_agent="bench")
    engine.dispose()
    return token


def _visit(context: Any, address: str) -> dict[str, Any]:
    page = context.new_page()
    session = context.new_cdp_session(page)
    received: list[float] = []
    session.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", _SLOW_LINE)
    start = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.wait_for_selector("#map[data-painted]")
    figures = {
        "first_map_s": round(time.perf_counter() - start, 2),
        "first_map_kb": round(sum(received) / 1000),
    }
    page.wait_for_selector(".js-plotly-plot")
    page.wait_for_load_state("networkidle")
    page.close()
    return figures | {"all_kb": round(sum(received) / 1000)}


@contextmanager
def _serving(database_url: str) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "dashboard.cli", "serve", "--port", str(port)],
        cwd=CHECKOUT,
        env={**os.environ, "KENTONGAN_DATABASE_URL": database_url},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}/"
    try:
        _wait_until_it_answers(port)
        yield address
    finally:
        server.terminate()
        server.wait()


def _wait_until_it_answers(port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError("the server did not answer within a minute")
