"""Reveals: identities shown to somebody who usually sees them masked, for a purpose and a while."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Connection, text

from geo.errors import AreaNotFound, HouseholdNotFound, InvalidPurpose

PURPOSE_LENGTH = range(10, 501)
_OPEN = text("SELECT open_reveal(:household, :purpose)")
_GRANT = text("""
    INSERT INTO reveal (user_name, area_code, purpose, granted_by, expires_at)
    SELECT :user, code, :purpose, :granted_by, now() + :lasts FROM admin_area WHERE code = :area
    RETURNING id
""")


def open_reveal(conn: Connection, household: int, purpose: str) -> None:
    """Open the identities of one household to the viewer for fifteen minutes.

    Parameters
    ----------
    conn
        Connection in the viewer's name, in a transaction that writes.
    household
        Its id.
    purpose
        Why, in 10 to 500 characters.

    Raises
    ------
    InvalidPurpose
        When the purpose says nothing.
    HouseholdNotFound
        When there is none within the viewer's rights, or the viewer is no planner.
    """
    if not conn.scalar(_OPEN, {"household": household, "purpose": _check(purpose)}):
        raise HouseholdNotFound(household)


def grant_area(
    conn: Connection, user: str, area: str, purpose: str, lasts: timedelta, *, granted_by: str
) -> None:
    """Open the identities of an area to an account, as the owner of the database.

    Raises
    ------
    InvalidPurpose
        When the purpose says nothing.
    AreaNotFound
        When there is no such area.
    """
    values = {
        "user": user,
        "area": area,
        "purpose": _check(purpose),
        "lasts": lasts,
        "granted_by": granted_by,
    }
    if conn.scalar(_GRANT, values) is None:
        raise AreaNotFound(area)


def _check(purpose: str) -> str:
    said = " ".join(purpose.split())
    if len(said) not in PURPOSE_LENGTH:
        raise InvalidPurpose
    return said
