"""The viewer: who is looking. Bound to the database transaction, not passed around."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection, text

Precision = Literal["exact", "displaced", "none"]


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who is looking.

    Attributes
    ----------
    user, role
        Account and role (docs/security.md names them). ``local`` is the program itself, at the
        command line of whoever owns the database.
    area
        Kemendagri code the rights reach over: a task unit's kecamatan, an operator's desa. None is
        the whole regency.
    purpose
        Why identities are shown, when they are.
    address
        Where the request came from.
    agency
        The agency that an account of that role works for, as its programmes name it.
    """

    user: str
    role: str
    area: str | None = None
    purpose: str | None = None
    address: str | None = None
    agency: str | None = None

    @property
    def precision(self) -> Precision:
        """How exactly this viewer may know where a household is."""
        return _PRECISION.get(self.role, "none")


_PRECISION: dict[str, Precision] = {
    "task_unit": "exact",
    "village_operator": "exact",
    "local": "exact",
    "planner": "displaced",
}

LOCAL_VIEWER = Viewer(user="local", role="local")
"""Whoever runs the program at the command line: they own the database, so they see everything."""

NOBODY = Viewer(user="", role="")
"""Somebody who has not logged in: no row is for them."""

_BIND = text(
    "SELECT set_config('kentongan.user', :user, true), set_config('kentongan.role', :role, true),"
    " set_config('kentongan.area', :area, true), set_config('kentongan.purpose', :purpose, true),"
    " set_config('kentongan.address', :address, true),"
    " set_config('kentongan.agency', :agency, true)"
)
_INFO = "viewer"


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
            "agency": viewer.agency or "",
        },
    )
    conn.info[_INFO] = viewer


def forget_viewer(conn: Connection) -> None:
    """Let a connection go back to the pool in nobody's name; the database has forgotten already."""
    conn.info.pop(_INFO, None)


def get_viewer(conn: Connection) -> Viewer:
    """Return who was bound to the transaction last.

    For choosing what is worth asking, never for what may be answered: that is up to the database.
    """
    viewer: Viewer = conn.info.get(_INFO, LOCAL_VIEWER)
    return viewer
