"""``serve``: the dashboard on what the database holds."""

from __future__ import annotations

from typing import Annotated

import typer

from dashboard import server
from dashboard.cli.console import say
from dashboard.cli.session import ensure_schema, open_database, prepare_web_login
from dashboard.cli.user import ensure_first_administrator
from dashboard.settings import Settings, load_settings

PortOption = Annotated[
    int | None, typer.Option(min=1, max=65535, help="Port; KENTONGAN_PORT, or 8050.")
]


def serve(port: PortOption = None) -> None:
    """Serve the dashboard until Ctrl-C."""
    settings = with_port(load_settings(), port)
    server.require_free(settings.host, settings.port)
    try:
        with open_database(settings) as opened:
            ensure_schema(opened)
            prepare_web_login(opened)
            ensure_first_administrator(opened)
            warn_of_plain_http(opened)
            serve_with_worker(opened)
    except KeyboardInterrupt:
        return


def serve_with_worker(settings: Settings, *, has_demo_buttons: bool = False) -> None:
    """Serve, and once pages are there, work off what they ask for, until Ctrl-C."""
    from dashboard.jobs.child import keeping_worker

    with keeping_worker(settings) as worker:

        def be_ready(address: str) -> None:
            announce(address)
            worker.start()

        server.serve(settings, be_ready, has_demo_buttons=has_demo_buttons)


def warn_of_plain_http(settings: Settings) -> None:
    """Say that nobody will get in, when others than this machine are to come without https."""
    if not (settings.is_local or settings.https):
        say(
            "Browsers keep the login's cookie for https only: put a proxy with a certificate in "
            "front and set KENTONGAN_HTTPS=yes (docs/settings.md)."
        )


def with_port(settings: Settings, port: int | None) -> Settings:
    """Return the settings with the port of the command line, when there is one."""
    return settings if port is None else settings.model_copy(update={"port": port})


def announce(address: str) -> None:
    """Say where the dashboard is, on a line that a program may look for."""
    print(f"Kentongan: {address}", flush=True)
    say("Ctrl-C ends it.")
