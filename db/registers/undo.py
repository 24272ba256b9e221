"""Taking a batch back: its source records go, and with them what they made of the golden ones.

What a later batch said stays, for it has records of its own. Only where something of another batch
hangs on a household that nobody else has stated, the batch can't be taken back; then exactly those
rows are named, and nothing changes.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, text

from db.ledger import Outcome
from db.registers.golden import name_ids, refresh_households, refresh_persons
from db.registers.merge_aid import refresh_aid
from db.registers.merge_stats import refresh_stats
from geo.errors import MapError
from geo.text import N_

_SHOWN_ROWS = 100


@dataclass(frozen=True, slots=True)
class BlockingRow:
    """A household that keeps a batch from being taken back.

    Attributes
    ----------
    household_id, head_name, area_code
        Which one.
    reason
        An Indonesian sentence, in which ``{plans}`` may stand for the plans.
    batches
        The batches that must be taken back first.
    plans
        Names of the plans that it is a target of.
    """

    household_id: int
    head_name: str
    area_code: str
    reason: str
    batches: tuple[int, ...]
    plans: str | None = None


class UndoRefused(MapError):
    """The batch can't be taken back; ``rows`` says what stands in the way."""

    status = 409

    def __init__(self, message: str, rows: tuple[BlockingRow, ...] = (), **fields: object) -> None:
        super().__init__(message, **fields)
        self.rows = rows


@dataclass(frozen=True, slots=True)
class UndoReport:
    """What was taken back: rows that went, and rows that are again as they were before."""

    removed: dict[str, int]
    restored: dict[str, int]


_NOT_FOUND = N_("Kiriman ini tidak ada.")
_BOUNDARIES = N_("Batas wilayah tidak dapat dibatalkan; muat batas yang benar.")
_UNDONE = N_("Kiriman ini sudah dibatalkan.")
_NOT_YOURS = N_("Kiriman ini dimuat oleh orang lain.")
_BLOCKED = N_(
    "{count} keluarga dari kiriman ini sudah dipakai data yang dimuat sesudahnya, atau rencana."
    " Selesaikan dulu yang disebut, atau biarkan kiriman ini."
)
_IN_PLAN = N_("Keluarga ini sasaran rencana: {plans}.")
_LATER_RECORDS = N_(
    "Kiriman lain menambah keterangan, dan tanpa kiriman ini keluarganya tidak ada."
)
_LATER_PERSONS = N_("Kiriman lain mencatat anggota keluarga ini.")
_LATER_AID = N_("Kiriman lain mencatat bantuan untuk keluarga ini.")

# A household stands on its own when a record of somebody else says whose it is and where.
_HOUSEHOLDS = text("""
    CREATE TEMP TABLE undo_household ON COMMIT DROP AS
    SELECT h.id, NOT EXISTS (
        SELECT FROM household_record o
        WHERE o.household_id = h.id AND o.batch_id IS DISTINCT FROM :batch
          AND o.head_name IS NOT NULL AND o.area_code IS NOT NULL
    ) AS is_doomed
    FROM household h
    WHERE h.id IN (SELECT household_id FROM household_record WHERE batch_id = :batch)
       OR h.batch_id = :batch
          AND NOT EXISTS (SELECT FROM household_record r WHERE r.household_id = h.id)
""")
_PERSONS = text("""
    CREATE TEMP TABLE undo_person ON COMMIT DROP AS
    SELECT p.id, NOT EXISTS (
        SELECT FROM person_record o
        WHERE o.person_id = p.id AND o.batch_id IS DISTINCT FROM :batch AND o.name IS NOT NULL
    ) AND (p.relationship <> 'head' OR NOT EXISTS (
        SELECT FROM household_record o
        WHERE o.household_id = p.household_id AND o.batch_id IS DISTINCT FROM :batch
          AND o.head_name IS NOT NULL)
    ) AS is_doomed
    FROM person p
    WHERE p.id IN (SELECT person_id FROM person_record WHERE batch_id = :batch)
       OR p.batch_id = :batch AND NOT EXISTS (SELECT FROM person_record r WHERE r.person_id = p.id)
""")
_BLOCKING = text("""
    WITH hanging AS (
        -- Whatever else hangs on it, the plan is what somebody has to decide about.
        SELECT t.household_id, 0 AS kind, CAST(NULL AS bigint) AS batch_id FROM plan_target t
        JOIN undo_household u ON u.id = t.household_id AND u.is_doomed
        UNION ALL
        SELECT r.household_id, 1 AS kind, r.batch_id FROM household_record r
        JOIN undo_household u ON u.id = r.household_id AND u.is_doomed
        WHERE r.batch_id IS DISTINCT FROM :batch
        UNION ALL
        SELECT p.household_id, 2, coalesce(r.batch_id, p.batch_id) FROM person p
        JOIN undo_household u ON u.id = p.household_id AND u.is_doomed
        LEFT JOIN person_record r ON r.person_id = p.id AND r.batch_id IS DISTINCT FROM :batch
        WHERE r.id IS NOT NULL OR p.batch_id IS DISTINCT FROM :batch
        UNION ALL
        SELECT a.household_id, 3, coalesce(r.batch_id, a.batch_id) FROM aid a
        JOIN undo_household u ON u.id = a.household_id AND u.is_doomed
        LEFT JOIN aid_record r ON r.aid_id = a.id AND r.batch_id IS DISTINCT FROM :batch
        WHERE r.id IS NOT NULL OR a.batch_id IS DISTINCT FROM :batch
    )
    SELECT h.id, h.head_name, h.area_code, min(b.kind) AS kind,
           array_agg(DISTINCT b.batch_id) FILTER (WHERE b.batch_id IS NOT NULL) AS batches,
           (SELECT string_agg(DISTINCT p.name, ', ') FROM plan_target t JOIN plan p
            ON p.id = t.plan_id WHERE t.household_id = h.id) AS plans
    FROM hanging b JOIN household h ON h.id = b.household_id
    GROUP BY h.id ORDER BY h.area_code, h.id
""")
_REASONS = {0: _IN_PLAN, 1: _LATER_RECORDS, 2: _LATER_PERSONS, 3: _LATER_AID}

_CLEAN_AID = (
    "DELETE FROM aid a WHERE NOT EXISTS (SELECT FROM aid_record r WHERE r.aid_id = a.id"
    " AND r.batch_id IS DISTINCT FROM :batch) AND (a.batch_id = :batch OR EXISTS"
    " (SELECT FROM aid_record r WHERE r.aid_id = a.id AND r.batch_id = :batch))"
)
_CLEAN_STATS = (
    "DELETE FROM area_stat a WHERE NOT EXISTS (SELECT FROM area_stat_record r"
    " WHERE (r.area_code, r.indicator, r.period) = (a.area_code, a.indicator, a.period)"
    " AND r.batch_id IS DISTINCT FROM :batch) AND (a.batch_id = :batch OR EXISTS"
    " (SELECT FROM area_stat_record r WHERE (r.area_code, r.indicator, r.period)"
    " = (a.area_code, a.indicator, a.period) AND r.batch_id = :batch))"
)
_CLOSE = (
    "DELETE FROM verification WHERE batch_id = :batch",
    "DELETE FROM match_candidate WHERE batch_id = :batch",
    "UPDATE import_row SET corrected_in = NULL WHERE corrected_in = :batch",
    "UPDATE import_row SET decision = 'dismissed', decided_by = :user, decided_at = now()"
    " WHERE batch_id = :batch AND outcome = 'review' AND decision IS NULL",
)
# First, so that nothing is worked out from the words of this batch any more.
_MARK = (
    "UPDATE import_batch SET state = 'undone', undone_at = now(), undone_by = :user"
    " WHERE id = :batch"
)


def undo_batch(
    conn: Connection, batch_id: int, *, user: str = "local", area: str | None = None
) -> UndoReport:
    """Take a batch back whole.

    Parameters
    ----------
    conn
        As the owner, in a transaction.
    batch_id
        Of ``import_batch``.
    user, area
        Who asks. Somebody confined to an area takes back only what they brought themselves.

    Returns
    -------
    UndoReport

    Raises
    ------
    UndoRefused
        When there is no such batch, it is undone already or somebody else's, or rows of other
        batches hang on it.
    """
    _require_open(conn, batch_id, user, area)
    values: dict[str, object] = {"batch": batch_id, "user": user}
    for table in ("undo_household", "undo_person"):
        conn.execute(text(f"DROP TABLE IF EXISTS pg_temp.{table}"))
    conn.execute(_HOUSEHOLDS, values)
    conn.execute(_PERSONS, values)
    _refuse_blocked(conn, batch_id)
    _run(conn, _MARK, values)
    removed = {"aid": _run(conn, _CLEAN_AID, values), "stats": _run(conn, _CLEAN_STATS, values)}
    restored = {"aid": _restore_aid(conn, values), "stats": _restore_stats(conn, values)}
    removed["households"] = _run(
        conn, "DELETE FROM household WHERE id IN (SELECT id FROM undo_household WHERE is_doomed)"
    )
    removed["persons"] = _run(
        conn, "DELETE FROM person WHERE id IN (SELECT id FROM undo_person WHERE is_doomed)"
    )
    restored["persons"] = _restore_persons(conn, values)
    restored["households"] = _restore_households(conn, values)
    for statement in _CLOSE:
        conn.execute(text(statement), values)
    return UndoReport(removed, restored)


def take_back_row(conn: Connection, batch_id: int, row_number: int, household_id: int) -> Outcome:
    """Take back what one decided row of households wrote, and return the outcome that it had.

    Parameters
    ----------
    conn
        As the owner, in a transaction.
    batch_id, row_number
        The row.
    household_id
        Where it went.

    Raises
    ------
    UndoRefused
        When the household it became is used by other batches.
    """
    values: dict[str, object] = {"batch": batch_id, "row": row_number, "household": household_id}
    for table in ("undo_household", "undo_person"):
        conn.execute(text(f"DROP TABLE IF EXISTS pg_temp.{table}"))
    conn.execute(_ONE_HOUSEHOLD, values)
    if conn.scalars(text("SELECT is_doomed FROM undo_household")).one():
        _refuse_blocked(conn, batch_id)
        _run(conn, "DELETE FROM household WHERE id = :household", values)
        return "new"
    name_ids(conn, "golden_id", "SELECT id FROM undo_household")
    name_ids(conn, "golden_person_id", f"SELECT person_id FROM person_record {_OF_ROW}", values)
    persons = _run(conn, f"DELETE FROM person_record {_OF_ROW}", values)
    households = _run(conn, f"DELETE FROM household_record {_OF_ROW}", values)
    _run(conn, f"{_CLEAN_AID} AND a.household_id = :household", values)
    refresh_persons(conn)
    refresh_households(conn)
    return "matched" if persons or households else "unchanged"


def take_back_aid_row(
    conn: Connection, batch_id: int, household_id: int, programme: str, period: str
) -> Outcome:
    """Take back what one decided row of aid wrote, and return the outcome that it had."""
    values: dict[str, object] = {
        "batch": batch_id, "household": household_id, "code": programme, "period": period,
    }  # fmt: skip
    removed = _run(conn, f"{_CLEAN_AID} AND {_THAT_AID}", values)
    of_aid = f"batch_id = :batch AND aid_id IN (SELECT a.id FROM aid a WHERE {_THAT_AID})"
    name_ids(conn, "undo_aid", f"SELECT aid_id FROM aid_record WHERE {of_aid}", values)
    restored = _run(conn, f"DELETE FROM aid_record WHERE {of_aid}", values)
    refresh_aid(conn, "SELECT id FROM undo_aid")
    return "new" if removed else "matched" if restored else "unchanged"


_THAT_AID = "(a.household_id, a.programme_code, a.period) = (:household, :code, :period)"


_OF_ROW = "WHERE (batch_id, row_number) = (:batch, :row)"
# The row made the household when nothing else has said a word about it.
_ONE_HOUSEHOLD = text("""
    CREATE TEMP TABLE undo_household ON COMMIT DROP AS
    SELECT h.id, h.batch_id = :batch AND NOT EXISTS (
        SELECT FROM household_record r WHERE r.household_id = h.id) AS is_doomed
    FROM household h WHERE h.id = :household
""")


def _require_open(conn: Connection, batch_id: int, user: str, area: str | None) -> None:
    batch = conn.execute(
        text(
            "SELECT kind, state, user_name, area_code FROM import_batch"
            " WHERE id = :batch FOR UPDATE"
        ),
        {"batch": batch_id},
    ).one_or_none()
    if batch is None:
        raise UndoRefused(_NOT_FOUND)
    if batch.kind == "boundaries":
        raise UndoRefused(_BOUNDARIES)
    if batch.state == "undone":
        raise UndoRefused(_UNDONE)
    # Who works elsewhere by now has no say any more in the desa they worked in then.
    if area is not None and (batch.user_name != user or batch.area_code != area):
        raise UndoRefused(_NOT_YOURS)


def _refuse_blocked(conn: Connection, batch_id: int) -> None:
    found = conn.execute(_BLOCKING, {"batch": batch_id}).all()
    if found:
        rows = tuple(
            BlockingRow(
                r.id, r.head_name, r.area_code, _REASONS[r.kind], tuple(r.batches or ()), r.plans
            )
            for r in found[:_SHOWN_ROWS]
        )
        raise UndoRefused(_BLOCKED, rows, count=len(found))


def _restore_aid(conn: Connection, values: dict[str, object]) -> int:
    name_ids(conn, "undo_aid", "SELECT aid_id FROM aid_record WHERE batch_id = :batch", values)
    count = _run(conn, "DELETE FROM aid_record WHERE batch_id = :batch", values)
    if count:
        refresh_aid(conn, "SELECT id FROM undo_aid")
    return count


def _restore_stats(conn: Connection, values: dict[str, object]) -> int:
    conn.execute(text("DROP TABLE IF EXISTS pg_temp.undo_stat"))
    conn.execute(
        text(
            "CREATE TEMP TABLE undo_stat ON COMMIT DROP AS SELECT area_code, indicator, period"
            " FROM area_stat_record WHERE batch_id = :batch"
        ),
        values,
    )
    count = _run(conn, "DELETE FROM area_stat_record WHERE batch_id = :batch", values)
    if count:
        refresh_stats(conn, "SELECT area_code, indicator, period FROM undo_stat")
    return count


def _restore_persons(conn: Connection, values: dict[str, object]) -> int:
    name_ids(conn, "golden_person_id", "SELECT id FROM undo_person WHERE NOT is_doomed")
    count = _run(conn, "DELETE FROM person_record WHERE batch_id = :batch", values)
    refresh_persons(conn)
    return count


def _restore_households(conn: Connection, values: dict[str, object]) -> int:
    name_ids(conn, "golden_id", "SELECT id FROM undo_household WHERE NOT is_doomed")
    count = _run(conn, "DELETE FROM household_record WHERE batch_id = :batch", values)
    refresh_households(conn)
    return count


def _run(conn: Connection, statement: str, values: dict[str, object] | None = None) -> int:
    return conn.execute(text(statement), values or {}).rowcount
