"""A delivery in the register: aid that the household received, with the plan's own word as source.

The register may know the same aid from a file. Then the delivery is one more record of it, and the
strongest holds (:mod:`db.registers.golden`); taken back, the file's word is left.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, text

from db.registers.golden import name_ids
from db.registers.journal import Origin, ensure_source
from db.registers.merge_aid import refresh_aid
from geo.text import N_

SOURCE = "delivery"
_NAME = N_("Penyaluran bantuan")

# The aid that a plan's targets get: of the household, not of a person.
_OF_PLAN = """
    plan_target AS t JOIN plan AS p ON p.id = t.plan_id
    JOIN aid AS a ON (a.household_id, a.programme_code, a.period)
                   = (t.household_id, p.programme_code, p.settings ->> 'period')
                 AND a.person_id IS NULL
    WHERE t.plan_id = :plan AND t.household_id = ANY (:households)
"""
_LAST_DAY = text("""
    SELECT max(outcome_on) FROM plan_target
    WHERE plan_id = :plan AND household_id = ANY (:households)
""")
# What is invented stays so: deliveries to invented families are, too.
_MARK_INVENTED = text("""
    UPDATE source SET is_synthetic = true WHERE code = :source AND NOT EXISTS (
        SELECT FROM source WHERE kind <> 'boundary' AND NOT is_synthetic AND code <> :source)
""")
_KEEP_BASE = text(f"""
    INSERT INTO aid_record (aid_id, batch_id, source, as_of, amount_idr, status)
    SELECT a.id, a.batch_id, a.source, a.as_of, a.amount_idr, a.status FROM {_OF_PLAN}
    AND NOT EXISTS (SELECT FROM aid_record AS r WHERE r.aid_id = a.id)
""")
_RECORD = text(f"""
    INSERT INTO aid_record (aid_id, source, as_of, amount_idr, status)
    SELECT a.id, :source, t.outcome_on, t.amount_idr, 'received' FROM {_OF_PLAN}
""")
_GIVE = text("""
    INSERT INTO aid (household_id, programme_code, period, amount_idr, status, source, as_of)
    SELECT t.household_id, p.programme_code, p.settings ->> 'period', t.amount_idr, 'received',
           :source, t.outcome_on
    FROM plan_target AS t JOIN plan AS p ON p.id = t.plan_id
    WHERE t.plan_id = :plan AND t.household_id = ANY (:households)
    ON CONFLICT DO NOTHING
""")
_FORGET_RECORDS = text("""
    DELETE FROM aid_record WHERE source = :source AND batch_id IS NULL
                                 AND aid_id IN (SELECT id FROM delivered_aid)
""")
_FORGET = text("""
    DELETE FROM aid AS a WHERE a.id IN (SELECT id FROM delivered_aid) AND a.source = :source
        AND NOT EXISTS (SELECT FROM aid_record AS r WHERE r.aid_id = a.id)
""")


def give_aid(conn: Connection, plan_id: int, households: Sequence[int]) -> None:
    """Write the aid that targets were delivered, as of the day of their outcome.

    Parameters
    ----------
    conn
        As the owner, in a transaction; the outcomes stand in ``plan_target`` already.
    plan_id
        Says programme and period.
    households
        Whose; without any nothing happens.
    """
    if not households:
        return
    values = _describe(plan_id, households)
    _ensure_source(conn, values)
    name_ids(conn, "delivered_aid", f"SELECT a.id FROM {_OF_PLAN}", values)
    conn.execute(_KEEP_BASE, values)
    conn.execute(_RECORD, values)
    refresh_aid(conn, "SELECT id FROM delivered_aid")
    conn.execute(_GIVE, values)


def take_aid_back(conn: Connection, plan_id: int, households: Sequence[int]) -> None:
    """Take back what :func:`give_aid` wrote; what others said of the same aid stays."""
    if not households:
        return
    values = _describe(plan_id, households)
    name_ids(conn, "delivered_aid", f"SELECT a.id FROM {_OF_PLAN}", values)
    conn.execute(_FORGET_RECORDS, values)
    conn.execute(_FORGET, values)
    refresh_aid(conn, "SELECT id FROM delivered_aid")


def _describe(plan_id: int, households: Sequence[int]) -> dict[str, Any]:
    return {"plan": plan_id, "households": list(households), "source": SOURCE}


def _ensure_source(conn: Connection, values: dict[str, Any]) -> None:
    is_known = conn.scalar(text("SELECT 1 FROM source WHERE code = :source"), values)
    ensure_source(conn, "aid", Origin(SOURCE, _NAME, conn.execute(_LAST_DAY, values).scalar_one()))
    if not is_known:
        conn.execute(_MARK_INVENTED, values)
