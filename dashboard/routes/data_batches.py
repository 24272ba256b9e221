"""The page of a batch, the file of its rejected rows, and taking it back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Response, request

from dashboard.exports import ExportMeta, write_csv, write_xlsx
from dashboard.pages.data_batch import BatchFacts, draw_batch
from dashboard.pages.data_parts import READERS
from dashboard.routes._data_desk import DataDesk
from dashboard.routes._desk import allow, lead_to, read_page
from dashboard.routes._documents import answer_page, read_words
from dashboard.routes._files import answer_file
from db.audit import auditing
from db.engine import reading, writing
from db.jobs import submit_job
from db.models.ledger import OUTCOMES
from db.queries.batches import (
    BatchRow,
    count_waiting,
    get_batch,
    iterate_rejected,
    list_reasons,
    list_rows,
)
from db.queries.sources import get_sources
from geo.errors import InvalidView
from geo.text import N_
from layers import Column

REASON, ORIGIN = "Alasan", "Baris asal"
"""Titles of the columns that a corrected file comes back with; importers know them."""
UNDOERS = ("planner", "village_operator")
_WRITERS = {"csv": write_csv, "xlsx": write_xlsx}
_NOT_SURE = N_("Centang dahulu bahwa Anda paham apa yang dibatalkan.")
_LONGEST_REASON = 2_000


def add(blueprint: Blueprint, desk: DataDesk) -> None:
    """Add ``/data/batch/<id>``, ``…/rejected.<csv|xlsx>`` and ``…/undo``."""

    @blueprint.get("/data/batch/<int:batch_id>")
    def get_batch_page(batch_id: int) -> Response:
        viewer, sheet = allow(READERS), desk.sheet("outcome", "reason")
        outcome, reason = sheet.asked.get("outcome"), sheet.asked.get("reason")
        if outcome is not None and outcome not in OUTCOMES:
            raise InvalidView(N_("“{text}” bukan hasil baris."), text=outcome[:20])
        page = read_page(sheet)
        # Their content holds names and numbers, so that looking at rows stands in the log.
        action = "list" if outcome else None
        what = {"detail": {"batch": batch_id, "outcome": outcome}}
        with auditing(desk.engine, viewer, action, **what) as conn:
            batch = get_batch(conn, batch_id)
            found: tuple[BatchRow, ...] = ()
            has_more = False
            if outcome:
                found, has_more = list_rows(
                    conn, batch_id, outcome=outcome, reason=reason, page=page
                )
            facts = BatchFacts(
                batch=batch,
                reasons=list_reasons(conn, batch_id),
                rows=found,
                outcome=outcome,
                page=page,
                has_more=has_more,
                waiting=count_waiting(conn).get(batch_id, 0),
                may_undo=viewer.role in UNDOERS,
            )
        return answer_page(draw_batch(sheet, facts))

    @blueprint.get("/data/batch/<int:batch_id>/rejected.<any(csv, xlsx):ending>")
    def get_rejected(batch_id: int, ending: str) -> Response:
        what: dict[str, Any] = {"detail": {"batch": batch_id, "file": ending}}
        with auditing(desk.engine, allow(READERS), "export", **what) as conn:
            batch = get_batch(conn, batch_id)
            sources = get_sources(conn, [batch.source] if batch.source else [])
            rows = list(iterate_rejected(conn, batch_id))
            what["detail"]["rows"] = len(rows)
        words = read_words()
        meta = ExportMeta(
            title=f"{words.say(N_('Baris ditolak'))}, {batch.id}",
            sources=sources,
            made_at=datetime.now(UTC),
            language=words.language,
            translate=str,
        )
        columns = _list_columns(rows, batch.ledger.get("header", ()))
        body = _WRITERS[ending](columns, _to_cells(batch_id, rows), meta)
        return answer_file(body, meta.title, meta.made_at, ending)

    @blueprint.post("/data/batch/<int:batch_id>/undo")
    def undo(batch_id: int) -> Response:
        viewer = allow(UNDOERS)
        if not request.form.get("sure"):
            raise InvalidView(_NOT_SURE)
        with reading(desk.engine, viewer) as conn:
            get_batch(conn, batch_id)
        with writing(desk.engine, viewer) as conn:
            job = submit_job(conn, "undo", {"batch": batch_id})
        return lead_to(desk.sheet(), f"/data/job/{job}")


def _list_columns(rows: list[BatchRow], header: Sequence[str]) -> tuple[Column, ...]:
    found = dict.fromkeys(title for row in rows for title in row.content or {})
    titles = dict.fromkeys([title for title in header if title in found] + list(found))
    # All of it as text: a number of 16 digits must come back as it went.
    original = (Column(f"cell:{title}", title, "identity") for title in titles)
    return (*original, Column("reason", REASON), Column("origin", ORIGIN, "identity"))


def _to_cells(batch_id: int, rows: list[BatchRow]) -> Iterator[dict[str, Any]]:
    for row in rows:
        cells = {f"cell:{title}": cell for title, cell in (row.content or {}).items()}
        yield {**cells, "reason": row.reason, "origin": f"{batch_id}:{row.number}"}
