"""How often one address may ask. Each worker counts for itself, in its own memory."""

from __future__ import annotations

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

LOGINS = "20 per minute"
"""Per address, of those that try a password or a code."""
EVERYTHING = "6000 per minute"
"""Per address, of anything: far above a whole office's maps, far below a flood."""


def make_limiter(server: Flask) -> Limiter:
    """Make the limiter; its default holds for every path of the server."""
    limiter = Limiter(
        key_func=get_remote_address,
        application_limits=[EVERYTHING],
        storage_uri="memory://",
        strategy="fixed-window",
        headers_enabled=False,
    )
    limiter.init_app(server)
    return limiter
