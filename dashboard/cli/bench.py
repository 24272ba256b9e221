"""``bench``: the figures of docs/performance.md, on a throw-away database."""

from __future__ import annotations

import os
import platform
import shutil
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlalchemy import Engine, text

from dashboard.cli.console import JsonOption, report, say
from dashboard.cli.session import undisturbed
from db.cluster import Cluster


def bench(
    households: Annotated[int, typer.Option(min=1_000, help="How many to invent.")] = 60_000,
    page: Annotated[bool, typer.Option(help="Measure page loads in a browser, too.")] = True,
    matching: Annotated[
        bool, typer.Option("--matching", help="Only how well rows find their household.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Measure tiles, totals, imports and page loads; print medians and ratios."""
    if matching:
        from dashboard.bench.matching import measure_matching

        machine = {"machine": _describe_machine(), "households": households}
        report({**machine, **measure_matching(households, say)}, as_json=as_json)
        return
    # Short, for the socket's name; open to pass through, for the server's account.
    folder = Path(tempfile.mkdtemp(prefix="kentongan-"))
    folder.chmod(0o711)
    cluster = Cluster(folder / "home", throw_away=True)
    try:
        url = cluster.ensure_started()
        report(_measure(url, households, with_page=page), as_json=as_json)
    finally:
        with undisturbed():
            cluster.stop()
            shutil.rmtree(folder, ignore_errors=True)


def _measure(url: str, household_count: int, *, with_page: bool) -> dict[str, Any]:
    from dashboard.bench.audit import measure_audit
    from dashboard.bench.imports import measure_import
    from dashboard.bench.plans import measure_plans
    from dashboard.bench.queries import (
        measure_lookups,
        measure_plain_tiles,
        measure_tiles,
        measure_totals,
    )
    from dashboard.bench.rights import measure_rights
    from dashboard.bench.rules import measure_rules
    from db.engine import make_engine

    engine = make_engine(url, statement_timeout_ms=0)
    figures: dict[str, Any] = {"machine": _describe_machine(), "households": household_count}
    figures["demo_s"] = _load(engine, household_count)
    say("Measuring tiles")
    figures["tiles"] = measure_tiles(engine)
    figures["plain_tiles"] = measure_plain_tiles(engine)
    say("Measuring totals")
    figures["totals"] = measure_totals(engine)
    figures["lookups"] = measure_lookups(engine)
    say("Measuring what row-level security costs")
    figures["rights"] = measure_rights(engine, url)
    say("Measuring rules")
    figures["rules"] = measure_rules(engine, url)
    figures["audit"] = measure_audit(engine)
    say("Measuring plans")
    figures["plans"] = measure_plans(engine)
    if with_page:
        from dashboard.bench.page import measure_page

        say("Measuring page loads")
        figures["page"] = measure_page(url)
    say("Measuring the import of a register")
    figures["import"] = measure_import(engine)
    engine.dispose()
    return figures


def _load(engine: Engine, household_count: int) -> float:
    from db.demo import load_demo
    from db.engine import writing
    from db.migrate import upgrade
    from db.viewer import LOCAL_VIEWER
    from layers import freeze_breaks

    upgrade(engine)
    start = time.perf_counter()
    with writing(engine, LOCAL_VIEWER) as conn:
        load_demo(conn, household_count=household_count, progress=say)
        freeze_breaks(conn)
    seconds = time.perf_counter() - start
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        conn.execute(text("VACUUM ANALYZE"))
    return round(seconds, 1)


def _describe_machine() -> dict[str, Any]:
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "cores": len(os.sched_getaffinity(0)),
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30),
        "processor": platform.machine(),
        "python": platform.python_version(),
    }
