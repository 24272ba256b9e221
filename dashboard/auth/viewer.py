"""Who is looking at this request."""

from __future__ import annotations

from flask import Flask, current_app, request
from flask_login import UserMixin, current_user

from db.accounts import SessionUser
from db.viewer import Viewer
from geo.errors import AccessDenied

_LOCAL = "LOCAL_VIEWER"


class Account(UserMixin):
    """Who is logged in, as Flask-Login keeps it for the length of a request.

    Parameters
    ----------
    user
        From the session in the database.
    token_hash
        Names that session.
    """

    def __init__(self, user: SessionUser, token_hash: bytes) -> None:
        self.user = user
        self.token_hash = token_hash

    def get_id(self) -> str:
        """Return the account's number."""
        return str(self.user.user_id)


def allow_local(server: Flask, viewer: Viewer) -> None:
    """Let an application that listens nowhere answer in the name of the command line.

    No setting leads here: only a caller of ``create_app`` or of the routes can.
    """
    server.config[_LOCAL] = viewer


def get_local_viewer(server: Flask) -> Viewer | None:
    """Return the command line's viewer, None in an application that browsers ask."""
    found: Viewer | None = server.config.get(_LOCAL)
    return found


def find_account() -> Account | None:
    """Return who is logged in, None without a session.

    Raises
    ------
    DatabaseUnavailable
        When sessions can't be looked up.
    """
    if not hasattr(current_app, "login_manager"):
        return None
    account = current_user._get_current_object()
    return account if isinstance(account, Account) else None


def find_viewer() -> Viewer | None:
    """Return the viewer of the request, None without a session."""
    local = get_local_viewer(current_app)
    if local is not None:
        return local
    account = find_account()
    if account is None:
        return None
    user = account.user
    return Viewer(
        user=user.name,
        role=user.role,
        area=user.area_code,
        address=request.remote_addr,
        agency=user.agency,
    )


def current_viewer() -> Viewer:
    """Return the viewer of the request; every transaction of a page opens in this name.

    Raises
    ------
    AccessDenied
        Without a session.
    """
    viewer = find_viewer()
    if viewer is None:
        raise AccessDenied
    return viewer
