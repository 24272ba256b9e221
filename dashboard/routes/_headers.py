"""Headers of every answer, and the names under which the server may be asked."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from dash import Dash
from flask import Response

if TYPE_CHECKING:
    from dashboard.settings import Settings

LOOPBACK = ("127.0.0.1", "localhost")
PERMISSIONS = "geolocation=(self), camera=(), microphone=(), payment=(), usb=()"
NEVER_KEPT = ("text/html", "application/json")
"""Pages and answers to callbacks show what a role may see; no browser and no proxy keeps them."""
_INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)


def add(app: Dash, settings: Settings) -> None:
    """Put the security headers on every answer and refuse foreign host names.

    A page elsewhere can make its own name lead to 127.0.0.1 and then read this server; a server
    that listens on this machine only therefore answers to this machine's names only, and one with
    a name of its own to that name too.
    """
    if settings.is_local or settings.site:
        site = [settings.site] if settings.site else []
        app.server.config["TRUSTED_HOSTS"] = [*LOOPBACK, *site]

    @cache
    def policy() -> str:
        return content_security_policy(list_script_hashes(app), settings.basemap_url)

    def set_headers(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = policy()
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["X-Frame-Options"] = "DENY"
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        response.headers["Permissions-Policy"] = PERMISSIONS
        if settings.https:
            response.headers["Strict-Transport-Security"] = "max-age=31536000"
        if response.mimetype in NEVER_KEPT:
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    app.server.after_request(set_headers)


def list_script_hashes(app: Dash) -> tuple[str, ...]:
    """Return the hashes of the page's inline scripts: Dash's own and those of its template."""
    own = [_hash(script) for script in _INLINE_SCRIPT.findall(app.index_string)]
    return (*app.csp_hashes(), *own)


def content_security_policy(script_hashes: tuple[str, ...], basemap_url: str | None) -> str:
    """Return the policy: everything from this server, and the base map where one is set.

    Parameters
    ----------
    script_hashes
        ``'sha256-…'`` of the inline scripts; nothing else inline runs, and nothing is evaluated.
    basemap_url
        Address of the base map's tiles, with ``{z}`` and so on, or None.
    """
    basemap = _origin(basemap_url)
    rules = {
        "default-src": "'self'",
        "script-src": " ".join(("'self'", *script_hashes)),
        "style-src": "'self' 'unsafe-inline'",
        "img-src": f"'self' data: blob:{basemap}",
        "connect-src": f"'self'{basemap}",
        "worker-src": "'self' blob:",
        "font-src": "'self'",
        "object-src": "'none'",
        "base-uri": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def _origin(url: str | None) -> str:
    parts = urlsplit(url or "")
    if parts.scheme not in ("http", "https") or not re.fullmatch(r"[\w.:\[\]-]+", parts.netloc):
        return ""
    return f" {parts.scheme}://{parts.netloc}"


def _hash(script: str) -> str:
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return f"'sha256-{digest}'"
