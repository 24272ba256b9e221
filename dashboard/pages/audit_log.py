"""The pages of the audit log, drawn by the server: the log, and who saw one household."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from markupsafe import Markup, escape

from dashboard import labels
from dashboard.pages.audit_detail import write_detail
from dashboard.pages.document import (
    Head,
    Sheet,
    Way,
    draw_button,
    draw_document,
    draw_language,
    draw_paging,
    draw_table,
)
from dashboard.words import NO_FIGURE
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


_HEADS = (
    Head(N_("Nomor"), "number"),
    Head(N_("Waktu"), "moment"),
    Head(N_("Pengguna")),
    Head(N_("Peran")),
    Head(N_("Alamat jaringan")),
    Head(N_("Kegiatan")),
    Head(N_("Keluarga"), "number"),
    Head(N_("Wilayah")),
    Head(N_("Rincian"), "long"),
    Head(N_("Keperluan"), "long"),
)
_SIGHT_HEADS = (
    Head(N_("Waktu"), "moment"),
    Head(N_("Pengguna")),
    Head(N_("Peran")),
    Head(N_("Kegiatan")),
    Head(N_("Keperluan"), "long"),
)


def draw_log(sheet: Sheet, found: EventPage) -> str:
    """Draw a page of the log: the form, the table, the way to older events."""
    say = sheet.say
    rows = (_list_event_cells(sheet, event) for event in found.events)
    table = draw_table(sheet, N_("Kegiatan, yang terbaru di atas"), _HEADS, rows)
    empty = f"<p>{say(N_('Tidak ada kegiatan yang cocok. Longgarkan saringannya.'))}</p>"
    kept = {name: value for name, value in sheet.asked.items() if name != "page"}
    file = draw_button(sheet.link("/audit.csv", kept), say(N_("Unduh CSV")), download="")
    paging = draw_paging(
        sheet, N_("Halaman catatan"), found.page, has_more=found.has_more, more=[file]
    )
    body = "\n".join((_draw_form(sheet), table if found.events else empty, paging))
    return draw_document(sheet, sheet.words.say(N_("Catatan audit")), body)


def draw_viewers(sheet: Sheet, household: int, seen: Iterable[Sight]) -> str:
    """Draw who saw one household."""
    say = sheet.say
    rows = [_list_sight_cells(sheet, sight) for sight in seen]
    title = sheet.words.say(N_("Siapa melihat keluarga nomor {id}"), id=household)
    note = say(
        N_(
            "Kartu, daftar dan pencarian yang menampilkan keluarga ini, serta unduhan wilayahnya."
            " Unduhan bertanda “mungkin” dapat saja tidak memuatnya karena saringan."
        )
    )
    table = draw_table(sheet, N_("Yang terbaru di atas"), _SIGHT_HEADS, rows)
    empty = f"<p>{say(N_('Belum ada yang melihat keluarga ini.'))}</p>"
    body = f"<p>{note}</p>\n{table if rows else empty}"
    back = Way(sheet.link("/", {"household": household}), N_("Kembali ke kartu"))
    return draw_document(sheet, title, body, ways=[back])


def _list_event_cells(sheet: Sheet, event: AuditEvent) -> tuple[str | None, ...]:
    household = ""
    if event.household is not None:
        address = sheet.link(f"/households/{event.household}/viewers")
        household = Markup('<a href="{0}">{1}</a>').format(address, event.household)
    return (
        str(event.id),
        sheet.time(event.at),
        event.user,
        sheet.words.say(ROLE.get(event.role, event.role)),
        event.address,
        sheet.words.say(ACTION[event.action]),
        household,
        event.area,
        write_detail(event.detail, sheet.words),
        event.purpose,
    )


def _list_sight_cells(sheet: Sheet, sight: Sight) -> tuple[str, ...]:
    words = sheet.words
    action = words.say(ACTION[sight.action])
    if not sight.is_certain:
        action = f"{action} ({words.say(N_('mungkin'))})"
    return (
        sheet.time(sight.at),
        sight.user,
        words.say(ROLE.get(sight.role, sight.role)),
        action,
        sight.purpose or NO_FIGURE,
    )


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
    return f"""<form method="get" action="/audit" class="document-form">
{draw_language(sheet)}{"".join(fields)}
<button class="button primary">{sheet.say(N_("Tampilkan"))}</button>
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
