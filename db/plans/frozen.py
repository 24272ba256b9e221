"""The seal of a list: one hash over who is on it, in which order, for how much."""

from __future__ import annotations

import hashlib
import json

from sqlalchemy import Connection, text

from db.plans.values import PlanNotFound

_LIST = text("""
    SELECT rank, household_id, area_code, nik, head_name, amount_idr
    FROM plan_target WHERE plan_id = :id ORDER BY rank
""")
_HASH = text("SELECT list_hash FROM plan WHERE id = :id")


def hash_list(conn: Connection, plan_id: int) -> str:
    """Return the SHA-256 of a plan's list, in hexadecimal digits.

    Of one line of JSON for each target, by rank: rank, household number, area code, NIK, name of
    the head and amount in rupiah, without spaces, in UTF-8, each line ended by a newline. So
    anybody who has the list can work it out.

    Parameters
    ----------
    conn
        As the owner: masked identities would give another hash.
    plan_id
        Whose list.
    """
    digest = hashlib.sha256()
    for row in conn.execute(_LIST, {"id": plan_id}):
        line = json.dumps(list(row), ensure_ascii=False, separators=(",", ":"))
        digest.update(f"{line}\n".encode())
    return digest.hexdigest()


def verify_list(conn: Connection, plan_id: int) -> bool:
    """Say whether a list is still the one that was sealed when it was proposed.

    Raises
    ------
    PlanNotFound
        When there is no such plan.
    """
    row = conn.execute(_HASH, {"id": plan_id}).one_or_none()
    if row is None:
        raise PlanNotFound(plan_id)
    return bool(row.list_hash == hash_list(conn, plan_id))
