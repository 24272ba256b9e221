"""The settings of sources: how old they may get, and which is believed first."""

from __future__ import annotations

from flask import Blueprint, Response, request

from dashboard.labels_data import FIELD
from dashboard.pages.data_parts import READERS
from dashboard.pages.data_sources import MOST_DAYS, MOST_RANK, draw_sources
from dashboard.routes._data_desk import DataDesk
from dashboard.routes._desk import allow, lead_to
from dashboard.routes._documents import answer_page
from dashboard.source_limits import check_limits
from db.engine import reading, writing
from db.jobs import submit_job
from db.queries.batches import SourceState, list_precedence, list_source_states
from db.viewer import Viewer
from geo.errors import InvalidView
from geo.text import N_

_BAD_NUMBER = N_("“{text}” bukan nomor.")
_UNKNOWN = N_("“{text}” tidak dikenal.")


def add(blueprint: Blueprint, desk: DataDesk) -> None:
    """Add ``/data/sources`` and its two forms."""

    @blueprint.get("/data/sources")
    def get_sources() -> Response:
        viewer = allow(READERS)
        with reading(desk.engine, viewer) as conn:
            sources, precedence = list_source_states(conn), list_precedence(conn)
        may_change = viewer.role == "planner"
        page = draw_sources(desk.sheet(), sources, precedence, may_change=may_change)
        return answer_page(page)

    @blueprint.post("/data/sources/limits")
    def set_limits() -> Response:
        viewer = allow(("planner",))
        limits = {
            name: _read_number(request.form.get(name, ""), MOST_DAYS)
            for name in ("amber_days", "red_days")
        }
        source = _read_source(viewer)
        check_limits(source.kind, limits["amber_days"], limits["red_days"])
        return _submit(viewer, {"source": source.code, **limits})

    @blueprint.post("/data/sources/precedence")
    def set_precedence() -> Response:
        viewer = allow(("planner",))
        field = request.form.get("field", "")
        if field not in FIELD:
            raise InvalidView(_UNKNOWN, text=field[:40])
        rank = _read_number(request.form.get("rank", ""), MOST_RANK)
        source = _read_source(viewer)
        if source.kind == "boundary":  # says nothing of households
            raise InvalidView(_UNKNOWN, text=source.code[:40])
        return _submit(viewer, {"source": source.code, "field": field, "rank": rank})

    def _read_source(viewer: Viewer) -> SourceState:
        code = request.form.get("source", "")
        with reading(desk.engine, viewer) as conn:
            known = {source.code: source for source in list_source_states(conn)}
        if code not in known:
            raise InvalidView(_UNKNOWN, text=code[:40])
        return known[code]

    def _submit(viewer: Viewer, args: dict[str, object]) -> Response:
        with writing(desk.engine, viewer) as conn:
            job = submit_job(conn, "precedence", args)
        return lead_to(desk.sheet(), f"/data/job/{job}")


def _read_number(text: str, most: int) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 9 and int(text) <= most):
        raise InvalidView(_BAD_NUMBER, text=text[:20])
    return int(text)
