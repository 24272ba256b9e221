"""One waiting row beside the households it may be, field by field."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from markupsafe import Markup

from dashboard import labels
from dashboard.pages.document import Sheet
from dashboard.words import NO_FIGURE
from db.queries.review import Candidate, Case, Member
from geo.differences import list_differences
from geo.text import N_

KIND: Mapping[str, str] = {
    "match": N_("Mirip"),
    "nik_changed": N_("NIK berubah"),
    "moved": N_("Pindah desa"),
    "merged_kk": N_("KK digabung"),
    "head_changed": N_("Kepala keluarga lain"),
    "dead": N_("Meninggal"),
    "same_name": N_("Nama sama"),
}
KIND_SENTENCE: Mapping[str, str] = {
    "match": N_("Mirip dengan keluarga di register: keluarga yang sama?"),
    "nik_changed": N_("NIK berubah: nama dan rumahnya cocok, nomornya tidak. Orang yang sama?"),
    "moved": N_("Pindah desa: keluarga ini tercatat di desa lain. Pindah, atau keluarga lain?"),
    "merged_kk": N_("KK digabung: nomor KK ini tercatat pada keluarga lain. Satu keluarga kini?"),
    "head_changed": N_(
        "Kepala keluarga lain: kartunya sama, kepala keluarganya berbeda. Berganti, atau keluarga"
        " baru?"
    ),
    "dead": N_(
        "Meninggal: kepala keluarga yang tercatat sudah meninggal. Ini keluarga yang ditinggalkan?"
    ),
    "same_name": N_("Nama sama: ayah dan anak, atau orang yang sama?"),
}
AGREEMENT: Mapping[str, tuple[str, str]] = {
    "same": ("✓", N_("sama")),
    "similar": ("≈", N_("mirip")),
    "different": ("✗", N_("beda")),
    "missing": (NO_FIGURE, N_("tidak ada")),
}
_FIELDS: tuple[tuple[str, str], ...] = (
    ("name", N_("Kepala keluarga")),
    ("nik", N_("NIK")),
    ("kk", N_("Nomor KK")),
    ("birth_date", N_("Lahir")),
    ("sex", N_("Jenis kelamin")),
    ("address", N_("Alamat")),
    ("area_code", N_("Desa")),
    ("decile", N_("Desil")),
    ("member_count", N_("Anggota")),
)
_MARKED = ("name", "nik", "kk", "birth_date", "address")
"""Fields whose letters are compared."""
_SCORES = (
    (0.9, N_("sangat mungkin sama")),
    (0.75, N_("mungkin sama")),
    (0.0, N_("belum tentu sama")),
)
_TABLE = Markup(
    '<div class="review-table"><table><caption class="unseen">{caption}</caption>'
    "<thead><tr><td></td>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
)


def draw_comparison(sheet: Sheet, case: Case, chosen: int | None) -> Markup:
    """Draw the row as it came in and up to three households, with a choice among these.

    Parameters
    ----------
    sheet
        What the page is drawn with.
    case
        The row.
    chosen
        Household that is chosen at first; None where nothing can be chosen any more.
    """
    heads = Markup('<th scope="col" class="came">{}</th>').format(_draw_origin(sheet, case))
    heads += Markup("").join(
        Markup('<th scope="col">{}</th>').format(_draw_choice(sheet, place, one, chosen))
        for place, one in enumerate(case.candidates, 1)
    )
    rows = [_draw_field(sheet, case, field, title) for field, title in _FIELDS]
    distances = [_write_distance(sheet, one) for one in case.candidates]
    rows.append(_draw_row(sheet, N_("Jarak"), "", distances))
    members = [_draw_members(sheet, one.members) for one in case.candidates]
    rows.append(_draw_row(sheet, N_("Anggota keluarga"), sheet.say(_ONLY_HEAD), members))
    sources = [
        _write_source(sheet, one.fields["source"], one.fields["as_of"]) for one in case.candidates
    ]
    came = _write_source(sheet, case.source, case.as_of)
    rows.append(_draw_row(sheet, N_("Sumber"), came, sources))
    caption = sheet.say(N_("Baris berkas dan calonnya di register"))
    return _TABLE.format(caption=caption, heads=heads, rows=Markup("").join(rows))


_ONLY_HEAD = N_("Berkas hanya menyebut kepala keluarganya.")


def draw_content(sheet: Sheet, case: Case) -> Markup:
    """Draw the row as it stood in the file, for who may see that."""
    if not case.content:
        return Markup("")
    lines = Markup("").join(
        Markup("<div><dt>{}</dt><dd>{}</dd></div>").format(title, value)
        for title, value in case.content.items()
        if value not in ("", None)
    )
    return Markup(
        '<details class="review-content"><summary>{}</summary><dl>{}</dl></details>'
    ).format(sheet.say(N_("Baris seperti di berkas")), lines)


def write_name(case: Case) -> str:
    """Return whom a row speaks of."""
    return str(case.fields.get("head_name") or case.fields.get("name") or NO_FIGURE)


def tell_agreement(field: str, came: Any, found: Any, candidate: Candidate) -> str:
    """Return how far a field agrees: as the matcher found, else as what is shown agrees.

    Masked numbers that look alike may still differ; they are not compared.
    """
    known = candidate.reasons.get(field)
    if known is not None:
        return known if known in AGREEMENT else "missing"
    if came in (None, "") or found in (None, "") or "*" in str(came):
        return "missing"
    return "same" if str(came).casefold() == str(found).casefold() else "different"


def _draw_field(sheet: Sheet, case: Case, field: str, title: str) -> Markup:
    write = _WRITERS.get(field, _write_plain)
    came = write(sheet, field, case.fields, None)
    hidden = sheet.say(N_("(tersembunyi)"))
    cells = []
    for candidate in case.candidates:
        found = write(sheet, field, candidate.fields, candidate.age)
        key = "area_code" if field == "area_code" else None
        agreement = tell_agreement(
            field,
            case.fields.get(key) if key else came,
            candidate.fields.get(key) if key else found,
            candidate,
        )
        value = _mark(field, came, found, agreement)
        if not found and _was_compared(field, candidate):
            value = hidden
        cells.append(_draw_agreement(sheet, agreement) + value)
    is_hidden = not came and any(_was_compared(field, one) for one in case.candidates)
    return _draw_row(sheet, title, hidden if is_hidden else came or NO_FIGURE, cells)


def _was_compared(field: str, candidate: Candidate) -> bool:
    """Tell whether both sides say something; what then isn't there is kept from the viewer."""
    return candidate.reasons.get(field, "missing") != "missing"


def _draw_row(sheet: Sheet, title: str, came: Any, cells: list[Any]) -> Markup:
    names = [sheet.say(N_("Calon {number}"), number=place) for place in range(1, len(cells) + 1)]
    drawn = Markup("").join(
        Markup('<td data-title="{}">{}</td>').format(name, cell)
        for name, cell in zip(names, cells, strict=True)
    )
    return Markup(
        '<tr><th scope="row">{}</th><td class="came" data-title="{}">{}</td>{}</tr>'
    ).format(sheet.say(title), sheet.say(N_("Berkas")), came, drawn)


def _draw_agreement(sheet: Sheet, agreement: str) -> Markup:
    sign, word = AGREEMENT[agreement]
    return Markup('<span class="agree {}"><span aria-hidden="true">{}</span> {}</span> ').format(
        agreement, sign, sheet.say(word)
    )


def _mark(field: str, came: str, found: str, agreement: str) -> Markup:
    if field not in _MARKED or agreement == "same" or not came or not found or "*" in found:
        return Markup("<span>{}</span>").format(found or NO_FIGURE)
    tags = {"kept": "{}", "added": "<mark>{}</mark>", "lost": "<del>{}</del>"}
    parts = [Markup(tags[part.kind]).format(part.text) for part in list_differences(came, found)]
    return Markup('<span class="letters">{}</span>').format(Markup("").join(parts))


def _draw_origin(sheet: Sheet, case: Case) -> Markup:
    name = case.file_name or sheet.words.say(N_("Berkas nomor {batch}"), batch=case.key.batch)
    row = sheet.words.say(N_("baris {row}"), row=sheet.words.number(case.key.row))
    return Markup("<strong>{}</strong><small>{}, {}</small>").format(
        sheet.say(N_("Yang masuk")), name, row
    )


def _draw_choice(sheet: Sheet, place: int, one: Candidate, chosen: int | None) -> Markup:
    title = sheet.say(N_("Calon {number}"), number=place)
    score = _write_score(sheet, one)
    link = Markup('<a href="{}">{}</a>').format(
        sheet.link("/", {"household": one.household}), sheet.say(N_("Buka kartunya"))
    )
    if chosen is None:
        return Markup("<strong>{}</strong><small>{}</small>{}").format(title, score, link)
    mark = Markup(" checked") if one.household == chosen else ""
    return Markup(
        '<label><input type="radio" name="household" value="{}" data-key="{}"{}>'
        "<strong>{}</strong> <kbd>{}</kbd></label><small>{}</small>{}"
    ).format(one.household, place, mark, title, place, score, link)


def _write_score(sheet: Sheet, one: Candidate) -> str:
    words = next(words for least, words in _SCORES if one.score >= least)
    share = sheet.words.percent(100 * one.score, 0)
    return f"{sheet.words.say(words)} ({share})"


def _write_distance(sheet: Sheet, one: Candidate) -> str:
    if one.distance_m is None:
        return NO_FIGURE
    if one.distance_m < 1_000:
        return sheet.words.say(N_("{metres} m"), metres=sheet.words.number(one.distance_m))
    return sheet.words.say(N_("{km} km"), km=sheet.words.number(one.distance_m / 1_000, 1))


def _draw_members(sheet: Sheet, members: tuple[Member, ...]) -> Markup:
    lines = Markup("").join(Markup("<li>{}</li>").format(_write_member(sheet, m)) for m in members)
    return Markup("<ul>{}</ul>").format(lines) if members else Markup(NO_FIGURE)


def _write_member(sheet: Sheet, member: Member) -> str:
    words = sheet.words
    parts = [
        member.name,
        words.say(labels.RELATIONSHIP.get(member.relationship, member.relationship)),
    ]
    if member.age is not None:
        parts.append(words.say(N_("{age} tahun"), age=words.number(member.age)))
    return ", ".join(parts)


def _write_source(sheet: Sheet, name: str | None, day: date | None) -> str:
    if name is None:
        return NO_FIGURE
    return sheet.words.say(N_("{name}, per {day}"), name=name, day=sheet.words.day(day))


def _write_plain(_sheet: Sheet, field: str, fields: Mapping[str, Any], _age: int | None) -> str:
    value = fields.get(field)
    return "" if value is None else str(value)


def _write_head(_sheet: Sheet, _field: str, fields: Mapping[str, Any], _age: int | None) -> str:
    return str(fields.get("head_name") or fields.get("name") or "")


def _write_birth(sheet: Sheet, _field: str, fields: Mapping[str, Any], age: int | None) -> str:
    """Write a birth date; for who may not know the day, the year or the age."""
    day = fields.get("birth_date")
    if "birth_year" in fields:
        return str(fields["birth_year"] or "")
    if day is not None and "*" in str(fields.get("nik") or "") and age is not None:
        return sheet.words.say(N_("{age} tahun"), age=sheet.words.number(age))
    return "" if day is None else sheet.words.day(date.fromisoformat(str(day)))


def _write_sex(sheet: Sheet, _field: str, fields: Mapping[str, Any], _age: int | None) -> str:
    sex = fields.get("sex") or ""
    return sheet.words.say(labels.SEX[sex]) if sex in labels.SEX else ""


def _write_address(sheet: Sheet, _field: str, fields: Mapping[str, Any], _age: int | None) -> str:
    rt, rw = fields.get("rt"), fields.get("rw")
    address = fields.get("address") or ""
    is_known = rt and rw and "RT" not in address
    place = sheet.words.say(N_("RT {rt}/RW {rw}"), rt=rt, rw=rw) if is_known else None
    return ", ".join(filter(None, (address, place)))


def _write_desa(_sheet: Sheet, _field: str, fields: Mapping[str, Any], _age: int | None) -> str:
    return ", ".join(filter(None, (fields.get("desa"), fields.get("kecamatan"))))


_Writer = Callable[[Sheet, str, Mapping[str, Any], int | None], str]
_WRITERS: Mapping[str, _Writer] = {
    "name": _write_head,
    "birth_date": _write_birth,
    "sex": _write_sex,
    "address": _write_address,
    "area_code": _write_desa,
}
