"""What the routes of follow-up have in common: forms, files that come back, papers that go out."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, request
from sqlalchemy import Connection

from dashboard.exports import ExportMeta, write_xlsx
from dashboard.pages.delivery_targets import RECORDABLE, Followup
from dashboard.pages.document import Sheet
from dashboard.reports import Annex, AnnexRow, draw_annex
from dashboard.routes._desk import read_page
from dashboard.routes._files import answer_file
from dashboard.routes._plan_desk import find_job
from dashboard.upload_faults import EmptyFile
from dashboard.uploads import MAX_PIECE_BYTES, Upload, Uploads, digest_file
from db.jobs import submit_job
from db.plans.delivery import MOST_NOTE, InvalidDelivery
from db.plans.delivery_file import OUTCOME_WORDS
from db.plans.handed import PlanPaper
from db.plans.progress import DeliveryLine, list_deliveries, list_progress
from db.queries.areas import get_place, list_areas
from db.queries.sources import SourceNote, list_sources
from geo.text import N_
from layers import Column

MOST_TARGETS = 500
_NOBODY = N_("Belum ada sasaran yang dipilih.")
_TOO_MANY = N_("Pilih paling banyak {limit} sasaran sekaligus.")
_UNKNOWN = N_("Hasil “{text}” tidak dikenal.")
_NO_DAY = N_("Isi tanggal hasilnya.")
_LONG_NOTE = N_("Catatan paling panjang {limit} huruf.")

COLUMNS = (
    Column("number", "Nomor", "integer"),
    Column("nik", "NIK", "identity"),
    Column("name", "Nama"),
    Column("address", "Alamat"),
    Column("rt", "RT", "identity"),
    Column("rw", "RW", "identity"),
    Column("desa", "Desa/kelurahan"),
    Column("kecamatan", "Kecamatan"),
    Column("amount_idr", "Nilai", "integer", "Rp"),
    Column("outcome", "Hasil"),
    Column("outcome_on", "Tanggal"),
    Column("outcome_note", "Catatan"),
)
"""Of the list to fill in; the last three come back, so their titles are in no other language."""


def read_followup(
    conn: Connection,
    sheet: Sheet,
    plan_id: int,
    *,
    may_record: bool,
    approved_at: datetime | None,
    due_on: date | None,
    path: str,
    files: Sequence[str],
    links_to_card: bool,
    today: date,
) -> Followup:
    """Read what a page of follow-up shows, of the area and page that its address names."""
    area = sheet.asked.get("area")
    if area is not None:
        get_place(conn, area)  # refuses one that isn't there
    whole = list_progress(conn, plan_id, "kabupaten")
    level = "kecamatan" if area is None else "desa"
    areas = list_progress(conn, plan_id, level, area=area)
    if area is None and len(areas) == 1:
        areas = list_progress(conn, plan_id, "desa")
    found = list_deliveries(
        conn, plan_id, area=area, only_open="left" in sheet.asked, page=read_page(sheet)
    )
    return Followup(
        path=path,
        whole=whole[0] if whole else None,
        areas=areas,
        found=found,
        may_record=may_record,
        first_day=approved_at.astimezone(sheet.zone).date() if approved_at else None,
        today=today,
        due_on=due_on,
        links_to_card=links_to_card,
        files=files,
        job=find_job(conn, sheet),
    )


def submit_outcomes(conn: Connection, plan_id: int) -> int:
    """Ask for the outcomes of the form to be recorded; return the number of the job.

    Raises
    ------
    InvalidDelivery
        With what to fill in otherwise.
    """
    targets = list(dict.fromkeys(request.form.getlist("target")))
    if not targets:
        raise InvalidDelivery(_NOBODY)
    if len(targets) > MOST_TARGETS or not all(re.fullmatch(r"[0-9]{1,18}", one) for one in targets):
        raise InvalidDelivery(_TOO_MANY, limit=MOST_TARGETS)
    outcome = request.form.get("outcome", "")
    if outcome not in RECORDABLE:
        raise InvalidDelivery(_UNKNOWN, text=outcome[:20])
    note = " ".join(request.form.get("note", "").replace("\0", "").split())
    if len(note) > MOST_NOTE:
        raise InvalidDelivery(_LONG_NOTE, limit=MOST_NOTE)
    try:
        on = date.fromisoformat(request.form.get("on", ""))
    except ValueError as error:
        raise InvalidDelivery(_NO_DAY) from error
    args = {
        "plan": plan_id, "targets": [int(one) for one in targets], "outcome": outcome,
        "on": on.isoformat(),
    }  # fmt: skip
    return submit_job(conn, "deliver", args | ({"note": note} if note else {}))


def take_file(uploads: Uploads, user: str) -> Upload:
    """Keep the file of a form until the worker has read it.

    Raises
    ------
    MapError
        When there is none, or it can't be taken.
    """
    sent = request.files.get("file")
    content = sent.read() if sent else b""
    name = (sent.filename if sent else None) or ""
    if not content:
        raise EmptyFile(name)
    upload = uploads.create(user, name, len(content), {})
    for at in range(0, len(content), MAX_PIECE_BYTES):
        piece = content[at : at + MAX_PIECE_BYTES]
        uploads.append(upload, at, piece, hashlib.sha256(piece).hexdigest())
    return uploads.finish(upload, digest_file(upload.path))


def submit_file(conn: Connection, plan_id: int, upload: Upload) -> int:
    """Ask for the outcomes of a file to be recorded; return the number of the job."""
    args = {"plan": plan_id, "upload": upload.id, "file_name": upload.name}
    return submit_job(conn, "deliver", args)


def find_sources(conn: Connection) -> tuple[SourceNote, ...]:
    """Return where the households of a list come from."""
    return tuple(list_sources(conn, ("register",)))


def send_list(
    title: str, lines: Iterable[DeliveryLine], sources: tuple[SourceNote, ...],
    about: Sequence[str],
) -> Response:  # fmt: skip
    """Answer with the list as a workbook to fill in, in Indonesian as it has to come back."""
    meta = ExportMeta(title, sources, datetime.now().astimezone(), tuple(about))
    choices = {"outcome": list(OUTCOME_WORDS.values())}
    body = write_xlsx(COLUMNS, _to_rows(lines), meta, choices)
    return answer_file(body, meta.title, meta.made_at, "xlsx")


def send_annex(
    conn: Connection,
    paper: PlanPaper,
    lines: Iterable[DeliveryLine],
    notices: Sequence[str],
    zone: ZoneInfo,
) -> Response:
    """Answer with the annex of the decree; the moment of approval is the only one in it."""
    regencies = list_areas(conn, None, "kabupaten")
    is_invented = all(source.is_synthetic for source in find_sources(conn))
    annex = Annex(
        regency=regencies[0].name if regencies else "",
        programme=paper.programme,
        agency=paper.agency,
        plan_name=paper.name,
        period=paper.period,
        decree_number=paper.decree_number,
        decree_date=paper.decree_date,
        list_hash=paper.list_hash,
        approved_by=paper.approved_by,
        approved_at=paper.approved_at.astimezone(zone).date(),
        made_at=paper.approved_at,
        notices=tuple(notices),
        mark="Data sintetis: bukan keluarga sungguhan" if is_invented else None,
    )
    body = draw_annex(annex, [_to_annex_row(line) for line in lines])
    return answer_file(body, f"Lampiran SK, {paper.name}", paper.approved_at, "pdf")


def _to_rows(lines: Iterable[DeliveryLine]) -> Iterator[dict[str, Any]]:
    for line in lines:
        told = {column.key: getattr(line, column.key) for column in COLUMNS}
        on = f"{line.outcome_on:%d-%m-%Y}" if line.outcome_on else None
        word = OUTCOME_WORDS[line.outcome] if line.outcome else None
        yield {**told, "outcome": word, "outcome_on": on}


def _to_annex_row(line: DeliveryLine) -> AnnexRow:
    return AnnexRow(
        line.number, line.nik, line.name, line.address, line.rt, line.rw, line.desa,
        line.kecamatan or "", line.amount_idr,
    )  # fmt: skip
