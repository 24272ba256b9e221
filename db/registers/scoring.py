"""Rows that neither key nor number joins, scored against the households nobody has claimed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, text

from geo.matching import People, decide, explain, find_candidates

if TYPE_CHECKING:
    from db.registers.match import Review

_INCOMING = text("""
    SELECT i.row_number, i.nik, i.kk, i.head_name, i.birth_date, i.sex,
           concat_ws(' ', i.address, 'RT ' || i.rt, 'RW ' || i.rw), i.area_code
    FROM incoming_match m JOIN incoming_household i USING (row_number)
    WHERE m.is_new ORDER BY i.row_number
""")
_REGISTER = text("""
    SELECT h.id, p.nik, h.kk, h.head_name, p.birth_date, p.sex,
           concat_ws(' ', h.address, 'RT ' || h.rt, 'RW ' || h.rw), h.area_code
    FROM household h
    LEFT JOIN LATERAL (
        SELECT nik, birth_date, sex FROM person
        WHERE household_id = h.id AND relationship = 'head' ORDER BY id LIMIT 1
    ) AS p ON true
    WHERE NOT EXISTS (SELECT FROM incoming_match m WHERE m.id = h.id) ORDER BY h.id
""")
_JOIN = text("""
    UPDATE incoming_match m SET id = j.id, score = j.score, is_new = false
    FROM unnest(CAST(:rows AS integer[]), CAST(:ids AS bigint[]), CAST(:scores AS real[]))
         AS j (row_number, id, score)
    WHERE m.row_number = j.row_number
""")


def score_rows(conn: Connection, review: Review) -> None:
    """Join the rows of ``incoming_match`` that are surely known, and let the likely ones wait.

    Parameters
    ----------
    conn
        In the transaction of the import.
    review
        Takes the candidates of the rows in between.
    """
    rows, incoming = _read_people(conn, _INCOMING)
    if not rows:
        return
    ids, register = _read_people(conn, _REGISTER)
    decision = decide(find_candidates(incoming, register))
    if len(decision.joins):
        conn.execute(
            _JOIN,
            {
                "rows": [rows[n] for n in decision.joins.incoming.tolist()],
                "ids": [ids[n] for n in decision.joins.register.tolist()],
                "scores": decision.joins.score.tolist(),
            },
        )
    found = decision.reviews
    for mine, theirs, score in zip(
        found.incoming.tolist(), found.register.tolist(), found.score.tolist(), strict=True
    ):
        told = explain(incoming.row(mine), register.row(theirs))
        reasons = {reason.field: reason.agreement for reason in told.reasons}
        review.add(rows[mine], ids[theirs], told.kind, score, reasons)


def _read_people(conn: Connection, statement: Any) -> tuple[list[int], People]:
    rows = conn.execute(statement).all()
    columns = list(zip(*rows, strict=True)) or [()] * 8
    return list(columns[0]), People(*columns[1:])
