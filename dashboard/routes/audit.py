"""The audit log for the auditor, and who saw a household for those who work in its area."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from dash import Dash
from flask import Blueprint, Response
from sqlalchemy import Engine

from dashboard.exports import ExportMeta, write_csv
from dashboard.pages.audit_detail import write_detail
from dashboard.pages.audit_log import ACTION, ROLE, draw_log, draw_viewers
from dashboard.pages.document import Sheet
from dashboard.routes._documents import add_faults, answer_page, read_sheet
from dashboard.routes._files import answer_file
from dashboard.words import Words
from db.audit import (
    NEIGHBOURS,
    READERS,
    EventFilters,
    auditing,
    iterate_events,
    list_events,
    list_viewers,
)
from db.engine import reading
from db.queries.sources import SourceNote
from db.viewer import Viewer
from geo.errors import InvalidView, MapError
from geo.text import N_
from layers import Column

if TYPE_CHECKING:
    from dashboard.settings import Settings

_FIELDS = ("user", "role", "action", "since", "until", "household", "area")
_MOST_PAGES = 100_000
_COLUMNS = (
    Column("id", N_("Nomor"), "integer"),
    Column("at", N_("Waktu")),
    Column("user", N_("Pengguna")),
    Column("role", N_("Peran")),
    Column("address", N_("Alamat jaringan")),
    Column("action", N_("Kegiatan")),
    Column("household", N_("Keluarga"), "identity"),
    Column("area", N_("Wilayah"), "identity"),
    Column("detail", N_("Rincian")),
    Column("purpose", N_("Keperluan")),
)


class NotForThisRole(MapError):
    """A page that the viewer's role may not see."""

    status = 403

    def __init__(self) -> None:
        super().__init__(N_("Halaman ini tidak terbuka untuk peran Anda."))


@dataclass(frozen=True, slots=True)
class _Desk:
    engine: Engine
    zone: ZoneInfo
    viewer: Callable[[], Viewer]

    def sheet(self) -> Sheet:
        return read_sheet(self.zone, _FIELDS)

    def allow(self, *roles: str) -> Viewer:
        viewer = self.viewer()
        if viewer.role not in roles:
            raise NotForThisRole
        return viewer


def add(app: Dash, engine: Engine, settings: Settings, viewer: Callable[[], Viewer]) -> None:
    """Add ``/audit``, ``/audit.csv`` and ``/households/<id>/viewers``.

    Parameters
    ----------
    app
        The Dash app.
    engine
        Handed down by the app factory.
    settings
        Says in which zone times are shown.
    viewer
        Tells who asks. The database asks again: for other roles it answers with nothing.
    """
    blueprint = Blueprint("audit", __name__)
    desk = _Desk(engine, ZoneInfo(settings.time_zone), viewer)
    _add_log(blueprint, desk)
    _add_viewers(blueprint, desk)
    add_faults(blueprint)
    app.server.register_blueprint(blueprint)


def _add_log(blueprint: Blueprint, desk: _Desk) -> None:
    @blueprint.get("/audit")
    def get_log() -> Response:
        asking, sheet = desk.allow(*READERS), desk.sheet()
        filters = read_filters(sheet.asked, desk.zone)
        page = _read_number(sheet.asked.get("page", "1"), _MOST_PAGES)
        with reading(desk.engine, asking) as conn:
            found = list_events(conn, filters, page)
        return answer_page(draw_log(sheet, found))

    @blueprint.get("/audit.csv")
    def get_file() -> Response:
        asking, sheet = desk.allow(*READERS), desk.sheet()
        filters = read_filters(sheet.asked, desk.zone)
        asked = {name: sheet.asked[name] for name in _FIELDS if name in sheet.asked}
        with auditing(desk.engine, asking, "export", detail={"what": "audit", **asked}) as conn:
            rows = _write_rows(iterate_events(conn, filters), sheet)
            body = write_csv(_COLUMNS, rows, _describe(sheet.words))
        return answer_file(body, "audit", datetime.now(desk.zone), "csv")


def _add_viewers(blueprint: Blueprint, desk: _Desk) -> None:
    @blueprint.get("/households/<household>/viewers")
    def get_viewers(household: str) -> Response:
        asking, sheet = desk.allow(*READERS, *NEIGHBOURS), desk.sheet()
        number = _read_number(household, 1 << 62)
        with reading(desk.engine, asking) as conn:
            seen = list_viewers(conn, number)
        return answer_page(draw_viewers(sheet, number, seen))


def read_filters(asked: Mapping[str, str], zone: ZoneInfo) -> EventFilters:
    """Read the form of the log; its days are days of the zone, the last one included.

    Raises
    ------
    InvalidView
        When a day or a number can't be read.
    """
    household = asked.get("household")
    return EventFilters(
        user=asked.get("user"),
        role=asked.get("role"),
        action=asked.get("action"),
        since=_read_day(asked.get("since"), zone),
        until=_read_day(asked.get("until"), zone, days=1),
        household=None if household is None else _read_number(household, 1 << 62),
        area=asked.get("area"),
    )


def _read_day(text: str | None, zone: ZoneInfo, days: int = 0) -> datetime | None:
    if text is None:
        return None
    try:
        return datetime.combine(date.fromisoformat(text) + timedelta(days=days), time(), zone)
    except (ValueError, OverflowError) as error:
        raise InvalidView(N_("“{text}” bukan tanggal seperti 2026-08-31."), text=text) from error


def _read_number(text: str, most: int) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text[:20]) <= most):
        raise InvalidView(N_("“{text}” bukan nomor."), text=text[:20])
    return int(text)


def _write_rows(events: Iterator[Any], sheet: Sheet) -> Iterator[dict[str, Any]]:
    say = sheet.words.say
    for event in events:
        yield {
            "id": event.id,
            "at": event.at.astimezone(sheet.zone).isoformat(),
            "user": event.user,
            "role": say(ROLE.get(event.role, event.role)),
            "address": event.address,
            "action": say(ACTION[event.action]),
            "household": event.household,
            "area": event.area,
            "detail": write_detail(event.detail, sheet.words),
            "purpose": event.purpose,
        }


def _describe(words: Words) -> ExportMeta:
    now = datetime.now(UTC)
    source = SourceNote("audit", N_("Catatan audit"), now.date(), "audit")
    return ExportMeta(
        title=words.say(source.name),
        sources=(source,),
        made_at=now,
        language=words.language,
        translate=words.say,
    )
