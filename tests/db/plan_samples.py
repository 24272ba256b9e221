"""Approved plans with a frozen list, made past the pages. All people are invented."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, bindparam, text
from sqlalchemy.dialects.postgresql import JSONB

from db.plans.handover import hand_over
from tests.plan_samples import add_plan

AGENCY = "Dinas Pemberdayaan Masyarakat dan Desa"
OTHER_AGENCY = "Dinas Sosial"
PURPOSE = "Menyalurkan Kanggo Riko tahap ini"

_APPROVE = text("""
    UPDATE plan SET settings = :settings, due_on = :due_on, proposed_by = 'perencana',
        proposed_at = now() - interval '40 days', approved_by = 'bupati',
        approved_at = now() - interval '30 days', decree_number = '188/45/2026',
        decree_date = current_date - 30, list_hash = repeat('ab', 32)
    WHERE id = :plan
""").bindparams(bindparam("settings", type_=JSONB))
_CHOOSE = text("""
    SELECT h.id FROM household AS h
    JOIN person AS p ON p.household_id = h.id AND p.relationship = 'head' AND p.nik IS NOT NULL
    WHERE starts_with(h.area_code, :area) AND NOT EXISTS (
        SELECT FROM aid AS a WHERE a.household_id = h.id AND a.programme_code = :programme)
    GROUP BY h.id ORDER BY h.id LIMIT :count
""")


def choose_households(
    conn: Connection, count: int, *, area: str = "", programme: str = "kanggo_riko"
) -> list[int]:
    """Return households that never got a programme, and whose head's NIK is known."""
    wanted = {"count": count, "area": area, "programme": programme}
    return list(conn.scalars(_CHOOSE, wanted))


def make_plan(
    conn: Connection,
    households: Sequence[int],
    *,
    name: str = "Kanggo Riko contoh",
    state: str = "running",
    due_on: date | None = None,
) -> int:
    """Make a plan approved a month ago whose list these households are; return its number."""
    plan = add_plan(conn, households, name=name, state=state)
    settings = {"period": "2026", "quota": len(households)}
    conn.execute(_APPROVE, {"plan": plan, "settings": settings, "due_on": due_on})
    return plan


def hand(conn: Connection, plan: int, *, agency: str = AGENCY, days: int = 30) -> int:
    """Hand a plan over, and return the number of it."""
    until = datetime.now().astimezone() + timedelta(days=days)
    return hand_over(conn, plan, agency, PURPOSE, until, user="perencana")


def expire(conn: Connection, handover: int) -> None:
    """Let the time of a handing over be past."""
    wanted = {"handover": handover}
    past = "UPDATE plan_handover SET expires_at = now() - interval '1 minute' WHERE id = :handover"
    conn.execute(text(past), wanted)
