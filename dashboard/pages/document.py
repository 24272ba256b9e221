"""The frame of pages that the server draws: header with the ways on, tables, paging, print.

A page of its own brings its title and its body; `draw_document` brings all the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from markupsafe import Markup, escape

from dashboard.assets import address_of
from dashboard.words import Words
from geo.text import N_

_OTHER = {"id": ("en", "English"), "en": ("id", "Bahasa Indonesia")}
_MODULE = Markup('\n<script type="module" src="{0}"></script>')


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a page is drawn with.

    Attributes
    ----------
    words
        Of its reader.
    zone
        In which times are shown.
    path
        Of the page, without its query.
    asked
        The form as it was filled in: field to value, empty ones left out.
    csrf_token
        Goes with forms that change something; empty where nobody is logged in.
    role
        Of its reader, for the ways that are open to them; empty where nobody is logged in.
    """

    words: Words
    zone: ZoneInfo
    path: str
    asked: Mapping[str, str]
    csrf_token: str = ""
    role: str = ""

    def time(self, at: datetime) -> str:
        """Write a moment in the regency's time: ``24 Nov 2026 14.05.09 WIB``."""
        here = at.astimezone(self.zone)
        clock = "HH.mm.ss" if self.words.language == "id" else "HH:mm:ss"
        written = format_datetime(here, f"d MMM y {clock}", locale=self.words.language)
        return f"{written} {here:%Z}"

    def say(self, message: str, **fields: object) -> Markup:
        """Translate, and make it safe to stand in HTML."""
        return escape(self.words.say(message, **fields))

    def link(self, path: str, query: Mapping[str, object] | None = None) -> Markup:
        """Return the address of another page in the reader's language, safe to stand in HTML."""
        wanted = dict(query or {})
        if self.words.language != "id":
            wanted["language"] = self.words.language
        return escape(f"{path}?{urlencode(wanted)}" if wanted else path)


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column.

    Attributes
    ----------
    title
        To be translated.
    kind
        How its cells are set: figures to the right, moments on one line, long texts with room.
    """

    title: str
    kind: Literal["text", "number", "moment", "long"] = "text"


@dataclass(frozen=True, slots=True)
class Way:
    """A link in the header, such as the way back.

    Attributes
    ----------
    address
        From `Sheet.link`.
    label
        To be translated.
    """

    address: Markup
    label: str


def draw_document(
    sheet: Sheet,
    title: str,
    body: str,
    *,
    ways: Iterable[Way] = (),
    styles: Iterable[str] = (),
    module: str | None = None,
) -> str:
    """Draw a page.

    Parameters
    ----------
    sheet
        What it is drawn with.
    title
        In the reader's language, as plain text.
    body
        HTML that stands beneath the title; a ``<form method="post">`` in it begins with
        `draw_token`.
    ways
        Where the header leads beside the account; the start page is always there.
    styles
        Names of files in ``assets/``, beside those of every page.
    module
        Name of a file in ``assets/`` that the page runs as a JavaScript module. It has to stand in
        ``_NOT_LOADED_BY_DASH`` of ``dashboard/app.py``, or the map runs it too.

    Returns
    -------
    str
        The HTML document.
    """
    script = _MODULE.format(address_of(module)) if module else ""
    sheets = "\n".join(
        f'<link rel="stylesheet" href="{address_of(name)}">'
        for name in ("style.css", "document.css", *styles)
    )
    return f"""<!DOCTYPE html>
<html lang="{sheet.words.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{escape(title)} · Kentongan</title>
<link rel="icon" href="{address_of("favicon.svg")}" type="image/svg+xml">
<script src="{address_of("theme.js")}"></script>
{sheets}{script}
</head>
<body class="document-page">
{_draw_header(sheet, ways)}
<main>
<h1>{escape(title)}</h1>
{body}
</main>
</body>
</html>
"""


def draw_token(sheet: Sheet) -> Markup:
    """Draw the hidden field that a form needs to be taken."""
    return Markup('<input type="hidden" name="csrf_token" value="{0}">').format(sheet.csrf_token)


def draw_language(sheet: Sheet) -> Markup:
    """Draw the hidden field by which a form that asks keeps the language; none for Indonesian."""
    if sheet.words.language == "id":
        return Markup("")
    return Markup('<input type="hidden" name="language" value="{0}">').format(sheet.words.language)


def write_address(sheet: Sheet, address: str | None, rt: str | None, rw: str | None) -> str:
    """Write an address with RT and RW, unless they stand in it; as far as its reader has them."""
    told = ""
    if rt and rw and "RT" not in (address or ""):
        told = sheet.words.say(N_("RT {rt}/RW {rw}"), rt=rt, rw=rw)
    return ", ".join(filter(None, (address, told)))


def draw_table(
    sheet: Sheet, caption: str, heads: Iterable[Head], rows: Iterable[Iterable[str | None]]
) -> str:
    """Draw a table; where it is wider than a phone each row becomes a card of its own.

    Parameters
    ----------
    sheet
        What it is drawn with.
    caption
        To be translated.
    heads
        One per column.
    rows
        Cells in the order of the heads: plain text is made safe, `Markup` stays as it is.
    """
    columns = tuple(heads)
    titles = "".join(
        f'<th scope="col" class="{head.kind}">{sheet.say(head.title)}</th>' for head in columns
    )
    body = "\n".join(_draw_row(sheet, columns, row) for row in rows)
    return f"""<div class="document-table" tabindex="0"><table>
<caption>{sheet.say(caption)}</caption>
<thead><tr>{titles}</tr></thead>
<tbody>
{body}
</tbody>
</table></div>"""


def draw_paging(
    sheet: Sheet, label: str, page: int, *, has_more: bool, more: Iterable[Markup] = ()
) -> str:
    """Draw the ways to the page before and after.

    Parameters
    ----------
    sheet
        The links keep what its form was filled in with.
    label
        What the pages are of, for who does not see them; to be translated.
    page
        This one, from 1.
    has_more
        Whether there is one after it.
    more
        Further buttons, such as that of a file.
    """
    kept = {name: value for name, value in sheet.asked.items() if name != "page"}
    links = []
    if page > 1:
        before = sheet.link(sheet.path, {**kept, "page": page - 1})
        links.append(draw_button(before, sheet.say(N_("Sebelumnya")), rel="prev"))
    if has_more:
        after = sheet.link(sheet.path, {**kept, "page": page + 1})
        links.append(draw_button(after, sheet.say(N_("Berikutnya")), rel="next"))
    buttons = Markup("").join([*links, *more])
    if not buttons:
        return ""
    return f'<nav class="document-paging" aria-label="{sheet.say(label)}">{buttons}</nav>'


def draw_button(address: Markup, label: str, **attributes: str) -> Markup:
    """Draw a link that looks like a button."""
    more = Markup("").join(
        Markup(' {0}="{1}"').format(name, value) for name, value in attributes.items()
    )
    return Markup('<a class="button" href="{0}"{1}>{2}</a>').format(address, more, label)


def _draw_row(sheet: Sheet, heads: tuple[Head, ...], row: Iterable[str | None]) -> str:
    # The title goes with the cell, for the cards of a phone.
    cells = (
        f'<td class="{head.kind}" data-title="{sheet.say(head.title)}">{escape(cell or "")}</td>'
        for head, cell in zip(heads, row, strict=True)
    )
    return f"<tr>{''.join(cells)}</tr>"


def _draw_header(sheet: Sheet, ways: Iterable[Way]) -> str:
    known = (*ways, Way(sheet.link("/account"), N_("Akun")))
    links = "".join(_draw_way(sheet, way) for way in known)
    other, name = _OTHER[sheet.words.language]
    query = urlencode({**sheet.asked, "language": other})
    switch = f'<a href="{escape(f"{sheet.path}?{query}")}" lang="{other}">{name}</a>'
    return f"""<header class="document-header">
<a class="brand" href="{sheet.link("/")}"><span class="drum" aria-hidden="true"></span>
<span>Kentongan</span></a>
<nav aria-label="{sheet.say(N_("Jalan lain"))}">{links}{switch}{_draw_logout(sheet)}</nav>
</header>"""


def _draw_way(sheet: Sheet, way: Way) -> str:
    path = way.address.unescape().partition("?")[0]
    is_here = sheet.path == path or (path != "/" and sheet.path.startswith(f"{path}/"))
    mark = ' aria-current="page"' if is_here else ""
    return f'<a href="{way.address}"{mark}>{sheet.say(way.label)}</a>'


def _draw_logout(sheet: Sheet) -> str:
    if not sheet.csrf_token:
        return ""
    return (
        f'<form method="post" action="{sheet.link("/logout")}">{draw_token(sheet)}'
        f"<button>{sheet.say(N_('Keluar'))}</button></form>"
    )
