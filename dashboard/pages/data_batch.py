"""The page of a batch: its account, why rows were not taken, and the way to take it back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from dashboard.labels_data import BATCH_KIND, OUTCOME
from dashboard.pages.data_parts import (
    draw_data_page,
    draw_form,
    draw_ledger,
    draw_note,
    draw_section,
    draw_submit,
)
from dashboard.pages.document import Head, Sheet, draw_button, draw_paging, draw_table
from db.queries.batches import Batch, BatchRow, Reason
from geo.text import N_

_REASON_HEADS = (
    Head(N_("Hasil")),
    Head(N_("Alasan"), "long"),
    Head(N_("Baris"), "number"),
    Head(N_("Sudah dikoreksi"), "number"),
)
_ROW_HEADS = (
    Head(N_("Baris"), "number"),
    Head(N_("Alasan"), "long"),
    Head(N_("Isi baris"), "long"),
    Head(N_("Dikoreksi dalam"), "number"),
)


@dataclass(frozen=True, slots=True)
class BatchFacts:
    """What the page shows.

    Attributes
    ----------
    batch
        Itself.
    reasons
        Why rows were rejected or noted.
    rows
        Those of the chosen outcome and reason, one page of them.
    outcome
        The chosen one; None shows no rows.
    page, has_more
        Of the rows.
    waiting
        How many rows wait for review.
    may_undo
        Whether its reader may take it back.
    """

    batch: Batch
    reasons: Sequence[Reason]
    rows: Sequence[BatchRow]
    outcome: str | None
    page: int
    has_more: bool
    waiting: int
    may_undo: bool


def draw_batch(sheet: Sheet, facts: BatchFacts) -> str:
    """Draw the page."""
    batch = facts.batch
    parts = [_draw_facts(sheet, batch), draw_ledger(sheet, batch.read, batch.counts)]
    parts += [_draw_notes(batch), _draw_actions(sheet, facts), _draw_reasons(sheet, facts)]
    if facts.outcome:
        parts.append(_draw_rows(sheet, facts))
    if facts.may_undo and batch.state == "applied":
        parts.append(_draw_undo(sheet, batch))
    title = sheet.words.say(N_("Kiriman {id}: {name}"), id=batch.id, name=batch.file_name)
    return draw_data_page(sheet, title, Markup("\n").join(parts))


def _draw_facts(sheet: Sheet, batch: Batch) -> Markup:
    facts = [
        (N_("Jenis"), sheet.words.say(BATCH_KIND.get(batch.kind, batch.kind))),
        (N_("Format"), batch.format or "–"),
        (N_("Sumber"), batch.source_name or "–"),
        (N_("Keadaan per"), sheet.words.day(batch.as_of)),
        (N_("Dimuat"), sheet.time(batch.imported_at)),
        (N_("Pengirim"), batch.user),
    ]
    if batch.state == "undone" and batch.undone_at:
        undone = sheet.words.say(
            N_("{time} oleh {user}"), time=sheet.time(batch.undone_at), user=batch.undone_by
        )
        facts.append((N_("Dibatalkan"), undone))
    items = Markup("").join(
        Markup("<div><dt>{0}</dt><dd>{1}</dd></div>").format(sheet.say(name), value)
        for name, value in facts
    )
    return Markup('<dl class="facts">{0}</dl>').format(items)


def _draw_notes(batch: Batch) -> Markup:
    notes = batch.ledger.get("notes") or []
    items = Markup("").join(Markup("<li>{0}</li>").format(note) for note in notes)
    return Markup("<ul>{0}</ul>").format(items) if notes else Markup("")


def _draw_actions(sheet: Sheet, facts: BatchFacts) -> Markup:
    say, batch = sheet.say, facts.batch
    buttons = []
    if facts.waiting:
        count = sheet.words.number(facts.waiting)
        address = sheet.link("/data/review", {"batch": batch.id})
        buttons.append(
            draw_button(address, say(N_("{count} baris menunggu ditinjau"), count=count))
        )
    if any(reason.outcome == "rejected" for reason in facts.reasons):
        base = f"/data/batch/{batch.id}/rejected"
        for ending, name in (("csv", "CSV"), ("xlsx", "Excel")):
            label = say(N_("Unduh yang ditolak ({name})"), name=name)
            buttons.append(draw_button(sheet.link(f"{base}.{ending}"), label, download=""))
    return Markup('<div class="actions">{0}</div>').format(Markup("").join(buttons))


def _draw_reasons(sheet: Sheet, facts: BatchFacts) -> Markup:
    heading = sheet.say(N_("Alasan"))
    if not facts.reasons:
        sentence = sheet.say(N_("Semua baris yang dibaca dimuat seperti adanya."))
        return draw_section(heading, Markup("<p>{0}</p>").format(sentence))
    rows = [
        (
            sheet.words.say(OUTCOME[one.outcome]),
            Markup('<a href="{0}">{1}</a>').format(
                sheet.link(sheet.path, {"outcome": one.outcome, "reason": one.reason}), one.reason
            ),
            sheet.words.number(one.count),
            sheet.words.number(one.corrected),
        )
        for one in facts.reasons
    ]
    hint = draw_note(
        sheet.say(
            N_(
                "Unduh baris yang ditolak, koreksi isinya tanpa mengubah kolom “Baris asal”,"
                " lalu kirim lagi."
            )
        )
    )
    caption = N_("Mengapa baris tidak dimuat seperti adanya")
    return draw_section(heading, Markup(draw_table(sheet, caption, _REASON_HEADS, rows)) + hint)


def _draw_rows(sheet: Sheet, facts: BatchFacts) -> Markup:
    rows = [_list_row_cells(sheet, row) for row in facts.rows]
    table = Markup(draw_table(sheet, N_("Baris dengan alasan ini"), _ROW_HEADS, rows))
    paging = Markup(draw_paging(sheet, N_("Halaman baris"), facts.page, has_more=facts.has_more))
    note = Markup("")
    if any(row.content is None for row in facts.rows):
        note = draw_note(sheet.say(N_("Isi baris hanya terlihat oleh pengirimnya.")))
    return draw_section(sheet.say(N_("Baris")), note + table + paging)


def _list_row_cells(sheet: Sheet, row: BatchRow) -> tuple[str | None, ...]:
    filled = [f"{title}: {cell}" for title, cell in (row.content or {}).items() if cell.strip()]
    corrected = ""
    if row.corrected_in:
        corrected = Markup('<a href="{0}">{1}</a>').format(
            sheet.link(f"/data/batch/{row.corrected_in}"), row.corrected_in
        )
    return str(row.number), row.reason, " · ".join(filled), corrected


def _draw_undo(sheet: Sheet, batch: Batch) -> Markup:
    say = sheet.say
    sentence = say(
        N_(
            "Semua yang dibawa kiriman ini diambil kembali: keluarga yang hanya disebut di sini"
            " hilang, yang lain kembali ke isi sumber lain. Bila sesuatu dari kiriman lain"
            " bergantung padanya, pembatalan ditolak dan yang menghalangi ditunjukkan."
        )
    )
    sure = Markup('<label class="check"><input type="checkbox" name="sure" required> {0}</label>')
    form = draw_form(
        sheet,
        f"/data/batch/{batch.id}/undo",
        sure.format(say(N_("Saya paham dan ingin membatalkannya.")))
        + draw_submit(say(N_("Batalkan kiriman"))),
    )
    return Markup('<details class="undo"><summary>{0}</summary><p>{1}</p>{2}</details>').format(
        say(N_("Batalkan kiriman…")), sentence, form
    )
