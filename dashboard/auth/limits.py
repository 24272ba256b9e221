"""How often one address may ask. Each worker counts for itself, in its own memory."""

from __future__ import annotations

import threading
import time
from collections import Counter

from flask import Flask, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from werkzeug.exceptions import TooManyRequests

LOGINS = "20 per minute"
"""Per address, of those that try a password or a code."""
MOST_A_MINUTE = 6000
"""Per address, of anything: far above a whole office's maps, far below a flood."""
_WINDOW_S = 60


class Flood:
    """Counts the requests of each address in the current minute.

    Flask-Limiter's own counter in memory starts a thread at nearly every request, which costs more
    than a tile does.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._window = 0
        self._counts: Counter[str] = Counter()

    def is_over(self, address: str) -> bool:
        """Count one request, and tell whether it is one too many."""
        window = int(time.monotonic() // _WINDOW_S)
        with self._lock:
            if window != self._window:
                self._window = window
                self._counts.clear()
            self._counts[address] += 1
            return self._counts[address] > self._most


def make_limiter(server: Flask) -> Limiter:
    """Limit every path of a server, and return the limiter that logins are marked with."""
    flood = Flood(MOST_A_MINUTE)

    @server.before_request
    def refuse_floods() -> None:
        if flood.is_over(request.remote_addr or ""):
            raise TooManyRequests

    limiter = Limiter(
        key_func=get_remote_address,
        storage_uri="memory://",
        strategy="fixed-window",
        headers_enabled=False,
    )
    limiter.init_app(server)
    return limiter
