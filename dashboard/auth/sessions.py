"""Sessions: a random token in a cookie, everything else in the database."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from flask import Flask, Request, Response, request, session
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask_login import LoginManager
from flask_wtf.csrf import generate_csrf
from sqlalchemy import Engine

from dashboard.auth.viewer import Account, find_viewer
from db.accounts import end_session, get_session_user, start_session
from db.audit import record
from db.engine import asking, writing
from db.viewer import NOBODY, Viewer

if TYPE_CHECKING:
    from dashboard.settings import Settings

TOKEN_BYTES = 32
_COOKIE, _FORM_COOKIE = "kentongan_session", "kentongan_form"


class Sessions:
    """The sessions of one server.

    Parameters
    ----------
    engine
        Handed down by the app factory.
    settings
        Say how long sessions last, and whether browsers come by https.
    """

    def __init__(self, engine: Engine, settings: Settings) -> None:
        self.engine = engine
        self.is_secure = settings.is_secure
        # A name with this prefix is taken from https only, and never from another host's pages.
        prefix = "__Host-" if self.is_secure else ""
        self.cookie, self.form_cookie = prefix + _COOKIE, prefix + _FORM_COOKIE
        self._idle = timedelta(minutes=settings.session_idle_minutes)
        self._lifetime = timedelta(hours=settings.session_hours)

    def attach(self, server: Flask) -> None:
        """Let Flask-Login find the account of a request by its session."""
        server.config.update(
            SESSION_COOKIE_NAME=self.form_cookie,
            SESSION_COOKIE_HTTPONLY=True,
            SESSION_COOKIE_SAMESITE="Lax",
            SESSION_COOKIE_SECURE=self.is_secure,
        )
        server.session_interface = _FormSessions()
        manager = LoginManager()
        manager.session_protection = None  # it signs cookies of its own; ours stand in the database
        manager.init_app(server, add_context_processor=False)
        manager.request_loader(self.find)

    def find(self, asked: Request) -> Account | None:
        """Return who sends a request, None without a session that is alive."""
        token_hash = self._read_token_hash(asked)
        if token_hash is None:
            return None
        with asking(self.engine) as conn:
            user = get_session_user(conn, token_hash, idle=self._idle)
        return Account(user, token_hash) if user else None

    def has_cookie(self) -> bool:
        """Whether the browser carries a token, of a session that is alive or not."""
        return self.cookie in request.cookies

    def start(self, user_id: int, name: str, role: str, response: Response) -> bool:
        """Start a session under a new token and hand it to the browser.

        The session that the browser came with ends, and so does what its forms carried: nobody can
        have prepared what counts from now on.

        Returns
        -------
        bool
            False when the account is locked or disabled; nothing has changed then.
        """
        token = secrets.token_urlsafe(TOKEN_BYTES)
        before = self._read_token_hash(request)
        with writing(self.engine, Viewer(name, role, address=request.remote_addr)) as conn:
            is_started = start_session(
                conn,
                hash_token(token),
                user_id,
                lifetime=self._lifetime,
                address=request.remote_addr,
                user_agent=request.user_agent.string or None,
            )
            if is_started and before is not None:
                end_session(conn, before)
            if is_started:
                record(conn, "login")
        if is_started:
            session.clear()
            generate_csrf()  # once, here: several tabs that open at once then share it
            self._set_cookie(response, token)
        return is_started

    def end(self, response: Response) -> None:
        """Delete the browser's session, and its cookies."""
        token_hash = self._read_token_hash(request)
        if token_hash is not None:
            viewer = find_viewer()
            with writing(self.engine, viewer or NOBODY) as conn:
                end_session(conn, token_hash)
                if viewer:
                    record(conn, "logout")
        self.forget(response)

    def forget(self, response: Response) -> None:
        """Take the cookies back."""
        session.clear()
        self.drop_cookie(response)

    def drop_cookie(self, response: Response) -> None:
        """Take a token back that is no use any more; what the forms carry stays."""
        if self.has_cookie():
            response.delete_cookie(
                self.cookie, secure=self.is_secure, httponly=True, samesite="Lax"
            )

    def _set_cookie(self, response: Response, token: str) -> None:
        response.set_cookie(
            self.cookie, token, secure=self.is_secure, httponly=True, samesite="Lax", path="/"
        )

    def _read_token_hash(self, asked: Request) -> bytes | None:
        token = asked.cookies.get(self.cookie)
        return hash_token(token) if token else None


def hash_token(token: str) -> bytes:
    """Return what the database keeps of a token; at 256 random bits it needs no salt."""
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()


class _FormSessions(SecureCookieSessionInterface):
    """The signed cookie of the forms, touched only where a form was drawn or sent.

    Flask would say of every answer that it differs by cookie, since Flask-Login looks into the
    session; then browsers would fetch the boundaries anew at every change of a cookie.
    """

    def save_session(self, app: Flask, session: SessionMixin, response: Any) -> None:
        if session.modified:
            super().save_session(app, session, response)
