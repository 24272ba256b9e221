"""What the audit log costs."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine, text

from dashboard.bench.figures import median_and_p95
from db.audit import auditing, list_viewers, note_shown, of_view
from db.audit_chain import verify
from db.engine import reading
from db.queries.households import PAGE_SIZE, get_card
from db.viewer import LOCAL_VIEWER
from geo.view import View

LIMIT_MS = 2.0
"""What auditing the view of a card may cost."""
_TIMES = 300


def measure_audit(engine: Engine) -> dict[str, Any]:
    """Measure a card with and without its event, in turns, and what follows from the events.

    Returns
    -------
    dict
        Times of both, the difference of their medians and whether it is within the limit, the cost
        of a list's event with its households, the question who saw a household, and events per
        second of a check of the chain.
    """
    with engine.connect() as conn:
        ids = list(conn.scalars(text("SELECT id FROM household ORDER BY id LIMIT 300")))

    def plain(number: int) -> None:
        with reading(engine, LOCAL_VIEWER) as conn:
            get_card(conn, ids[number % len(ids)])

    def audited(number: int) -> None:
        household = ids[number % len(ids)]
        detail = of_view(View(household=household))["detail"]
        with auditing(engine, LOCAL_VIEWER, "card", household=household, detail=detail) as conn:
            get_card(conn, household)

    def nothing(_number: int) -> None:
        with reading(engine, LOCAL_VIEWER):
            pass

    def listed(number: int) -> None:
        with auditing(engine, LOCAL_VIEWER, "list") as conn:
            note_shown(conn, range(number, number + PAGE_SIZE))

    def viewers(number: int) -> None:
        with reading(engine, LOCAL_VIEWER) as conn:
            list_viewers(conn, ids[number % len(ids)])

    without, with_event = _alternate(plain, audited)
    empty, with_list = _alternate(nothing, listed)
    asked, _ = _alternate(viewers, nothing)
    card_ms = _difference(without, with_event)
    return {
        "card": median_and_p95(without),
        "card, audited": median_and_p95(with_event),
        "event_ms": card_ms,
        "within_limit": card_ms <= LIMIT_MS,
        "list_event_ms": _difference(empty, with_list),
        "who saw it": median_and_p95(asked),
        "verified_events_per_s": _measure_verify(engine),
    }


def _alternate(
    first: Callable[[int], None], second: Callable[[int], None]
) -> tuple[list[float], list[float]]:
    times: tuple[list[float], list[float]] = ([], [])
    for number in range(_TIMES + 1):
        for call, durations in zip((first, second), times, strict=True):
            start = time.perf_counter()
            call(number)
            durations.append(1000 * (time.perf_counter() - start))
    return times[0][1:], times[1][1:]


def _difference(without: list[float], with_event: list[float]) -> float:
    return round(statistics.median(with_event) - statistics.median(without), 2)


def _measure_verify(engine: Engine) -> int:
    start = time.perf_counter()
    with reading(engine, LOCAL_VIEWER) as conn:
        found = verify(conn)
    return round(found.events / (time.perf_counter() - start))
