"""How long things are kept: rules as data, and the purge by them. Every purge is in the log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Connection, text

from db.audit import record
from db.audit_chain import verify
from db.refusal import Refusal

EVERYTHING = "all"


@dataclass(frozen=True, slots=True)
class Rule:
    """How one kind of data is purged.

    Attributes
    ----------
    kind
        Its name at the command line.
    what
        What is deleted, in words.
    least_days
        The age that a purge may not undercut.
    table
        Where the rows are; a database without it has nothing to purge.
    count, delete
        Statements with ``:before``. The audit log has a function for the second, which records the
        purge itself.
    """

    kind: str
    what: str
    least_days: int
    table: str
    count: str
    delete: str | None


RULES = (
    Rule(
        kind="audit",
        what="audit events, the oldest first, with one sealed anchor in their place",
        least_days=365,
        table="audit_event",
        count="SELECT count(*) FROM audit_event WHERE NOT coalesce(detail ? 'cut', false) AND id <"
        " coalesce((SELECT min(id) FROM audit_event WHERE at >= :before), 9223372036854775807)",
        delete=None,
    ),
    Rule(
        kind="import-rows",
        what="rows of imported files that were not taken as they stood; the ledgers stay",
        least_days=30,
        table="import_row",
        count="SELECT count(*) FROM import_row AS r JOIN import_batch AS b ON b.id = r.batch_id"
        " WHERE b.imported_at < :before",
        delete="DELETE FROM import_row AS r USING import_batch AS b"
        " WHERE b.id = r.batch_id AND b.imported_at < :before",
    ),
    Rule(
        kind="jobs",
        what="jobs that are over; what they did stays, and so do their events in the log",
        least_days=30,
        table="job",
        count="SELECT count(*) FROM job WHERE finished_at < :before",
        delete="DELETE FROM job WHERE finished_at < :before",
    ),
    Rule(
        kind="sessions",
        what="sessions that have expired",
        least_days=30,
        table="login_session",
        count="SELECT count(*) FROM login_session WHERE expires_at < :before",
        delete="DELETE FROM login_session WHERE expires_at < :before",
    ),
)
KINDS = tuple(rule.kind for rule in RULES)


def list_rules(kind: str) -> Sequence[Rule]:
    """Return the rule of a kind, or all of them for ``all``.

    Raises
    ------
    Refusal
        When there is no such kind.
    """
    found = [rule for rule in RULES if kind in (rule.kind, EVERYTHING)]
    if not found:
        raise Refusal(f"“{kind}” is not among {', '.join((*KINDS, EVERYTHING))}.")
    return found


def purge(
    conn: Connection, before: date, kind: str = EVERYTHING, *, dry_run: bool = False
) -> dict[str, int]:
    """Delete what is older than a day, by the rules.

    Parameters
    ----------
    conn
        In a read-write transaction of the local viewer, as the owner of the tables.
    before
        What is from this day, or later, stays. Days of UTC.
    kind
        One of :data:`KINDS`, or all.
    dry_run
        Count only.

    Returns
    -------
    dict
        Kind to the number of rows deleted, or that would be.

    Raises
    ------
    Refusal
        When a kind must be kept for longer, or the audit log isn't whole: a purge would cut away
        the traces.
    """
    rules = list_rules(kind)
    for rule in rules:
        _check_age(rule, before)
    moment = {"before": datetime(before.year, before.month, before.day, tzinfo=UTC)}
    counts = {rule.kind: _count(conn, rule, moment) for rule in rules}
    if dry_run:
        return counts
    # The log comes last: from then on everybody else's event waits for the end of the purge.
    for rule in sorted(rules, key=lambda rule: rule.delete is None):
        counts[rule.kind] = _delete(conn, rule, moment)
    return counts


def _check_age(rule: Rule, before: date) -> None:
    latest = datetime.now(UTC).date() - timedelta(days=rule.least_days)
    if before > latest:
        raise Refusal(
            f"{rule.kind}: kept for at least {rule.least_days} days, so --before may be"
            f" {latest} at the latest."
        )


def _count(conn: Connection, rule: Rule, moment: dict[str, datetime]) -> int:
    if not _is_there(conn, rule):
        return 0
    return int(conn.execute(text(rule.count), moment).scalar_one())


def _delete(conn: Connection, rule: Rule, moment: dict[str, datetime]) -> int:
    if rule.delete is None:
        return _purge_audit(conn, moment)
    if not _is_there(conn, rule):
        return 0
    rows = conn.execute(text(rule.delete), moment).rowcount
    detail = {"what": rule.kind, "before": moment["before"].isoformat(), "rows": rows}
    record(conn, "purge", detail=detail)
    return rows


def _purge_audit(conn: Connection, moment: dict[str, datetime]) -> int:
    found = verify(conn)
    if not found.is_whole:
        raise Refusal(f"{found.sentence} Nothing was purged.")
    return int(conn.execute(text("SELECT purge_audit(:before)"), moment).scalar_one())


def _is_there(conn: Connection, rule: Rule) -> bool:
    return (
        conn.execute(text("SELECT to_regclass(:table)"), {"table": rule.table}).scalar() is not None
    )
