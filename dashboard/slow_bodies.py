"""A body that comes too slowly is given up, so that it keeps no thread from the others.

Granian knows a time limit for headers only; it hands a request over before its body is there.
"""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Callable, Iterable
from typing import Any

LIMIT_S = 5.0
MAX_BODY_BYTES = 2_000_000

Application = Callable[..., Iterable[bytes]]


def read_in_time(app: Application, *, limit_s: float = LIMIT_S) -> Application:
    """Read each body whole before the application sees it, or answer 408.

    Parameters
    ----------
    app
        WSGI application.
    limit_s
        How long a body may take.
    """

    def serve(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ.get("REQUEST_METHOD") in ("GET", "HEAD", "OPTIONS"):
            return app(environ, start_response)
        length = environ.get("CONTENT_LENGTH") or "0"
        if length.isdigit() and int(length) > MAX_BODY_BYTES:
            return app(environ, start_response)  # refused there, unread
        body = _read(environ["wsgi.input"], limit_s)
        if body is None:
            return _refuse(start_response)
        # A body in pieces has a length now, so that one that is too large is refused by it.
        known = {k: v for k, v in environ.items() if k != "HTTP_TRANSFER_ENCODING"}
        known |= {"wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body))}
        return app(known, start_response)

    return serve


def _read(stream: Any, limit_s: float) -> bytes | None:
    # A read can't be broken off. The thread that waits in it ends with the connection.
    found: list[bytes] = []
    reader = threading.Thread(
        target=lambda: found.append(stream.read(MAX_BODY_BYTES + 1)), daemon=True
    )
    reader.start()
    reader.join(limit_s)
    return found[0] if found else None


def _refuse(start_response: Callable[..., Any]) -> Iterable[bytes]:
    fault = {"ok": False, "error": "Kiriman ini terlalu lambat.", "status": 408}
    body = json.dumps(fault).encode()
    headers = [
        ("Content-Type", "application/json"),
        ("Content-Length", str(len(body))),
        ("Cache-Control", "no-store"),
        ("Connection", "close"),
    ]
    start_response("408 Request Timeout", headers)
    return [body]
