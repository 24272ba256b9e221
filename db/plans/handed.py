"""Lists as the agency sees them that they were handed to: its own, while they are open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, text

from db.plans.queries import PlanNotFound
from geo.errors import MapError
from geo.text import N_

FORMS = ("page", "xlsx", "pdf")

# Under the agency's rights: its own handings over, and targets only while one of them is open.
_SELECT = """
    SELECT h.id, h.plan_id, p.name AS plan_name, r.code AS programme, r.name AS programme_name,
           h.agency, p.settings ->> 'period' AS period, p.state, h.purpose, h.granted_at,
           h.granted_by, h.expires_at, h.revoked_at, h.expires_at <= now() AS is_expired, p.due_on,
           t.targets, t.recorded
    FROM plan_handover AS h
    JOIN plan AS p ON p.id = h.plan_id
    JOIN programme AS r ON r.code = p.programme_code
    CROSS JOIN LATERAL (
        SELECT count(*) AS targets, count(outcome) AS recorded
        FROM plan_target WHERE plan_id = h.plan_id
    ) AS t
"""
_LIST = text(f"{_SELECT} ORDER BY h.revoked_at IS NOT NULL, h.expires_at <= now(), h.id DESC")
_GET = text(f"{_SELECT} WHERE h.id = :handover")
_PAPER = text("""
    SELECT p.name, r.name, r.agency, p.settings ->> 'period', p.decree_number, p.decree_date,
           p.list_hash, p.approved_by, p.approved_at
    FROM plan AS p JOIN programme AS r ON r.code = p.programme_code
    WHERE p.id = :plan AND p.approved_at IS NOT NULL
""")
_OPEN = text("SELECT note_opening(:handover, :form)")

_EXPIRED = N_(
    "Daftar ini hanya terbuka sampai {day}. Mintalah Bappeda menyerahkannya lagi bila masih"
    " diperlukan."
)
_REVOKED = N_("Penyerahan daftar ini sudah dicabut oleh Bappeda pada {day}.")


@dataclass(frozen=True, slots=True)
class HandedList:
    """A list that was handed to the viewer's agency.

    Attributes
    ----------
    period
        Of the aid.
    state
        Of the plan.
    targets, recorded
        Households of the list, and those with an outcome; both zero once it is closed to the
        agency.
    """

    id: int
    plan_id: int
    plan_name: str
    programme: str
    programme_name: str
    agency: str
    period: str
    state: str
    purpose: str
    granted_at: datetime
    granted_by: str
    expires_at: datetime
    revoked_at: datetime | None
    is_expired: bool
    due_on: date | None
    targets: int
    recorded: int

    @property
    def is_open(self) -> bool:
        """Whether the agency can look at it now."""
        return self.revoked_at is None and not self.is_expired


@dataclass(frozen=True, slots=True)
class PlanPaper:
    """What a decree's annex says of a plan, as far as its reader may know it."""

    name: str
    programme: str
    agency: str
    period: str
    decree_number: str | None
    decree_date: date | None
    list_hash: str
    approved_by: str
    approved_at: datetime


class HandoverNotFound(MapError):
    """A list that does not exist or was handed to somebody else; both answer alike."""

    status = 404

    def __init__(self, handover_id: int) -> None:
        super().__init__(N_("Daftar nomor {id} tidak ditemukan."), id=handover_id)


class HandoverClosed(MapError):
    """A list that the viewer's agency may look at no more."""

    status = 403


def list_handed(conn: Connection) -> tuple[HandedList, ...]:
    """Return the lists of the viewer's agency, those that are open first."""
    return tuple(HandedList(*row) for row in conn.execute(_LIST))


def get_handed(conn: Connection, handover_id: int) -> HandedList:
    """Return a list of the viewer's agency that is open.

    Raises
    ------
    HandoverNotFound
        When there is none of that number for this agency.
    HandoverClosed
        When it has expired or was taken back, saying since when.
    """
    row = (
        conn.execute(_GET, {"handover": handover_id}).one_or_none() if handover_id < 2**63 else None
    )
    if row is None:
        raise HandoverNotFound(handover_id)
    handed = HandedList(*row)
    if handed.revoked_at is not None:
        raise HandoverClosed(_REVOKED, day=f"{handed.revoked_at:%d-%m-%Y}")
    if handed.is_expired:
        raise HandoverClosed(_EXPIRED, day=f"{handed.expires_at:%d-%m-%Y}")
    return handed


def note_opening(conn: Connection, handover_id: int, form: str) -> None:
    """Count that the viewer opens a list, before they see any of it.

    Parameters
    ----------
    conn
        In the viewer's name, in a transaction that writes.
    handover_id
        Of the list.
    form
        One of :data:`FORMS`.

    Raises
    ------
    HandoverNotFound, HandoverClosed
        As :func:`get_handed`; nothing is counted then.
    """
    get_handed(conn, handover_id)
    if not conn.scalar(_OPEN, {"handover": handover_id, "form": form}):
        raise HandoverNotFound(handover_id)


def get_paper(conn: Connection, plan_id: int) -> PlanPaper:
    """Return what the annex of a decree says of an approved plan.

    Raises
    ------
    PlanNotFound
        When there is no approved one of that number that the viewer may see.
    """
    row = conn.execute(_PAPER, {"plan": plan_id}).one_or_none() if plan_id < 2**63 else None
    if row is None:
        raise PlanNotFound(plan_id)
    return PlanPaper(*row)
