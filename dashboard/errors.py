"""What a fault becomes: a banner on the page, or a page of its own. Never a stack trace."""

from __future__ import annotations

import logging
from html import escape
from typing import Any

from dash import ctx, set_props

from dashboard import ids
from dashboard.assets import address_of
from dashboard.words import Words, words_of
from geo.errors import DatabaseUnavailable, MapError
from geo.text import N_

UNKNOWN_FAULT = N_("Ada yang salah di server. Coba lagi; bila tetap terjadi, hubungi pengelola.")

_TITLES = {
    401: N_("Belum masuk"),
    403: N_("Tidak diizinkan"),
    404: N_("Halaman tidak ditemukan"),
    408: N_("Terlalu lambat"),
    413: N_("Terlalu besar"),
    429: N_("Terlalu sering"),
    500: N_("Ada yang salah"),
    503: N_("Sedang terputus"),
}

log = logging.getLogger(__name__)


class PageNotFound(MapError):
    """An address without a page."""

    status = 404

    def __init__(self) -> None:
        super().__init__(N_("Alamat ini tidak ada."))


def show_fault(error: Exception) -> None:
    """Show the banner for a fault in a callback; what stood on the page stays."""
    words = words_of(_language_of_callback())
    set_props(ids.FAULT, {"data": describe_fault(error, words)})


def describe_fault(error: Exception, words: Words) -> dict[str, Any]:
    """Return the sentence of a fault, and whether the page should try again by itself.

    A fault that nobody foresaw is logged in full; its reader gets a neutral sentence.
    """
    if isinstance(error, MapError):
        return {"text": words.say_fault(error), "retry": isinstance(error, DatabaseUnavailable)}
    log.error("a callback failed", exc_info=error)
    return {"text": words.say(UNKNOWN_FAULT), "retry": False}


def draw_fault_page(error: MapError, words: Words) -> str:
    """Draw the page for an address that leads nowhere: one sentence and the way back."""
    say = words.say
    title = say(_TITLES.get(error.status, N_("Alamat keliru")))
    return f"""<!DOCTYPE html>
<html lang="{words.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)} · Kentongan</title>
<meta name="color-scheme" content="light dark">
<link rel="icon" href="{address_of("favicon.svg")}" type="image/svg+xml">
<script src="{address_of("theme.js")}"></script>
<link rel="stylesheet" href="{address_of("style.css")}">
</head>
<body class="fault-page">
<main>
<p class="kind">{error.status}</p>
<h1>{escape(title)}</h1>
<p>{escape(words.say_fault(error))}</p>
<p><a class="button primary" href="/">{escape(say(N_("Kembali ke peta")))}</a></p>
</main>
</body>
</html>
"""


def _language_of_callback() -> str:
    # The address is an input or state of nearly every callback; the last resort is Indonesian.
    known = {**ctx.inputs, **ctx.states}
    search = known.get(f"{ids.URL}.search") or ""
    return "en" if "language=en" in search else "id"
