"""What a reviewer decided last of the rows that waited, which they can take back."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Connection, text

from db.queries.review import CaseKey

# The newest of the user's jobs on a row says what becomes of it; the worker takes them in order.
_PENDING = """
    SELECT DISTINCT ON (batch_id, row_number)
           id, args ->> 'decision' AS decision,
           CAST(args ->> 'batch' AS bigint) AS batch_id, CAST(args ->> 'row' AS int) AS row_number
    FROM job WHERE kind = 'decide' AND user_name = :user AND finished_at IS NULL
    ORDER BY batch_id, row_number, id DESC
"""
_NAME = "coalesce(r.checked ->> 'head_name', r.checked ->> 'name')"
_LAST_PENDING = text(f"""
    SELECT r.batch_id, r.row_number, p.decision, {_NAME}
    FROM ({_PENDING}) AS p JOIN import_row AS r USING (batch_id, row_number)
    WHERE r.outcome = 'review' AND p.decision IN ('joined', 'new', 'split')
    ORDER BY p.id DESC LIMIT 1
""")
_LAST = text(f"""
    SELECT r.batch_id, r.row_number, r.decision, {_NAME} FROM import_row AS r
    WHERE r.outcome = 'review' AND r.decision IN ('joined', 'new', 'split')
      AND r.decided_by = :user
      AND (r.batch_id, r.row_number) NOT IN
          (SELECT p.batch_id, p.row_number FROM ({_PENDING}) AS p)
    ORDER BY r.decided_at DESC, r.batch_id DESC, r.row_number DESC LIMIT 1
""")


class LastDecision(NamedTuple):
    """A row that can be taken back: what was decided of it, and whom it speaks of."""

    key: CaseKey
    decision: str
    name: str | None


def find_last_decision(conn: Connection, user: str) -> LastDecision | None:
    """Return what a user decided last, as far as they see it: what is still being stored first.

    A row whose decision they are taking back already is none.
    """
    for statement in (_LAST_PENDING, _LAST):
        row = conn.execute(statement, {"user": user}).one_or_none()
        if row is not None:
            batch, number, decision, name = row
            return LastDecision(CaseKey(batch, number), decision, name)
    return None
