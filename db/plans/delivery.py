"""What becomes of the targets of a plan: recorded by a page or a file, whole or not at all.

The last outcome of a target holds and stands in ``plan_target``; every one is kept in ``delivery``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, text

from db.models.plans import OUTCOMES
from db.plans.delivery_aid import give_aid, take_aid_back
from db.plans.queries import PlanNotFound
from db.queries.selection import area_pattern
from geo.errors import MapError
from geo.text import N_

TAKEN_BACK = "open"
"""The outcome that takes an earlier one back: the target is open again."""
RECORDABLE = (*OUTCOMES, TAKEN_BACK)
PLANS_TO_FOLLOW = ("approved", "running")
"""States of a plan in which outcomes are recorded."""
MOST_NOTE = 300

_NOT_RUNNING = N_(
    "Hasil penyaluran dicatat setelah rencananya disetujui, dan sebelum rencana itu ditutup."
)
_NOT_YOURS = N_("Daftar rencana ini tidak terbuka untuk Anda, jadi tidak ada yang dicatat.")
_FOREIGN = N_(
    "{count} sasaran tidak ada dalam daftar ini, atau di luar wilayah kerja Anda. Tidak ada yang"
    " dicatat."
)
_NOBODY = N_("Belum ada sasaran yang dipilih.")
_UNKNOWN = N_("Hasil “{text}” tidak dikenal.")
_FUTURE = N_("Tanggal {day} belum tiba.")
_TOO_EARLY = N_("Tanggal {day} sebelum rencana ini disetujui.")
_LONG_NOTE = N_("Catatan paling panjang {limit} huruf.")

_PLAN = text("""
    SELECT state, CAST(approved_at AT TIME ZONE 'Asia/Jakarta' AS date),
           -- Today in the east of the country, where the day begins first.
           CAST(now() AT TIME ZONE 'Asia/Jayapura' AS date)
    FROM plan WHERE id = :plan FOR SHARE
""")
_HOLDS = text("""
    SELECT EXISTS (
        SELECT FROM plan_handover AS h JOIN app_user AS u ON u.agency = h.agency
        WHERE h.plan_id = :plan AND h.expires_at > now() AND h.revoked_at IS NULL
              AND u.name = :user AND u.role = 'agency' AND u.is_active
    )
""")
_TARGETS = text("""
    SELECT household_id, outcome, outcome_on, outcome_note, area_code FROM plan_target
    WHERE plan_id = :plan AND household_id = ANY (:households) AND area_code LIKE :pattern
    ORDER BY household_id FOR UPDATE
""")
_KEEP = text("""
    INSERT INTO delivery (plan_id, household_id, outcome, on_day, note, file_name, user_name, role)
    VALUES (:plan, :household, :outcome, :on_day, :note, :file, :user, :role)
""")
_SET = text("""
    UPDATE plan_target SET outcome = nullif(:outcome, 'open'),
        outcome_on = CASE WHEN :outcome <> 'open' THEN CAST(:on_day AS date) END,
        outcome_by = CASE WHEN :outcome <> 'open' THEN :user END,
        outcome_note = CASE WHEN :outcome <> 'open' THEN CAST(:note AS text) END
    WHERE plan_id = :plan AND household_id = :household
""")
_REFRESH = text("""
    SELECT refresh_plan_flags(:plan, CAST(:areas AS text[])), bump_data_version('register')
""")


class InvalidDelivery(MapError):
    """An outcome that can't be recorded; nothing is changed."""

    status = 400


class DeliveryRefused(MapError):
    """The plan, or whose it is, stands in the way; nothing is changed."""

    status = 409


@dataclass(frozen=True, slots=True)
class Recorder:
    """Who records: account, role, and the area that their rights reach over."""

    user: str
    role: str
    area: str | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of one target: its household, one of :data:`RECORDABLE`, the day, a remark."""

    household: int
    outcome: str
    on: date
    note: str | None = None


@dataclass(frozen=True, slots=True)
class DeliveryPlan:
    """What of a plan decides whether an outcome can be recorded.

    Attributes
    ----------
    approved_on
        No outcome is of an earlier day.
    today
        None of a later one.
    """

    id: int
    approved_on: date | None
    today: date


def open_plan(conn: Connection, plan_id: int, by: Recorder) -> DeliveryPlan:
    """Return a plan whose outcomes may be recorded by somebody.

    Parameters
    ----------
    conn
        As the owner, in a transaction.
    plan_id
        The plan.
    by
        Of an agency, it must hold the list now.

    Raises
    ------
    PlanNotFound, DeliveryRefused
        When there is no such plan, it isn't approved or is closed, or it isn't theirs.
    """
    found = conn.execute(_PLAN, {"plan": plan_id}).one_or_none()
    if found is None:
        raise PlanNotFound(plan_id)
    state, approved_on, today = found
    if by.role == "agency" and not conn.scalar(_HOLDS, {"plan": plan_id, "user": by.user}):
        raise DeliveryRefused(_NOT_YOURS)
    if state not in PLANS_TO_FOLLOW:
        raise DeliveryRefused(_NOT_RUNNING)
    return DeliveryPlan(plan_id, approved_on, today)


def record_outcomes(
    conn: Connection,
    plan_id: int,
    said: Sequence[Said],
    *,
    by: Recorder,
    file_name: str | None = None,
) -> int:
    """Record what became of targets; all of them, or none.

    A delivery is written into the register as aid, and taken out again when it is corrected.

    Parameters
    ----------
    conn
        As the owner, in a transaction.
    plan_id
        The plan.
    said
        One per household.
    by
        Who records, and where they may.
    file_name
        Of the file that it came with.

    Returns
    -------
    int
        How many targets have another outcome, day or remark than before.

    Raises
    ------
    PlanNotFound, DeliveryRefused
        As :func:`open_plan`; and when a household is no target, or lies outside their area.
    InvalidDelivery
        When an outcome, a day or a remark is unfit.
    """
    plan = open_plan(conn, plan_id, by)
    if not said:
        raise InvalidDelivery(_NOBODY)
    for one in said:
        check_said(plan, one.outcome, one.on, one.note)
    targets = _lock_targets(conn, plan_id, said, by)
    changed = [one for one in said if _differs(one, targets[one.household])]
    if not changed:
        return 0
    common = {"plan": plan_id, "user": by.user, "role": by.role, "file": file_name}
    values = [
        {**common, "household": one.household, "outcome": one.outcome, "on_day": one.on,
         "note": one.note}
        for one in changed
    ]  # fmt: skip
    conn.execute(_KEEP, values)
    conn.execute(_SET, values)
    # What was delivered before and is now of another day is taken back and given anew.
    take_aid_back(conn, plan_id, [one.household for one in changed if _had(one, targets)])
    give_aid(conn, plan_id, [one.household for one in changed if one.outcome == "delivered"])
    areas = sorted({targets[one.household].area_code for one in changed})
    conn.execute(_REFRESH, {"plan": plan_id, "areas": areas})
    return len(changed)


def check_said(plan: DeliveryPlan, outcome: str, on: date, note: str | None) -> None:
    """Check what is said of a target.

    Raises
    ------
    InvalidDelivery
        When it can't be.
    """
    if outcome not in RECORDABLE:
        raise InvalidDelivery(_UNKNOWN, text=outcome[:20])
    if on > plan.today:
        raise InvalidDelivery(_FUTURE, day=f"{on:%d-%m-%Y}")
    if plan.approved_on is not None and on < plan.approved_on:
        raise InvalidDelivery(_TOO_EARLY, day=f"{on:%d-%m-%Y}")
    if note is not None and len(note) > MOST_NOTE:
        raise InvalidDelivery(_LONG_NOTE, limit=MOST_NOTE)


@dataclass(frozen=True, slots=True)
class _Target:
    outcome: str | None
    outcome_on: date | None
    note: str | None
    area_code: str


def _lock_targets(
    conn: Connection, plan_id: int, said: Iterable[Said], by: Recorder
) -> Mapping[int, _Target]:
    households = {one.household for one in said}
    wanted = {"plan": plan_id, "households": list(households), "pattern": area_pattern(by.area)}
    targets = {row[0]: _Target(*row[1:]) for row in conn.execute(_TARGETS, wanted)}
    if len(targets) < len(households):
        raise DeliveryRefused(_FOREIGN, count=len(households) - len(targets))
    return targets


def _differs(said: Said, now: _Target) -> bool:
    if said.outcome == TAKEN_BACK:
        return now.outcome is not None
    return (said.outcome, said.on, said.note) != (now.outcome, now.outcome_on, now.note)


def _had(said: Said, targets: Mapping[int, _Target]) -> bool:
    return targets[said.household].outcome == "delivered"
