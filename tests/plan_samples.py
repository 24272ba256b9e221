"""Plans for tests that need one to be there, whatever made it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, text
from sqlalchemy.dialects.postgresql import JSONB

REASONS = {
    "first": False, "score": 50.0, "decile": 1, "needs": 2, "waiting_since": "2025-01-01",
    "members": 4, "decided_by": None,
}  # fmt: skip
_PLAN = text("""
    INSERT INTO plan (name, programme_code, state, settings, created_by, edited_by)
    VALUES (:name, :programme, :state, '{"period": "2024", "quota": 10}', 'perencana',
            'perencana')
    RETURNING id
""")
_TARGETS = text("""
    INSERT INTO plan_target (plan_id, household_id, rank, area_code, score, reasons, amount_idr,
                             head_name, nik, kk, address, rt, rw, decile, member_count)
    SELECT :plan, h.id, row_number() OVER (ORDER BY h.id), h.area_code, 50, :reasons,
           2500000, h.head_name, (SELECT p.nik FROM person AS p
                         WHERE p.household_id = h.id AND p.relationship = 'head'),
           h.kk, h.address, h.rt, h.rw, h.decile, h.member_count
    FROM household AS h WHERE h.id = ANY (:households)
""").bindparams(bindparam("reasons", type_=JSONB))
_HANDOVER = text("""
    INSERT INTO plan_handover (plan_id, agency, purpose, expires_at, granted_by)
    VALUES (:plan, :agency, 'Penyaluran tahap pertama', now() + CAST(:lasts AS interval),
            'perencana')
    RETURNING id
""")


def add_plan(
    conn: Connection,
    households: Sequence[int],
    *,
    programme: str = "kanggo_riko",
    state: str = "running",
    name: str = "Rencana uji",
) -> int:
    """Write a plan with its targets; return its number."""
    about = {"name": name, "programme": programme, "state": state}
    plan = int(conn.scalar(_PLAN, about) or 0)
    targets = {"plan": plan, "households": list(households), "reasons": REASONS}
    conn.execute(_TARGETS, targets)
    conn.execute(text("SELECT refresh_plan_flags(:plan)"), {"plan": plan})
    return plan


def hand_over(conn: Connection, plan: int, agency: str, *, lasts: str = "30 days") -> int:
    """Hand a plan's list to an agency; a negative time has expired."""
    about = {"plan": plan, "agency": agency, "lasts": lasts}
    return int(conn.scalar(_HANDOVER, about) or 0)
