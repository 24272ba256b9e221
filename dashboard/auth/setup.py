"""Puts the parts of the login together, in the order that matters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Flask
from sqlalchemy import Engine
from werkzeug.middleware.proxy_fix import ProxyFix

from dashboard.auth import gate, pages
from dashboard.auth.limits import make_limiter
from dashboard.auth.sessions import Sessions

if TYPE_CHECKING:
    from dashboard.settings import Settings


def register(
    server: Flask, engine: Engine, settings: Settings, *, has_demo_buttons: bool = False
) -> None:
    """Put limits, sessions and the gate before every path, and add the pages of the login.

    Parameters
    ----------
    server
        Has its secret key; nothing else may stand before the gate.
    engine
        Handed down by the app factory.
    settings
        Say how browsers come here and how long sessions last.
    has_demo_buttons
        Lets everybody in by a button per role. Only the command ``demo`` says so.
    """
    if settings.proxies:
        server.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            server.wsgi_app, x_for=settings.proxies, x_proto=0, x_host=0
        )
    sessions = Sessions(engine, settings)
    sessions.attach(server)
    server.extensions["sessions"] = sessions
    limiter = make_limiter(server)
    gate.add(server, settings)
    desk = pages.Desk(engine, sessions, settings.get_secret_key(), has_demo_buttons)
    pages.add(server, desk, limiter)
