"""Files on their way in: piece by piece, then looked at, then handed to the worker."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Blueprint, Response, jsonify, request

from dashboard.file_preview import choose_format, find_titles, is_known_format, preview_file
from dashboard.pages.data_upload import draw_upload
from dashboard.routes._answers import PRIVATE
from dashboard.routes._data_desk import KINDS_OF_ROLE, DataDesk, name_own_source
from dashboard.routes._desk import allow, lead_to
from dashboard.routes._documents import answer_page
from dashboard.upload_faults import UploadNotFound, WrongOffset
from dashboard.uploads import MAX_PIECE_BYTES, Upload
from db.column_mapping import find_mapping
from db.engine import reading, writing
from db.jobs import submit_job
from db.queries.batches import list_source_states
from db.queries.catalogue import list_needs, list_programmes
from db.viewer import Viewer
from geo.errors import InvalidView
from geo.text import N_

SPOKEN_BY_SCRIPTS = frozenset(
    f"data.{name}"
    for name in ("begin_upload", "ask_upload", "send_piece", "end_upload", "get_job_state")
)
"""Endpoints whose faults are read by ``assets/upload.mjs``."""
_LONGEST_TEXT = 120
_FIRST_YEAR = 2000
_BAD_NUMBER = N_("“{text}” bukan nomor.")
_BAD_DATE = N_("“{text}” bukan tanggal seperti 2026-08-31.")
_NOT_YET = N_("Tanggal keadaan tidak boleh di masa depan.")
_UNKNOWN_KIND = N_("Jenis berkas ini tidak dapat Anda kirim.")
_NO_SOURCE = N_("Tuliskan nama sumbernya.")


def add(blueprint: Blueprint, desk: DataDesk) -> None:
    """Add the protocol of uploads, and the page of one."""
    _add_protocol(blueprint, desk)
    _add_page(blueprint, desk)


def _add_protocol(blueprint: Blueprint, desk: DataDesk) -> None:
    @blueprint.post("/data/uploads")
    def begin_upload() -> Response:
        viewer = _allow(desk)
        form = _read_form(desk, viewer)
        size = _read_number(request.form.get("size", ""))
        name = request.form.get("name", "")[:1_000]
        return _tell(desk.uploads.create(viewer.user, name, size, form), 201)

    @blueprint.get("/data/uploads/<upload_id>")
    def ask_upload(upload_id: str) -> Response:
        return _tell(desk.uploads.get(upload_id, _allow(desk).user))

    @blueprint.patch("/data/uploads/<upload_id>")
    def send_piece(upload_id: str) -> Response:
        upload = desk.uploads.get(upload_id, _allow(desk).user)
        offset = _read_number(request.headers.get("Upload-Offset", ""))
        digest = request.headers.get("Upload-Digest", "")[:64]
        piece = request.get_data(cache=False)
        if not 0 < len(piece) <= MAX_PIECE_BYTES:
            raise InvalidView(_BAD_NUMBER, text=str(len(piece)))
        try:
            desk.uploads.append(upload, offset, piece, digest)
        except WrongOffset:
            return _tell(upload, WrongOffset.status)
        return _tell(upload)

    @blueprint.post("/data/uploads/<upload_id>/end")
    def end_upload(upload_id: str) -> Response:
        upload = desk.uploads.get(upload_id, _allow(desk).user)
        return _tell(desk.uploads.finish(upload, request.form.get("digest", "")[:64]))


def _add_page(blueprint: Blueprint, desk: DataDesk) -> None:
    @blueprint.get("/data/upload/<upload_id>")
    def get_upload(upload_id: str) -> Response:
        viewer = _allow(desk)
        upload = _find_whole(desk, upload_id, viewer)
        upload, was_kept = _recall_mapping(desk, viewer, upload)
        form = upload.form
        with reading(desk.engine, viewer) as conn:
            preview = preview_file(
                conn,
                upload.path,
                form["kind"],
                date.fromisoformat(form["as_of"]),
                format_key=form.get("format") or None,
                mapping=form.get("mapping") or None,
                programme_code=form.get("programme") or None,
                period=form.get("period") or None,
            )
            programmes, needs = list_programmes(conn), list_needs(conn)
        return answer_page(
            draw_upload(
                desk.sheet(),
                upload,
                preview,
                programmes=programmes,
                needs=needs,
                was_kept=was_kept,
            )
        )

    @blueprint.post("/data/upload/<upload_id>/columns")
    def map_columns(upload_id: str) -> Response:
        upload = _find_whole(desk, upload_id, _allow(desk))
        chosen = {
            name.removeprefix("field:"): title
            for name, title in request.form.items()
            if name.startswith("field:") and title
        }
        header = find_titles(upload.path)
        mapping = {key: title for key, title in chosen.items() if title in header}
        described = {
            "format": _read_word("format"),
            "mapping": mapping,
            "is_kept": False,
        }
        desk.uploads.describe(upload, described)
        return lead_to(desk.sheet(), f"/data/upload/{upload.id}")

    @blueprint.post("/data/upload/<upload_id>/programme")
    def set_programme(upload_id: str) -> Response:
        upload = _find_whole(desk, upload_id, _allow(desk))
        if upload.form["kind"] != "aid":
            raise InvalidView(_UNKNOWN_KIND)
        chosen = {name: _read_word(name) for name in ("programme", "period")}
        desk.uploads.describe(upload, chosen)
        return lead_to(desk.sheet(), f"/data/upload/{upload.id}")

    @blueprint.post("/data/upload/<upload_id>/load")
    def load_upload(upload_id: str) -> Response:
        viewer = _allow(desk)
        upload = _find_whole(desk, upload_id, viewer)
        _require_right(viewer, upload)
        args = _describe_import(upload, is_trial=request.form.get("trial") == "yes")
        with writing(desk.engine, viewer) as conn:
            job = submit_job(conn, "import", args)
        return lead_to(desk.sheet(), f"/data/job/{job}")

    @blueprint.post("/data/upload/<upload_id>/drop")
    def drop_upload(upload_id: str) -> Response:
        desk.uploads.remove(desk.uploads.get(upload_id, _allow(desk).user))
        return lead_to(desk.sheet(), "/data")


def _allow(desk: DataDesk) -> Viewer:
    return allow(KINDS_OF_ROLE)


def _find_whole(desk: DataDesk, upload_id: str, viewer: Viewer) -> Upload:
    upload = desk.uploads.get(upload_id, viewer.user)
    if not upload.is_whole:
        raise UploadNotFound()
    return upload


def _require_right(viewer: Viewer, upload: Upload) -> None:
    """Refuse a file that was begun with other rights than its owner has by now."""
    kind = upload.form["kind"]
    may = kind in KINDS_OF_ROLE[viewer.role]
    if viewer.area is not None:
        may = may and upload.form["source"] == _to_code(f"desa {viewer.area} {kind}")
    if not may:
        raise UploadNotFound()


def _read_word(name: str) -> str:
    """Read a code from a form; what can't be printed is in none."""
    return "".join(letter for letter in request.form.get(name, "")[:40] if letter.isprintable())


def _recall_mapping(desk: DataDesk, viewer: Viewer, upload: Upload) -> tuple[Upload, bool]:
    """Take the mapping that was kept for this header, unless its owner has chosen since."""
    if "mapping" in upload.form:
        return upload, bool(upload.form.get("is_kept"))
    kind, header = upload.form["kind"], find_titles(upload.path)
    if is_known_format(upload.path, kind):
        return upload, False  # understood by itself, so nobody's mapping is asked for
    with reading(desk.engine, viewer) as conn:
        kept = find_mapping(conn, kind, header)
    if kept is None:
        return upload, False
    recalled = {"mapping": kept, "format": choose_format(kind, kept) or "", "is_kept": True}
    return desk.uploads.describe(upload, recalled), True


def _describe_import(upload: Upload, *, is_trial: bool) -> dict[str, Any]:
    form = upload.form
    args = {
        "upload": upload.id,
        "file_name": upload.name,
        "dry_run": is_trial,
        **{key: form[key] for key in ("kind", "source", "source_name", "as_of")},
    }
    args |= {
        key: form[key] for key in ("format", "programme", "period", "invented") if form.get(key)
    }
    if form.get("mapping"):
        args |= {"mapping": form["mapping"], "header": list(find_titles(upload.path))}
    return args


def _read_form(desk: DataDesk, viewer: Viewer) -> dict[str, Any]:
    kind = request.form.get("kind", "")
    if kind not in KINDS_OF_ROLE[viewer.role]:
        raise InvalidView(_UNKNOWN_KIND)
    as_of = _read_day(request.form.get("as_of", ""), desk.today())
    about = {"kind": kind, "as_of": as_of, "invented": request.form.get("invented") == "yes"}
    own = name_own_source(desk, viewer)
    if own is not None:
        # Of a source of their own, so that nobody in a desa speaks in the name of the regency's.
        code = _to_code(f"desa {viewer.area} {kind}")
        return {**about, "source": code, "source_name": own}
    name = " ".join(request.form.get("source", "").split())[:_LONGEST_TEXT]
    if not _to_code(name):
        raise InvalidView(_NO_SOURCE)
    with reading(desk.engine, viewer) as conn:
        known = {source.name: source.code for source in list_source_states(conn)}
    code = known.get(name) or _to_code(name)
    return {**about, "source": code, "source_name": name}


def _to_code(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:60]


def _read_day(text: str, today: date) -> str:
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise InvalidView(_BAD_DATE, text=text[:20]) from error
    if day > today:
        raise InvalidView(_NOT_YET)
    if day.year < _FIRST_YEAR:
        raise InvalidView(_BAD_DATE, text=text[:20])
    return day.isoformat()


def _read_number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise InvalidView(_BAD_NUMBER, text=text[:20])
    return int(text)


def _tell(upload: Upload, status: int = 200) -> Response:
    told: Mapping[str, Any] = {
        "id": upload.id,
        "offset": upload.offset,
        "size": upload.size,
        "whole": upload.is_whole,
        "page": f"/data/upload/{upload.id}",
    }
    response = jsonify(told)
    response.status_code = status
    response.headers["Cache-Control"] = PRIVATE
    return response
