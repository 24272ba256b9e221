"""From draft to closed: proposing seals the list, another person approves it.

draft → proposed → approved → running → closed; a proposed plan goes back to draft when whoever
proposed it withdraws it, or whoever should approve it returns it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, Row, text

from db.plans.frozen import hash_list, verify_list
from db.plans.store import PlanRefused, revise, take_plan
from geo.text import N_

MOST_NOTE = 1_000

_PROPOSE = text("""
    UPDATE plan SET state = 'proposed', list_hash = :hash, proposed_by = :user,
                    proposed_at = clock_timestamp()
    WHERE id = :id
""")
_REOPEN = text("""
    UPDATE plan SET state = 'draft', list_hash = NULL, proposed_by = NULL, proposed_at = NULL
    WHERE id = :id
""")
_APPROVE = text("""
    UPDATE plan SET state = 'approved', approved_by = :user, approved_at = clock_timestamp(),
                    decree_number = :number, decree_date = :day
    WHERE id = :id
""")
_START = text("UPDATE plan SET state = 'running' WHERE id = :id")
_CLOSE = text("""
    UPDATE plan SET state = 'closed', closed_at = clock_timestamp() WHERE id = :id
""")
_RULE_VERSION = text("SELECT rule_version FROM programme WHERE code = :code")
# Plans of one programme are approved one after another, or two would take the same household.
_LOCK_PROGRAMME = text("SELECT FROM programme WHERE code = :code FOR UPDATE")
_TAKEN = text("""
    SELECT count(DISTINCT t.household_id) AS households,
           string_agg(DISTINCT p.name, ', ' ORDER BY p.name) AS plans
    FROM plan_target AS t
    JOIN plan_target AS o ON o.household_id = t.household_id AND o.plan_id <> t.plan_id
                         AND o.outcome IS NULL
    JOIN plan AS p ON p.id = o.plan_id AND p.state IN ('approved', 'running')
                  AND p.programme_code = :code
    WHERE t.plan_id = :id
""")
_LEFT = text("SELECT count(*) FROM plan_target WHERE plan_id = :id AND outcome IS NULL")


@dataclass(frozen=True, slots=True)
class Decree:
    """The decision by which a plan is approved."""

    number: str
    day: date


def propose(conn: Connection, plan_id: int, revision: int, *, user: str) -> int:
    """Seal a draft's list and put it up for approval; return the new revision.

    Raises
    ------
    PlanNotFound, StaleEdit
        When it is gone, or was changed meanwhile.
    PlanRefused
        When it is no draft, has no list or an empty one, the programme's rule has changed since,
        or another plan took some of its households.
    """
    plan = take_plan(conn, plan_id, revision, ("draft",))
    if plan.result is None:
        raise PlanRefused(N_("Daftar sasaran belum dihitung."))
    if not plan.result["targets"]:
        raise PlanRefused(N_("Daftar sasaran kosong: tidak ada yang dapat diusulkan."))
    if plan.rule_version != conn.scalar(_RULE_VERSION, {"code": plan.programme_code}):
        raise PlanRefused(N_("Aturan program berubah sejak daftar ini dihitung. Hitung ulang."))
    _refuse_taken(conn, plan)
    seal = hash_list(conn, plan_id)
    conn.execute(_PROPOSE, {"id": plan_id, "hash": seal, "user": user})
    return revise(conn, plan_id, "propose", user, {"hash": seal})


def withdraw(conn: Connection, plan_id: int, revision: int, *, user: str) -> int:
    """Make a proposed plan a draft again, before anybody decided; return the new revision."""
    take_plan(conn, plan_id, revision, ("proposed",))
    conn.execute(_REOPEN, {"id": plan_id})
    return revise(conn, plan_id, "withdraw", user, {})


def return_plan(conn: Connection, plan_id: int, revision: int, *, note: str, user: str) -> int:
    """Send a proposed plan back to its makers, with what they should change.

    Raises
    ------
    PlanNotFound, StaleEdit, PlanRefused
        Also when there is no note, or it is the own plan: that is :func:`withdraw`.
    """
    plan = take_plan(conn, plan_id, revision, ("proposed",))
    _refuse_own(plan, user)
    said = note.strip()
    if not 1 <= len(said) <= MOST_NOTE:
        raise PlanRefused(N_("Tulis apa yang perlu diperbaiki, paling banyak 1.000 huruf."))
    conn.execute(_REOPEN, {"id": plan_id})
    return revise(conn, plan_id, "return", user, {"note": said})


def approve(
    conn: Connection, plan_id: int, revision: int, *, user: str, decree: Decree | None = None
) -> int:
    """Approve a proposed plan; its list never changes again. Return the new revision.

    Raises
    ------
    PlanNotFound, StaleEdit
        When it is gone, or was changed meanwhile.
    PlanRefused
        When it is not proposed, the approver proposed or last edited it, the list is not the one
        that was sealed, another plan took some of its households, or the decree is of tomorrow.
    """
    plan = take_plan(conn, plan_id, revision, ("proposed",))
    _refuse_own(plan, user)
    if not verify_list(conn, plan_id):
        raise PlanRefused(
            N_("Daftar sasaran bukan lagi yang diusulkan. Kembalikan rencana ini dan periksa.")
        )
    _refuse_taken(conn, plan)
    number, day = _check_decree(conn, decree)
    conn.execute(_APPROVE, {"id": plan_id, "user": user, "number": number, "day": day})
    detail = {"hash": plan.list_hash, "decree": number}
    return revise(conn, plan_id, "approve", user, detail)


def start(conn: Connection, plan_id: int, revision: int, *, user: str) -> int:
    """Begin the delivery of an approved plan; return the new revision."""
    take_plan(conn, plan_id, revision, ("approved",))
    conn.execute(_START, {"id": plan_id})
    return revise(conn, plan_id, "start", user, {})


def close(conn: Connection, plan_id: int, revision: int, *, user: str) -> int:
    """End a plan; targets without an outcome may be taken by other plans. Return the revision."""
    take_plan(conn, plan_id, revision, ("approved", "running"))
    conn.execute(_CLOSE, {"id": plan_id})
    left = conn.execute(_LEFT, {"id": plan_id}).scalar_one()
    return revise(conn, plan_id, "close", user, {"left": left})


def _refuse_own(plan: Row[tuple[object, ...]], user: str) -> None:
    if user in (plan.proposed_by, plan.edited_by):
        raise PlanRefused(
            N_("Anda mengusulkan atau terakhir mengubah rencana ini; orang lain yang memutuskan.")
        )


def _refuse_taken(conn: Connection, plan: Row[tuple[object, ...]]) -> None:
    conn.execute(_LOCK_PROGRAMME, {"code": plan.programme_code})
    taken = conn.execute(_TAKEN, {"id": plan.id, "code": plan.programme_code}).one()
    if taken.households:
        raise PlanRefused(
            N_(
                "{count} keluarga di daftar ini sudah menunggu penyaluran dalam rencana lain dari"
                " program yang sama ({plans}). Hitung ulang."
            ),
            count=taken.households,
            plans=taken.plans,
        )


def _check_decree(conn: Connection, decree: Decree | None) -> tuple[str | None, date | None]:
    if decree is None:
        return None, None
    number = " ".join(decree.number.split())
    if not 1 <= len(number) <= 100:
        raise PlanRefused(N_("Isi nomor surat keputusan."))
    if decree.day > conn.execute(text("SELECT current_date")).scalar_one():
        raise PlanRefused(N_("Tanggal surat keputusan tidak boleh di masa depan."))
    return number, decree.day
