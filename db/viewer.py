"""The viewer: who is looking. Bound to the database transaction, not passed around."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, text


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who is looking.

    Attributes
    ----------
    user, role
        Account and role.
    area
        Kemendagri code the rights reach over; None is everything.
    purpose
        Why identities are shown, when they are.
    address
        Where the request came from; None at the command line.
    """

    user: str
    role: str
    area: str | None = None
    purpose: str | None = None
    address: str | None = None


LOCAL_VIEWER = Viewer(user="local", role="local")
"""Until accounts exist the server listens on this machine only, and its user sees everything."""

_BIND = text(
    "SELECT set_config('kentongan.user', :user, true), set_config('kentongan.role', :role, true),"
    " set_config('kentongan.area', :area, true), set_config('kentongan.purpose', :purpose, true),"
    " set_config('kentongan.address', :address, true)"
)


def bind_viewer(conn: Connection, viewer: Viewer) -> None:
    """Tell the database who is looking, until the transaction ends.

    Row-level policies read these settings; they vanish with the transaction, so that a pooled
    connection never carries one viewer's rights to the next.
    """
    conn.execute(
        _BIND,
        {
            "user": viewer.user,
            "role": viewer.role,
            "area": viewer.area or "",
            "purpose": viewer.purpose or "",
            "address": viewer.address or "",
        },
    )
