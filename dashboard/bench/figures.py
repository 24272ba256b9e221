"""Figures of repeated measurements."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any


def time_ms(call: Callable[[], Any], *, times: int) -> list[float]:
    """Return how long a call took, in milliseconds, each time after a first one not counted."""
    call()
    durations = []
    for _ in range(times):
        start = time.perf_counter()
        call()
        durations.append(1000 * (time.perf_counter() - start))
    return durations


def median_and_p95(durations: list[float]) -> dict[str, float]:
    """Return median and 95th percentile, to a hundredth."""
    return {
        "p50_ms": round(statistics.median(durations), 2),
        "p95_ms": round(statistics.quantiles(durations, n=20)[-1], 2),
    }
