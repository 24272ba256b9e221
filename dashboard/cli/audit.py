"""``audit``: checking and reading the audit log."""

from __future__ import annotations

import json
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from dashboard.cli.console import JsonOption, parse_day, report
from dashboard.cli.session import open_engine
from dashboard.settings import load_settings
from db.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from db.audit import AuditEvent

app = typer.Typer(help="Who saw and did what.", no_args_is_help=True)

_COLUMNS = ("id", "at", "user", "role", "address", "action", "household", "area", "purpose")


@app.command()
def verify(
    checkpoint: Annotated[
        str | None, typer.Option(help="NUMBER:HASH of an event, noted down earlier.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Check that no event was changed, moved or taken away."""
    from db.audit_chain import verify as check
    from db.engine import reading
    from db.viewer import LOCAL_VIEWER

    with open_engine() as engine, reading(engine, LOCAL_VIEWER) as conn:
        found = check(conn, checkpoint=checkpoint)
    if not found.is_whole and not as_json:
        raise Refusal(found.sentence)
    values = {"ok": found.is_whole, "result": found.sentence, "events": found.events}
    bad = {} if found.is_whole else {"bad_id": found.bad_id, "fault": found.fault}
    report(values | {"head": found.head, "purged": found.cut or {}} | bad, as_json=as_json)
    if not found.is_whole:
        raise typer.Exit(1)


@app.command("list")
def list_log(
    user: Annotated[str | None, typer.Option(help="Of this user.")] = None,
    role: Annotated[str | None, typer.Option(help="In this role.")] = None,
    action: Annotated[str | None, typer.Option(help="card, list, export, login…")] = None,
    since: Annotated[str | None, typer.Option(help="From this day on, 2026-08-31.")] = None,
    until: Annotated[str | None, typer.Option(help="To the end of this day.")] = None,
    household: Annotated[int | None, typer.Option(help="That showed this household.")] = None,
    area: Annotated[str | None, typer.Option(help="In this area, such as 35.10.01.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="Events at most.")] = 100,
    as_json: JsonOption = False,
) -> None:
    """List the events, the newest first."""
    from db.audit import EventFilters, list_events
    from db.engine import reading
    from db.viewer import LOCAL_VIEWER

    zone = ZoneInfo(load_settings().time_zone)
    filters = EventFilters(
        user=user,
        role=role,
        action=action,
        since=_start_of(since, zone),
        until=_start_of(until, zone, days=1),
        household=household,
        area=area,
    )
    with open_engine() as engine, reading(engine, LOCAL_VIEWER) as conn:
        found = list_events(conn, filters, page_size=limit)
    if as_json:
        events = [_as_dict(event, zone) for event in found.events]
        print(json.dumps({"events": events, "more": found.has_more}, ensure_ascii=False))
    else:
        _print_table(found.events, zone)


def _start_of(day: str | None, zone: ZoneInfo, days: int = 0) -> datetime | None:
    if day is None:
        return None
    start: date = parse_day(day) + timedelta(days=days)
    return datetime.combine(start, time(), zone)


def _as_dict(event: AuditEvent, zone: ZoneInfo) -> dict[str, Any]:
    values = {name: getattr(event, name) for name in (*_COLUMNS, "detail")}
    return values | {"at": event.at.astimezone(zone).isoformat()}


def _print_table(events: Iterable[AuditEvent], zone: ZoneInfo) -> None:
    lines: list[tuple[str, ...]] = [(*_COLUMNS, "detail")]
    for event in events:
        values = _as_dict(event, zone) | {"at": f"{event.at.astimezone(zone):%Y-%m-%d %H:%M:%S}"}
        detail = json.dumps(event.detail, ensure_ascii=False) if event.detail else ""
        cells = ["" if values[name] is None else str(values[name]) for name in _COLUMNS]
        lines.append((*cells, detail))
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:  # never shortened: a log that hides half of an address is none
        print("  ".join(map(str.ljust, line, widths)).rstrip())
