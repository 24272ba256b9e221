"""Decisions about rows that wait: the same household, a new one, or another in the same house."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, Literal, NamedTuple

from sqlalchemy import Connection, text

from db.ledger import Ledger, Outcome
from db.registers.decided_persons import store_decided_person, take_back_person_row
from db.registers.incoming import COLUMNS, create_incoming
from db.registers.journal import Origin
from db.registers.match import NEXT_ID
from db.registers.merge import merge_households
from db.registers.merge_aid import store_decided_aid
from db.registers.points import FORGET_NAMES
from db.registers.undo import take_back_aid_row, take_back_row
from geo.errors import MapError
from geo.text import N_

Decision = Literal["joined", "new", "split"]


class DecisionRefused(MapError):
    """The row can't be decided so, or was decided meanwhile."""

    status = 409


_NOT_WAITING = N_("Baris ini tidak menunggu keputusan.")
_DECIDED = N_("Baris ini sudah diputuskan oleh {user} pada {at}.")
_UNDECIDED = N_("Baris ini belum diputuskan.")
_OUTSIDE = N_("Baris atau keluarga ini di luar wilayah kerja Anda.")
_NO_CANDIDATE = N_("Pilih salah satu keluarga yang diusulkan.")
_UNDONE = N_("Kiriman ini sudah dibatalkan.")
_NOT_A_FAMILY = N_("Hanya baris keluarga yang dapat dipisahkan menjadi keluarga sendiri.")


class _Row(NamedTuple):
    """A row in review with what is known of its batch."""

    batch_id: int
    row_number: int
    area_code: str | None
    checked: dict[str, Any]
    decision: str | None
    decided_by: str | None
    decided_at: datetime | None
    household_id: int | None
    kind: str
    state: str
    source: str
    as_of: Any
    source_name: str


_ROW = text("""
    SELECT i.batch_id, i.row_number, i.area_code, i.checked, i.decision, i.decided_by, i.decided_at,
           i.household_id, b.kind, b.state, b.source, b.as_of, s.name AS source_name
    FROM import_row i JOIN import_batch b ON b.id = i.batch_id JOIN source s ON s.code = b.source
    WHERE (i.batch_id, i.row_number) = (:batch, :row) AND i.outcome = 'review'
    FOR UPDATE OF i, b
""")
_DECIDE = text("""
    UPDATE import_row SET decision = :decision, household_id = :household, decided_by = :user,
                          decided_at = CASE WHEN CAST(:decision AS text) IS NOT NULL THEN now() END
    WHERE (batch_id, row_number) = (:batch, :row)
""")
_SHARE_HOUSE = text("""
    UPDATE incoming_household i
    SET lon = coalesce(i.lon, ST_X(h.location)), lat = coalesce(i.lat, ST_Y(h.location)),
        address = coalesce(i.address, h.address), rt = coalesce(i.rt, h.rt),
        rw = coalesce(i.rw, h.rw), accuracy_m = coalesce(i.accuracy_m, h.accuracy_m),
        location_source = coalesce(i.location_source, h.location_source)
    FROM household h WHERE h.id = :household
""")


def decide(
    conn: Connection,
    batch_id: int,
    row_number: int,
    decision: Decision,
    household_id: int | None = None,
    *,
    user: str,
    area: str | None = None,
) -> int | None:
    """Decide about a row that waits, and write it as its batch would have.

    Parameters
    ----------
    conn
        As the owner, in a transaction.
    batch_id, row_number
        The row.
    decision
        ``joined``: it is the household. ``new``: it is none of them. ``split``: it is a family of
        its own in the house of that household, whose address and position it takes where it has
        none.
    household_id
        One of the row's candidates; needed but for ``new``.
    user, area
        Who decides, and the area they may write in.

    Returns
    -------
    int or None
        The household the row went to.

    Raises
    ------
    DecisionRefused
        When the row doesn't wait (any more), lies outside the area, or the household is no
        candidate.
    """
    row = _get_waiting(conn, batch_id, row_number, area)
    if decision != "new":
        _require_candidate(conn, row, household_id, area)
    if row.kind == "households":
        went_to: int | None = _write_household(conn, row, decision, household_id)
    else:
        went_to = _write_part(conn, row, decision, household_id)
    conn.execute(
        _DECIDE,
        {"batch": batch_id, "row": row_number, "decision": decision, "household": went_to,
         "user": user},
    )  # fmt: skip
    return went_to


def undo_decision(
    conn: Connection, batch_id: int, row_number: int, *, user: str, area: str | None = None
) -> None:
    """Take a decision back; the row waits again.

    Raises
    ------
    DecisionRefused
        When the row isn't decided, lies outside the area, or its batch is undone.
    UndoRefused
        When something of another batch hangs on the household that the row became.
    """
    row = _get_row(conn, batch_id, row_number, area)
    if row.decision not in ("joined", "new", "split"):
        raise DecisionRefused(_UNDECIDED)
    _move_in_ledger(conn, batch_id, _take_back(conn, row), "review")
    conn.execute(
        _DECIDE,
        {"batch": batch_id, "row": row_number, "decision": None, "household": None, "user": None},
    )


def _take_back(conn: Connection, row: _Row) -> Outcome:
    if row.household_id is None:
        return "rejected"
    if row.kind == "aid":
        programme, period = row.checked["programme_code"], row.checked["period"]
        return take_back_aid_row(conn, row.batch_id, row.household_id, programme, period)
    if row.kind in ("persons", "population"):
        return take_back_person_row(conn, row.batch_id, row.checked, row.household_id)
    return take_back_row(conn, row.batch_id, row.row_number, row.household_id)


def _get_row(conn: Connection, batch_id: int, row_number: int, area: str | None) -> _Row:
    found = conn.execute(_ROW, {"batch": batch_id, "row": row_number}).one_or_none()
    if found is None:
        raise DecisionRefused(_NOT_WAITING)
    row = _Row(*found)
    if row.state == "undone":
        raise DecisionRefused(_UNDONE)
    if not Origin("", "", row.as_of, area=area).may_write(row.area_code):
        raise DecisionRefused(_OUTSIDE)
    return row


def _get_waiting(conn: Connection, batch_id: int, row_number: int, area: str | None) -> _Row:
    row = _get_row(conn, batch_id, row_number, area)
    if row.decision is not None and row.decided_at is not None:
        at = f"{row.decided_at:%Y-%m-%d %H:%M} UTC"
        raise DecisionRefused(_DECIDED, user=row.decided_by or "?", at=at)
    return row


def _require_candidate(
    conn: Connection, row: _Row, household_id: int | None, area: str | None
) -> None:
    found = conn.execute(
        text("""
        SELECT h.area_code FROM match_candidate m JOIN household h ON h.id = m.household_id
        WHERE (m.batch_id, m.row_number, m.household_id) = (:batch, :row, :household)
        """),
        {"batch": row.batch_id, "row": row.row_number, "household": household_id},
    ).one_or_none()
    if found is None:
        raise DecisionRefused(_NO_CANDIDATE)
    if not Origin("", "", row.as_of, area=area).may_write(found.area_code):
        raise DecisionRefused(_OUTSIDE)


def _write_household(
    conn: Connection, row: _Row, decision: Decision, household_id: int | None
) -> int:
    _fill_household(conn, row)
    if decision == "split":
        conn.execute(_SHARE_HOUSE, {"household": household_id})
    _choose_household(conn, row, household_id, is_new=decision != "joined")
    ledger = Ledger(batch_id=row.batch_id)
    has = {"has_needs": "needs" in row.checked, "has_aid": "aid_flags" in row.checked}
    merge_households(conn, ledger, _origin_of(row), **has)
    _move_in_ledger(conn, row.batch_id, "review", _outcome_of(ledger))
    return int(conn.scalars(text("SELECT id FROM incoming_match")).one())


def _write_part(
    conn: Connection, row: _Row, decision: Decision, household_id: int | None
) -> int | None:
    """Write a row that speaks of a household without being one: aid, a person, a position."""
    if decision == "split":
        raise DecisionRefused(_NOT_A_FAMILY)
    if decision == "new" or household_id is None:  # it belongs to none of them
        _move_in_ledger(conn, row.batch_id, "review", "rejected")
        return None
    ledger = Ledger(batch_id=row.batch_id)
    if row.kind == "aid":
        store_decided_aid(conn, ledger, _origin_of(row), row.checked, household_id)
    elif row.kind == "points":
        _fill_household(conn, row)
        conn.execute(FORGET_NAMES)
        _choose_household(conn, row, household_id, is_new=False)
        merge_households(conn, ledger, _origin_of(row), has_needs=False, has_aid=False)
    else:
        store_decided_person(conn, ledger, _origin_of(row), row.checked, household_id)
    _move_in_ledger(conn, row.batch_id, "review", _outcome_of(ledger))
    return household_id


def _fill_household(conn: Connection, row: _Row) -> None:
    create_incoming(conn)
    conn.execute(
        text(f"""
        INSERT INTO incoming_household ({", ".join(COLUMNS)})
        SELECT {", ".join(COLUMNS)}
        FROM jsonb_populate_record(CAST(NULL AS incoming_household), CAST(:checked AS jsonb))
        """),
        {"checked": json.dumps(row.checked)},
    )


def _choose_household(
    conn: Connection, row: _Row, household_id: int | None, *, is_new: bool
) -> None:
    conn.execute(
        text(f"""
        CREATE TEMP TABLE incoming_match ON COMMIT DROP AS
        SELECT row_number, CASE WHEN :is_new THEN {NEXT_ID} ELSE CAST(:household AS bigint) END
                   AS id, CAST(:is_new AS boolean) AS is_new,
               (SELECT score FROM match_candidate m
                WHERE (m.batch_id, m.row_number, m.household_id)
                    = (:batch, i.row_number, :household)) AS score
        FROM incoming_household i
        """),
        {"is_new": is_new, "household": household_id, "batch": row.batch_id},
    )


def _origin_of(row: _Row) -> Origin:
    return Origin(row.source, row.source_name, row.as_of)


def _outcome_of(ledger: Ledger) -> Outcome:
    return "new" if ledger.new else "matched" if ledger.matched else "unchanged"


def _move_in_ledger(conn: Connection, batch_id: int, before: Outcome, after: Outcome) -> None:
    """Keep the ledger of a batch balanced when a row changes its outcome."""
    conn.execute(
        text("""
        UPDATE import_batch SET ledger = ledger || jsonb_build_object(
            CAST(:before AS text), CAST(ledger ->> :before AS int) - 1,
            CAST(:after AS text), CAST(ledger ->> :after AS int) + 1)
        WHERE id = :batch
        """),
        {"batch": batch_id, "before": before, "after": after},
    )
