"""Handing a plan's list to an agency: for a purpose, until a day, and who opened it since."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, text

from db.plans.store import note_change
from db.plans.values import PlanNotFound
from geo.errors import MapError
from geo.text import N_

PURPOSE_LENGTH = range(10, 301)
HANDED_STATES = ("approved", "running")
"""States of a plan whose list can be handed over: frozen, and not closed yet."""
_SHOWN_OPENINGS = 500

_LOCK = text("SELECT state FROM plan WHERE id = :plan FOR UPDATE")
_IS_AGENCY = text("SELECT EXISTS (SELECT FROM programme WHERE agency = :agency)")
# A day more than a year, so that the same date next year is still a choice until its evening.
_IS_IN_TIME = text("""
    SELECT CAST(:until AS timestamptz) > now(),
           CAST(:until AS timestamptz) <= now() + interval '1 year 1 day'
""")
_IS_OPEN = text("""
    SELECT EXISTS (SELECT FROM plan_handover WHERE plan_id = :plan AND agency = :agency
                   AND revoked_at IS NULL AND expires_at > now())
""")
_INSERT = text("""
    INSERT INTO plan_handover (plan_id, agency, purpose, expires_at, granted_by)
    VALUES (:plan, :agency, :purpose, :until, :user) RETURNING id
""")
_REVOKE = text("""
    UPDATE plan_handover SET revoked_by = :user, revoked_at = now()
    WHERE id = :handover AND plan_id = :plan AND revoked_at IS NULL RETURNING agency
""")
_LIST = text("""
    SELECT id, agency, purpose, expires_at, granted_by, granted_at, revoked_by, revoked_at,
           expires_at <= now() AS is_expired
    FROM plan_handover WHERE plan_id = :plan ORDER BY id DESC
""")
_OPENINGS = text("""
    SELECT o.handover_id, o.user_name, o.form, o.at
    FROM plan_opening AS o JOIN plan_handover AS h ON h.id = o.handover_id
    WHERE h.plan_id = :plan ORDER BY o.id DESC LIMIT :most
""")
_COUNT_OPENINGS = text("""
    SELECT o.handover_id, count(*) AS openings
    FROM plan_opening AS o JOIN plan_handover AS h ON h.id = o.handover_id
    WHERE h.plan_id = :plan GROUP BY 1
""")

_NOT_FROZEN = N_("Daftar baru dapat diserahkan setelah rencananya disetujui, dan sebelum ditutup.")
_NO_AGENCY = N_("“{name}” bukan pelaksana program mana pun.")
_NO_PURPOSE = N_("Tulis untuk apa daftar ini diserahkan, dalam 10 sampai 300 huruf.")
_PAST = N_("Tanggal berakhirnya sudah lewat.")
_TOO_LONG = N_("Daftar diserahkan paling lama satu tahun.")
_OPEN_ALREADY = N_(
    "{name} masih memegang daftar ini. Cabut dahulu yang lama, lalu serahkan lagi dengan keperluan"
    " atau batas waktu yang baru."
)
_NOT_OPEN = N_("Penyerahan ini tidak ada, atau sudah dicabut.")


class InvalidHandover(MapError):
    """What was filled in can't be a handing over; nothing is changed."""

    status = 400


class HandoverRefused(MapError):
    """The plan or an earlier handing over stands in the way; nothing is changed."""

    status = 409


@dataclass(frozen=True, slots=True)
class Opening:
    """Somebody of the agency opened the list, as ``page``, ``xlsx`` or ``pdf``."""

    user: str
    form: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Handover:
    """A list as it was handed over.

    Attributes
    ----------
    openings
        The newest first; of a plan opened very often the last ones only.
    opening_count
        All of them.
    """

    id: int
    agency: str
    purpose: str
    expires_at: datetime
    granted_by: str
    granted_at: datetime
    revoked_by: str | None
    revoked_at: datetime | None
    is_expired: bool
    openings: tuple[Opening, ...] = ()
    opening_count: int = 0

    @property
    def is_open(self) -> bool:
        """Whether the agency can look at it now."""
        return self.revoked_at is None and not self.is_expired


def hand_over(
    conn: Connection, plan_id: int, agency: str, purpose: str, expires_at: datetime, *, user: str
) -> int:
    """Hand a plan's frozen list to an agency.

    Parameters
    ----------
    conn
        As the owner, in a transaction.
    plan_id
        The plan, approved or running.
    agency
        As a programme names it.
    purpose
        What for, in 10 to 300 characters; the agency reads it above the list.
    expires_at
        Until when the agency sees it, a year from now at most; with its time zone.
    user
        Who hands it over.

    Returns
    -------
    int
        Number of the handing over.

    Raises
    ------
    PlanNotFound
        When there is no such plan.
    InvalidHandover
        When agency, purpose or time are unfit.
    HandoverRefused
        When the list isn't frozen, or the agency holds it already.
    """
    said = " ".join(purpose.split())
    if len(said) not in PURPOSE_LENGTH:
        raise InvalidHandover(_NO_PURPOSE)
    if not conn.scalar(_IS_AGENCY, {"agency": agency}):
        raise InvalidHandover(_NO_AGENCY, name=agency[:80])
    is_ahead, is_near = conn.execute(_IS_IN_TIME, {"until": expires_at}).one()
    if not is_ahead:
        raise InvalidHandover(_PAST)
    if not is_near:
        raise InvalidHandover(_TOO_LONG)
    _require_frozen(conn, plan_id)
    values = {"plan": plan_id, "agency": agency, "purpose": said, "until": expires_at, "user": user}
    if conn.scalar(_IS_OPEN, values):
        raise HandoverRefused(_OPEN_ALREADY, name=agency)
    handover_id = int(conn.execute(_INSERT, values).scalar_one())
    detail = {"handover": handover_id, "agency": agency, "until": expires_at.isoformat()}
    note_change(conn, plan_id, "hand_over", user, detail)
    return handover_id


def revoke(conn: Connection, plan_id: int, handover_id: int, *, user: str) -> None:
    """Take a list back: from now on the agency sees nothing of it.

    Raises
    ------
    HandoverRefused
        When it is not of this plan, or was taken back before.
    """
    values = {"plan": plan_id, "handover": handover_id, "user": user}
    agency = conn.scalar(_REVOKE, values)
    if agency is None:
        raise HandoverRefused(_NOT_OPEN)
    note_change(conn, plan_id, "revoke", user, {"handover": handover_id, "agency": agency})


def list_handovers(conn: Connection, plan_id: int) -> tuple[Handover, ...]:
    """Return to whom a plan's list was handed, the last first, with who opened it and when.

    Empty for roles that don't follow plans of the whole regency.
    """
    openings: defaultdict[int, list[Opening]] = defaultdict(list)
    for handover_id, *opening in conn.execute(
        _OPENINGS, {"plan": plan_id, "most": _SHOWN_OPENINGS}
    ):
        openings[handover_id].append(Opening(*opening))
    counted = conn.execute(_COUNT_OPENINGS, {"plan": plan_id})
    counts = {row.handover_id: int(row.openings) for row in counted}
    return tuple(
        Handover(
            **row._mapping, openings=tuple(openings[row.id]), opening_count=counts.get(row.id, 0)
        )
        for row in conn.execute(_LIST, {"plan": plan_id})
    )


def _require_frozen(conn: Connection, plan_id: int) -> None:
    state = conn.scalar(_LOCK, {"plan": plan_id})
    if state is None:
        raise PlanNotFound(plan_id)
    if state not in HANDED_STATES:
        raise HandoverRefused(_NOT_FROZEN)
