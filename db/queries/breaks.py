"""Frozen class breaks."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, select, text
from sqlalchemy.dialects.postgresql import insert

from db.models import ClassBreaks
from db.queries.published import is_published_only


def get_frozen_breaks(
    conn: Connection, layer: str, level: str, method: str, class_count: int
) -> tuple[float, ...] | None:
    """Return the frozen breaks of a layer, None when none were frozen yet.

    Who sees published totals only gets breaks that were made of those.
    """
    found = conn.scalar(
        select(ClassBreaks.breaks).where(
            ClassBreaks.layer == layer,
            ClassBreaks.level == level,
            ClassBreaks.method == method,
            ClassBreaks.class_count == class_count,
            ClassBreaks.audience == _get_audience(conn),
        )
    )
    return None if found is None else tuple(found)


def freeze(
    conn: Connection, rows: Iterable[tuple[str, str, str, int, tuple[float, ...]]], *, anew: bool
) -> int:
    """Keep the viewer's breaks, those frozen only when asked; return how many were written.

    Parameters
    ----------
    conn
        Connection that may write.
    rows
        ``(layer, level, method, class_count, breaks)``.
    anew
        Replace breaks that are frozen already.
    """
    names = ("layer", "level", "method", "class_count", "breaks")
    audience = {"audience": _get_audience(conn)}
    values = [dict(zip(names, (*row[:4], list(row[4])), strict=True)) | audience for row in rows]
    if not values:
        return 0
    statement = insert(ClassBreaks).values(values)
    key = ["layer", "level", "method", "class_count", "audience"]
    if anew:
        statement = statement.on_conflict_do_update(
            index_elements=key, set_={"breaks": statement.excluded.breaks}
        )
    else:
        statement = statement.on_conflict_do_nothing(index_elements=key)
    return len(conn.execute(statement.returning(ClassBreaks.layer)).all())


def _get_audience(conn: Connection) -> str:
    return "public" if is_published_only(conn) else "register"


def refresh_derived(conn: Connection) -> None:
    """Bring the derived rows up to date now, instead of when the transaction ends."""
    conn.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    conn.execute(text("SET CONSTRAINTS ALL DEFERRED"))


def advance_rule_day(conn: Connection) -> bool:
    """Count ages and years for today, where that was done for an earlier day.

    Parameters
    ----------
    conn
        Of the owner, in a transaction that writes.

    Returns
    -------
    bool
        Whether anything changed.
    """
    return bool(conn.scalar(text("SELECT advance_rule_day()")))
