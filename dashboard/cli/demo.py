"""``demo``: everything from nothing to the map, on invented data."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dashboard import server
from dashboard.cli.console import say
from dashboard.cli.serve import PortOption, serve_with_worker, with_port
from dashboard.cli.session import (
    alone,
    connect,
    engine_of,
    ensure_schema,
    open_database,
    prepare_web_login,
)
from dashboard.cli.user import ensure_demo_users, ensure_first_administrator
from dashboard.settings import Settings, load_settings
from db.refusal import Refusal

# Asked without db.demo, which takes seconds to import: a second start needs nothing else of it.
IS_LOADED = "SELECT EXISTS (SELECT FROM source WHERE code = 'demo')"
_HAS_HOUSEHOLDS = "SELECT EXISTS (SELECT FROM household)"
_HAS_REAL_DATA = "SELECT EXISTS (SELECT FROM source WHERE NOT is_synthetic AND kind <> 'boundary')"


def demo(
    households: Annotated[int, typer.Option(min=1, help="How many to invent.")] = 60_000,
    boundaries: Annotated[
        list[Path] | None,
        typer.Option(help="File with official boundaries, instead of schematic ones; repeatable."),
    ] = None,
    seed: Annotated[int, typer.Option(help="Same seed, same data.")] = 2026,
    port: PortOption = None,
    reset: Annotated[bool, typer.Option("--reset", help="Make the demo data anew.")] = False,
    yes: Annotated[
        bool, typer.Option("--yes", help="With --reset: also over data that were imported.")
    ] = False,
) -> None:
    """Load invented data for Banyuwangi, unless they are there, and serve the dashboard."""
    settings = _on_free_port(with_port(load_settings(), port))
    try:
        with open_database(settings) as opened:
            ensure_schema(opened)
            prepare_web_login(opened)
            if reset:
                _empty(opened, even_real_data=yes)
            _load_once(opened, households, boundaries or [], seed)
            serve_with_worker(opened, has_demo_buttons=_prepare_logins(opened))
    except KeyboardInterrupt:
        return


def _prepare_logins(settings: Settings) -> bool:
    """Make the demo's accounts; over real data there are no buttons, and accounts as ever."""
    if _ask(settings, _HAS_REAL_DATA):
        say("The database holds imported data, so nobody logs in by a button of the demo.")
        ensure_first_administrator(settings)
        return False
    ensure_demo_users(settings)
    return True


def _on_free_port(settings: Settings) -> Settings:
    port = server.find_free_port(settings.host, settings.port)
    if port != settings.port:
        say(f"Port {settings.port} is in use, so this is served on port {port}.")
    return with_port(settings, port)


def _empty(settings: Settings, *, even_real_data: bool) -> None:
    from db.backup import empty_database

    if _ask(settings, _HAS_REAL_DATA) and not even_real_data:
        raise Refusal("The database holds imported data; add --yes to throw them away.")
    say("Throwing the old data away")
    with alone(settings), engine_of(settings) as engine:
        empty_database(engine)


def _load_once(
    settings: Settings, household_count: int, boundary_files: list[Path], seed: int
) -> None:
    if _ask(settings, IS_LOADED):
        return
    if _ask(settings, _HAS_HOUSEHOLDS):
        raise Refusal(
            "The database holds households that are not the demo's; use `serve`, or another "
            "KENTONGAN_HOME for the demo."
        )
    from db.audit import record
    from db.demo import is_loaded, load_demo
    from db.engine import writing
    from db.positions import refresh_position_faults
    from db.viewer import LOCAL_VIEWER
    from layers import freeze_breaks

    with alone(settings), engine_of(settings) as engine, writing(engine, LOCAL_VIEWER) as conn:
        if is_loaded(conn):  # by another start, while this one waited
            return
        load_demo(
            conn,
            household_count=household_count,
            seed=seed,
            boundary_files=boundary_files,
            progress=say,
        )
        refresh_position_faults(conn)
        freeze_breaks(conn)
        record(conn, "import", detail={"files": ["demo"], "rows": household_count})


def _ask(settings: Settings, question: str) -> bool:
    with connect(settings) as conn:
        row = conn.execute(question.encode()).fetchone()
    return bool(row and row[0])
