"""The pages of the audit log, drawn by the server: the log, and who saw one household."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from babel.dates import format_datetime

from dashboard import labels
from dashboard.assets import address_of
from dashboard.words import NO_FIGURE, Words
from db.audit import AuditEvent, EventPage, Sight
from db.models.audit import ACTIONS
from geo.text import N_

ROLE: Mapping[str, str] = {
    **labels.ROLE,
    "local": N_("Baris perintah"),
    "nobody": N_("Belum masuk"),
}
ACTION: Mapping[str, str] = {
    "list": N_("Melihat daftar"),
    "card": N_("Membuka kartu keluarga"),
    "reveal": N_("Membuka identitas"),
    "search": N_("Mencari"),
    "tiles": N_("Melihat titik di peta"),
    "export": N_("Mengunduh berkas"),
    "import": N_("Mengimpor berkas"),
    "change": N_("Mengubah data"),
    "login": N_("Masuk"),
    "login_failed": N_("Gagal masuk"),
    "logout": N_("Keluar"),
    "purge": N_("Menghapus data lama"),
    "backup": N_("Membuat cadangan"),
    "restore": N_("Memulihkan cadangan"),
    "publish": N_("Menerbitkan angka"),
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a page is drawn with.

    Attributes
    ----------
    words
        Of its reader.
    zone
        In which times are shown.
    stylesheet
        Its address.
    asked
        The form as it was filled in: field to value, empty ones left out.
    """

    words: Words
    zone: ZoneInfo
    stylesheet: str
    asked: Mapping[str, str]

    def time(self, at: datetime) -> str:
        """Write a moment in the regency's time: ``24 Nov 2026 14.05.09 WIB``."""
        here = at.astimezone(self.zone)
        clock = "HH.mm.ss" if self.words.language == "id" else "HH:mm:ss"
        written = format_datetime(here, f"d MMM y {clock}", locale=self.words.language)
        return f"{written} {here:%Z}"

    def say(self, message: str, **fields: object) -> str:
        """Translate, and make it safe to stand in HTML."""
        return escape(self.words.say(message, **fields))


def draw_log(sheet: Sheet, found: EventPage) -> str:
    """Draw a page of the log: the form, the table, the way to older events."""
    say = sheet.say
    titles = (
        N_("Nomor"),
        N_("Waktu"),
        N_("Pengguna"),
        N_("Peran"),
        N_("Alamat jaringan"),
        N_("Kegiatan"),
        N_("Keluarga"),
        N_("Wilayah"),
        N_("Rincian"),
        N_("Keperluan"),
    )
    rows = "".join(_draw_event(sheet, event) for event in found.events)
    table = draw_table(sheet, N_("Kegiatan, yang terbaru di atas"), titles, rows)
    empty = f"<p>{say(N_('Tidak ada kegiatan yang cocok. Longgarkan saringannya.'))}</p>"
    body = f"""{_draw_form(sheet)}
{table if found.events else empty}
{_draw_paging(sheet, found)}"""
    back = "/account" + language_query(sheet)
    title = sheet.words.say(N_("Catatan audit"))
    return draw_document(sheet, title, body, back, N_("Akun"))


def draw_viewers(sheet: Sheet, household: int, seen: Iterable[Sight]) -> str:
    """Draw who saw one household."""
    say = sheet.say
    titles = (N_("Waktu"), N_("Pengguna"), N_("Peran"), N_("Kegiatan"), N_("Keperluan"))
    rows = "".join(_draw_sight(sheet, sight) for sight in seen)
    title = sheet.words.say(N_("Siapa melihat keluarga nomor {id}"), id=household)
    note = say(
        N_(
            "Kartu, daftar dan pencarian yang menampilkan keluarga ini, serta unduhan wilayahnya."
            " Unduhan bertanda “mungkin” dapat saja tidak memuatnya karena saringan."
        )
    )
    table = draw_table(sheet, N_("Yang terbaru di atas"), titles, rows)
    empty = f"<p>{say(N_('Belum ada yang melihat keluarga ini.'))}</p>"
    body = f"<p>{note}</p>\n{table if rows else empty}"
    query: dict[str, object] = {"household": household}
    if "language" in sheet.asked:
        query["language"] = sheet.words.language
    return draw_document(sheet, title, body, f"/?{urlencode(query)}", N_("Kembali ke kartu"))


def write_detail(detail: Mapping[str, Any] | None, words: Words) -> str:
    """Return the details of an event in one line."""
    parts = []
    for name, value in (detail or {}).items():
        if name == "households":
            parts.append(words.say(N_("{count} keluarga"), count=len(value)))
        elif isinstance(value, Mapping):
            parts.append(f"{name}: " + ", ".join(f"{key} {part}" for key, part in value.items()))
        elif isinstance(value, list):
            parts.append(f"{name}: " + ", ".join(map(str, value)))
        elif value not in ("", None):
            parts.append(f"{name}: {value}")
    return "; ".join(parts)


def _draw_event(sheet: Sheet, event: AuditEvent) -> str:
    household = ""
    if event.household is not None:
        language = language_query(sheet)
        address = f"/households/{event.household}/viewers{language}"
        household = f'<a href="{escape(address)}">{event.household}</a>'
    cells = (
        f'<td class="number">{event.id}</td>',
        _cell(sheet.time(event.at)),
        _cell(event.user),
        _cell(sheet.words.say(ROLE.get(event.role, event.role))),
        _cell(event.address),
        _cell(sheet.words.say(ACTION[event.action])),
        f'<td class="number">{household}</td>',
        _cell(event.area),
        _cell(write_detail(event.detail, sheet.words)),
        _cell(event.purpose),
    )
    return f"<tr>{''.join(cells)}</tr>\n"


def _draw_sight(sheet: Sheet, sight: Sight) -> str:
    words = sheet.words
    action = words.say(ACTION[sight.action])
    if not sight.is_certain:
        action = f"{action} ({words.say(N_('mungkin'))})"
    cells = (
        sheet.time(sight.at),
        sight.user,
        words.say(ROLE.get(sight.role, sight.role)),
        action,
        sight.purpose or NO_FIGURE,
    )
    return f"<tr>{''.join(map(_cell, cells))}</tr>\n"


def _cell(content: str | None) -> str:
    return f"<td>{escape(content or '')}</td>"


def draw_table(
    sheet: Sheet, caption: str, titles: Iterable[str], rows: str, *, kind: str = ""
) -> str:
    """Draw a table that scrolls within itself; ``kind`` is a further class of it."""
    heads = "".join(f'<th scope="col">{sheet.say(title)}</th>' for title in titles)
    return f"""<div class="{f"audit-table {kind}".strip()}" tabindex="0"><table>
<caption>{sheet.say(caption)}</caption>
<thead><tr>{heads}</tr></thead>
<tbody>
{rows}</tbody>
</table></div>"""


def _draw_form(sheet: Sheet) -> str:
    fields = (
        _draw_input(sheet, "user", N_("Pengguna"), "text"),
        _draw_choice(sheet, "role", N_("Peran"), ROLE),
        _draw_choice(sheet, "action", N_("Kegiatan"), {one: ACTION[one] for one in ACTIONS}),
        _draw_input(sheet, "since", N_("Sejak tanggal"), "date"),
        _draw_input(sheet, "until", N_("Sampai tanggal"), "date"),
        _draw_input(sheet, "household", N_("Nomor keluarga"), "text"),
        _draw_input(sheet, "area", N_("Kode wilayah"), "text"),
    )
    language = ""
    if "language" in sheet.asked:
        language = f'<input type="hidden" name="language" value="{sheet.words.language}">'
    return f"""<form method="get" action="/audit" class="audit-form">
{language}{"".join(fields)}<button class="button primary">{sheet.say(N_("Tampilkan"))}</button>
</form>"""


def _draw_input(sheet: Sheet, name: str, title: str, kind: str) -> str:
    value = escape(sheet.asked.get(name, ""))
    field = f'<input type="{kind}" name="{name}" value="{value}" autocomplete="off">'
    return f"<label>{sheet.say(title)}{field}</label>\n"


def _draw_choice(sheet: Sheet, name: str, title: str, choices: Mapping[str, str]) -> str:
    options = [f'<option value="">{sheet.say(N_("Semua"))}</option>']
    for key, label in choices.items():
        chosen = " selected" if sheet.asked.get(name) == key else ""
        options.append(f'<option value="{key}"{chosen}>{sheet.say(label)}</option>')
    return f'<label>{sheet.say(title)}<select name="{name}">{"".join(options)}</select></label>\n'


def _draw_paging(sheet: Sheet, found: EventPage) -> str:
    kept = {name: value for name, value in sheet.asked.items() if name != "page"}
    links = []
    if found.page > 1:
        newer = link("/audit", {**kept, "page": found.page - 1})
        links.append(
            f'<a class="button" rel="prev" href="{newer}">{sheet.say(N_("Lebih baru"))}</a>'
        )
    if found.has_more:
        older = link("/audit", {**kept, "page": found.page + 1})
        links.append(
            f'<a class="button" rel="next" href="{older}">{sheet.say(N_("Lebih lama"))}</a>'
        )
    file = link("/audit.csv", kept)
    links.append(f'<a class="button" href="{file}" download>{sheet.say(N_("Unduh CSV"))}</a>')
    label = sheet.say(N_("Halaman catatan"))
    return f'<nav class="audit-paging" aria-label="{label}">{"".join(links)}</nav>'


def link(path: str, query: Mapping[str, object]) -> str:
    """Write an address, safe to stand in HTML."""
    return escape(f"{path}?{urlencode(query)}" if query else path)


def language_query(sheet: Sheet) -> str:
    """Return the query that keeps the language."""
    return f"?language={sheet.words.language}" if "language" in sheet.asked else ""


def draw_document(sheet: Sheet, title: str, body: str, back: str, whereto: str) -> str:
    """Draw a page round its body, with the way back above it."""
    return f"""<!DOCTYPE html>
<html lang="{sheet.words.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)} · Kentongan</title>
<link rel="icon" href="{address_of("favicon.svg")}" type="image/svg+xml">
<link rel="stylesheet" href="{escape(sheet.stylesheet)}">
</head>
<body class="audit-page">
<main>
<p><a href="{escape(back)}">{sheet.say(whereto)}</a></p>
<h1>{escape(title)}</h1>
{body}
</main>
</body>
</html>
"""
