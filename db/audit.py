"""Who saw or did what, when and why: writing the log, and reading it back.

The database writes the events itself (``db/sql/audit.sql``): user, role and address come from the
viewer of the transaction, never from the caller.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, bindparam, text
from sqlalchemy.dialects.postgresql import JSONB

from db.engine import _saying_when_away, reading
from db.viewer import Viewer
from geo.view import View

PAGE_SIZE = 50
READERS = ("auditor", "local")
"""Roles that may read the whole log."""
NEIGHBOURS = ("task_unit", "village_operator")
"""Roles that may ask who saw a household of their area."""

_SHOWN = "kentongan_shown"
_RECORD = text("SELECT record_audit(:action, :household, :area, :detail, :purpose)").bindparams(
    bindparam("detail", type_=JSONB(none_as_null=True))
)
# Binds the viewer and records in one round trip; the viewer is gone with the statement.
_RECORD_AT_ONCE = text("""
    WITH viewer AS MATERIALIZED (
        SELECT set_config('kentongan.user', :user, true),
               set_config('kentongan.role', :role, true),
               set_config('kentongan.area', :viewer_area, true),
               set_config('kentongan.address', :address, true)
    )
    SELECT record_audit(:action, :household, :area, :detail, :purpose) FROM viewer
""").bindparams(bindparam("detail", type_=JSONB(none_as_null=True)))
_LIST = text("""
    SELECT * FROM audit_events(:user, :role, :action, :since, :until, :household, :area,
                               :limit, :offset)
""")
_VIEWERS = text("SELECT * FROM audit_viewers(:household)")


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """One event as the auditor reads it."""

    id: int
    at: datetime
    user: str
    role: str
    address: str | None
    action: str
    household: int | None
    area: str | None
    detail: Mapping[str, Any] | None
    purpose: str | None


@dataclass(frozen=True, slots=True)
class EventFilters:
    """What the auditor looks for; None is everything.

    Attributes
    ----------
    user, role, action
        Exactly these.
    since, until
        From, and before, a moment.
    household
        Events that showed this household by its card, a list or a search.
    area
        Events of this area and those inside it.
    """

    user: str | None = None
    role: str | None = None
    action: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    household: int | None = None
    area: str | None = None


@dataclass(frozen=True, slots=True)
class EventPage:
    """One page of the log, the newest first."""

    events: tuple[AuditEvent, ...]
    page: int
    has_more: bool


@dataclass(frozen=True, slots=True)
class Sight:
    """One time that somebody saw a household.

    ``is_certain`` is false for an export of an area: its filters may have left the household out.
    """

    at: datetime
    user: str
    role: str
    action: str
    purpose: str | None
    is_certain: bool


def record(
    conn: Connection,
    action: str,
    *,
    household: int | None = None,
    area: str | None = None,
    detail: Mapping[str, Any] | None = None,
    purpose: str | None = None,
) -> int:
    """Write one event in the name of the transaction's viewer.

    Call it last: until the transaction ends, everybody else's event waits for it.

    Parameters
    ----------
    conn
        In a read-write transaction at READ COMMITTED, with a viewer bound.
    action
        One of ``db.models.audit.ACTIONS``.
    household
        The household that was shown or changed.
    area
        Kemendagri code; a household's own where it is left out.
    detail
        The query of a View, a file's name, counts. Never a name: ``term`` holds what was searched
        for, and the database keeps a keyed hash of it, as of every number of 16 digits.
    purpose
        Why; the viewer's purpose where it is left out.

    Returns
    -------
    int
        The event's number.

    Raises
    ------
    sqlalchemy.exc.DBAPIError
        When no viewer is bound or the action isn't known. The transaction is lost then.
    """
    parameters = _parameters(action, household, area, detail, purpose=purpose)
    return int(conn.execute(_RECORD, parameters).scalar_one())


@contextmanager
def auditing(
    engine: Engine, viewer: Viewer, action: str | None, **what: Any
) -> Iterator[Connection]:
    """Open a transaction like :func:`db.engine.reading`, and record what was read at its end.

    Reading stays read-only and sees one state of the data. The event is a short transaction of its
    own right after it, so that the log is held for a moment only; when it fails, so does the block,
    and nothing is shown that isn't in the log. What fails by itself showed nothing.

    Parameters
    ----------
    engine, viewer
        As for :func:`db.engine.reading`.
    action
        As for :func:`record`; None records nothing.
    **what
        ``household``, ``area``, ``detail``, ``purpose`` as for :func:`record`. A ``detail`` that
        the block adds to is recorded as it is at the end. Households that a query said it showed
        (:func:`note_shown`) come to it as ``households``.
    """
    with reading(engine, viewer) as conn:
        shown: list[int] = []
        conn.info[_SHOWN] = shown
        try:
            yield conn
        finally:
            del conn.info[_SHOWN]
    if action is None:
        return
    if shown:
        what["detail"] = {**(what.get("detail") or {}), "households": shown}
    _record_at_once(engine, viewer, action, what)


def _record_at_once(engine: Engine, viewer: Viewer, action: str, what: Mapping[str, Any]) -> None:
    bound = {
        "user": viewer.user,
        "role": viewer.role,
        "viewer_area": viewer.area or "",
        "address": viewer.address or "",
        "purpose": viewer.purpose,
    }
    with _saying_when_away(), engine.connect() as conn:
        conn.execution_options(isolation_level="AUTOCOMMIT")
        conn.execute(_RECORD_AT_ONCE, bound | _parameters(action, **what)).scalar_one()


def _parameters(
    action: str,
    household: int | None = None,
    area: str | None = None,
    detail: Mapping[str, Any] | None = None,
    **purpose: str | None,
) -> dict[str, Any]:
    kept = None if detail is None else dict(detail)
    return {"action": action, "household": household, "area": area, "detail": kept, **purpose}


def of_view(view: View, **more: Any) -> dict[str, Any]:
    """Return ``area`` and ``detail`` of an event on what a View shows; ``more`` adds to it."""
    return {
        "area": view.area,
        "detail": {"view": view.to_query(), "level": view.level, **more},
    }


def note_shown(conn: Connection, households: Iterable[int]) -> None:
    """Say which households a list shows, for the event at the end of :func:`auditing`.

    Outside of it nothing happens. Not for long lists: an export is recorded by its query.
    """
    shown = conn.info.get(_SHOWN)
    if shown is not None:
        shown.extend(households)


def list_events(
    conn: Connection,
    filters: EventFilters = EventFilters(),
    page: int = 1,
    page_size: int = PAGE_SIZE,
) -> EventPage:
    """Return one page of the log, the newest event first; empty for all but the auditor.

    Parameters
    ----------
    conn
        Connection in the viewer's name; its role decides.
    filters
        What to look for.
    page
        Counted from 1.
    page_size
        Events at most.

    Returns
    -------
    EventPage
    """
    paging = {"limit": page_size + 1, "offset": (page - 1) * page_size}
    rows = conn.execute(_LIST, asdict(filters) | paging).all()
    events = tuple(AuditEvent(*row) for row in rows[:page_size])
    return EventPage(events, page, has_more=len(rows) > page_size)


def iterate_events(conn: Connection, filters: EventFilters) -> Iterator[AuditEvent]:
    """Yield every event that the filters find, the newest first, for a file."""
    everything = asdict(filters) | {"limit": None, "offset": 0}
    with conn.execute(_LIST.execution_options(yield_per=5_000), everything) as rows:
        for row in rows:
            yield AuditEvent(*row)


def list_viewers(conn: Connection, household: int) -> tuple[Sight, ...]:
    """Return who saw a household, the newest first, 1,000 at most.

    Empty unless the viewer of the transaction is the auditor, or works in the household's area.
    """
    return tuple(Sight(*row) for row in conn.execute(_VIEWERS, {"household": household}))
