"""The page of a job: how far it is, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from dashboard.labels_data import JOB_KIND, JOB_STATE, OUTCOME
from dashboard.pages.data_parts import (
    draw_data_page,
    draw_fault,
    draw_form,
    draw_ledger,
    draw_note,
    draw_progress,
    draw_section,
    draw_submit,
)
from dashboard.pages.document import Head, Sheet, draw_button, draw_table
from db.jobs import Job
from db.queries.batches import count_outcomes
from geo.text import N_

_BLOCKER_HEADS = (
    Head(N_("Keluarga"), "number"),
    Head(N_("Nama kepala keluarga")),
    Head(N_("Wilayah")),
    Head(N_("Alasan"), "long"),
    Head(N_("Batalkan dulu"), "number"),
)
_REASON_HEADS = (Head(N_("Alasan"), "long"), Head(N_("Baris"), "number"))
_ROW_HEADS = (Head(N_("Baris"), "number"), Head(N_("Hasil")), Head(N_("Alasan"), "long"))


def draw_job(sheet: Sheet, job: Job, *, has_upload: bool) -> str:
    """Draw the page; ``has_upload`` says whether the file of an import is still there."""
    state = Markup('<p class="job-state {0}">{1}</p>').format(
        job.state, sheet.say(JOB_STATE[job.state])
    )
    parts = [state]
    if not job.is_over:
        parts.append(_draw_running(sheet, job))
    if job.message:
        parts.append(draw_fault(Markup("{0}").format(sheet.words.say(job.message))))
    if job.result and "read" in job.result:
        parts += _draw_account(sheet, job.result)
    elif job.result and job.result.get("rows"):
        parts.append(_draw_blockers(sheet, job.result["rows"]))
    parts.append(_draw_ways(sheet, job, has_upload=has_upload))
    is_trial = bool(job.args.get("dry_run"))
    title = sheet.words.say(N_("Uji coba berkas") if is_trial else JOB_KIND[job.kind])
    module = None if job.is_over else "job_progress.mjs"
    return draw_data_page(sheet, title, Markup("\n").join(parts), module=module)


def _draw_running(sheet: Sheet, job: Job) -> Markup:
    cancel = draw_form(
        sheet,
        f"/data/job/{job.id}/cancel",
        draw_submit(sheet.say(N_("Hentikan")), kind="outlined"),
    )
    return Markup('<div data-job="{0}">{1}{2}{3}</div>').format(
        sheet.link(f"/data/job/{job.id}/state"),
        draw_progress(sheet, job),
        cancel,
        draw_note(sheet.say(N_("Halaman ini boleh ditutup; pekerjaannya tetap berjalan."))),
    )


def _draw_account(sheet: Sheet, result: Mapping[str, Any]) -> list[Markup]:
    parts = []
    if result.get("trial"):
        parts.append(draw_note(sheet.say(N_("Ini uji coba; tidak ada yang disimpan."))))
    parts.append(draw_ledger(sheet, int(result["read"]), count_outcomes(result)))
    notes = Markup("").join(Markup("<li>{0}</li>").format(note) for note in result["notes"])
    if notes:
        parts.append(Markup("<ul>{0}</ul>").format(notes))
    if result.get("reasons"):
        rows = [(reason, sheet.words.number(n)) for reason, n in result["reasons"].items()]
        table = Markup(draw_table(sheet, N_("Mengapa baris tidak dimuat"), _REASON_HEADS, rows))
        parts.append(draw_section(sheet.say(N_("Alasan")), table))
    if result.get("rows"):
        cells = [
            (str(row["row"]), sheet.words.say(OUTCOME.get(row["outcome"], row["outcome"])),
             row["reason"])
            for row in result["rows"]
        ]  # fmt: skip
        table = Markup(draw_table(sheet, N_("Baris yang tidak akan dimuat"), _ROW_HEADS, cells))
        parts.append(draw_section(sheet.say(N_("Baris")), table))
    return parts


def _draw_blockers(sheet: Sheet, rows: list[Mapping[str, Any]]) -> Markup:
    """Draw the households that stand in the way of an undo."""
    cells = [_list_blocker_cells(sheet, row) for row in rows]
    table = Markup(draw_table(sheet, N_("Keluarga yang menghalangi"), _BLOCKER_HEADS, cells))
    return draw_section(sheet.say(N_("Yang menghalangi")), table)


def _list_blocker_cells(sheet: Sheet, row: Mapping[str, Any]) -> tuple[str, ...]:
    household = Markup('<a href="{0}">{1}</a>').format(
        sheet.link("/", {"household": row["household_id"]}), row["household_id"]
    )
    batches = Markup(", ").join(
        Markup('<a href="{0}">{1}</a>').format(sheet.link(f"/data/batch/{batch}"), batch)
        for batch in row["batches"]
    )
    reason = sheet.words.say(row["reason"], plans=row.get("plans"))
    return household, row["head_name"], row["area_code"], reason, batches


def _draw_ways(sheet: Sheet, job: Job, *, has_upload: bool) -> Markup:
    buttons = []
    batch = (job.result or {}).get("batch") or job.args.get("batch")
    if batch:
        address = sheet.link(f"/data/batch/{batch}")
        buttons.append(draw_button(address, sheet.say(N_("Buka kiriman ini"))))
    if has_upload and job.is_over:
        upload = f"/data/upload/{job.args['upload']}"
        buttons.append(draw_button(sheet.link(upload), sheet.say(N_("Kembali ke pratinjau"))))
        if job.args.get("dry_run") and job.state == "done":
            buttons.append(draw_form(sheet, f"{upload}/load", draw_submit(sheet.say(N_("Muat")))))
    if job.kind == "precedence":
        buttons.append(draw_button(sheet.link("/data/sources"), sheet.say(N_("Kembali ke sumber"))))
    buttons.append(draw_button(sheet.link("/data"), sheet.say(N_("Kembali ke data"))))
    return Markup('<div class="actions">{0}</div>').format(Markup("").join(buttons))
