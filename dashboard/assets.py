"""Our own files: their address changes with them, so that a browser may keep them."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from flask import Flask, Response, request

ASSETS = Path(__file__).resolve().parents[1] / "assets"
FOREVER = "private, max-age=31536000, immutable"
"""How long an answer may be kept whose address changes with it."""
ENDPOINT = "_dash_assets.static"
"""What Dash calls its route of these files."""
_STAMP_CHARACTERS = 12


def name_assets_path(folder: Path = ASSETS) -> str:
    """Return the path that the files are served under: ``assets/`` and a stamp of their contents.

    Modules import each other by relative address, so one stamp for all of them reaches each.

    Parameters
    ----------
    folder
        Its files, the libraries' among them, make the stamp.
    """
    stamp = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        stamp.update(f"{path.relative_to(folder)}\0{path.stat().st_size}\0".encode())
        stamp.update(path.read_bytes())
    return f"assets/{stamp.hexdigest()[:_STAMP_CHARACTERS]}"


@cache
def _own_path() -> str:
    return name_assets_path()


def address_of(name: str) -> str:
    """Return the address of one of our files, for pages that are drawn without Dash."""
    return f"/{_own_path()}/{name}"


def keep_assets(server: Flask) -> None:
    """Let browsers keep the files for a year without asking again."""

    @server.after_request
    def keep(response: Response) -> Response:
        if request.endpoint == ENDPOINT and response.status_code in (200, 304):
            response.headers["Cache-Control"] = FOREVER
        return response
