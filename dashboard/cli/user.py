"""``user``: who may log in. What is printed of a password is printed once."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from dashboard.cli.console import JsonOption, report, say
from dashboard.cli.session import alone, connect, engine_of, open_engine
from dashboard.settings import Settings
from db.refusal import Refusal

if TYPE_CHECKING:
    from sqlalchemy import Connection

FIRST_ADMINISTRATOR = "admin"
_IS_FIRST_START = "SELECT account_is_first_start()"

app = typer.Typer(help="Who may log in.", no_args_is_help=True)

NameArgument = Annotated[str, typer.Argument(help="Name that is typed at the login.")]
StdinOption = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from standard input.")
]
AskOption = Annotated[
    bool, typer.Option("--ask", help="Ask for the password instead of making a random one.")
]


@app.command()
def add(
    name: NameArgument,
    role: Annotated[
        str,
        typer.Option(
            help="guest, regent, planner, agency, task_unit, village_operator, auditor or "
            "administrator."
        ),
    ],
    area: Annotated[
        str | None, typer.Option(help="Kecamatan of a task_unit, desa of a village_operator.")
    ] = None,
    agency: Annotated[
        str | None, typer.Option(help="Of an agency: its name, as a programme gives it.")
    ] = None,
    display: Annotated[str, typer.Option("--display", help="Name on screen.")] = "",
    ask: AskOption = False,
    password_stdin: StdinOption = False,
    as_json: JsonOption = False,
) -> None:
    """Make an account; its password is random and to be changed, unless one is given."""
    from dashboard.auth.passwords import hash_password
    from db.accounts import NewUser, add_user

    name = name.lower()
    password, is_made = _get_password(name, ask=ask, from_stdin=password_stdin)
    user = NewUser(name, role, display, area, agency)
    with _changing("add", account=name, role=role) as conn:
        add_user(conn, user, hash_password(password), must_change_password=is_made)
    _report_password(name, password if is_made else None, {"role": role}, as_json=as_json)


@app.command("list")
def list_accounts(as_json: JsonOption = False) -> None:
    """List the accounts."""
    import json

    from db.accounts import describe, list_users

    with _changing() as conn:
        users = [describe(user) for user in list_users(conn)]
    if as_json:
        print(json.dumps({"users": users}, ensure_ascii=False, default=str))
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("name", "role", "area", "state", "last seen"):
        table.add_column(heading)
    for user in users:
        seen = user["last_seen_at"]
        table.add_row(
            user["name"],
            user["role"],
            user["area_name"] or user["agency"] or "",
            _describe_state(user),
            f"{seen:%Y-%m-%d %H:%M}" if seen else "",
        )
    Console(soft_wrap=True, highlight=False, markup=False).print(table)


@app.command()
def disable(name: NameArgument, as_json: JsonOption = False) -> None:
    """Let an account log in no more, and end its sessions."""
    _set_active(name, False, as_json)


@app.command()
def enable(name: NameArgument, as_json: JsonOption = False) -> None:
    """Let an account log in again, also one that is locked."""
    _set_active(name, True, as_json)


@app.command()
def reset(
    name: NameArgument,
    ask: AskOption = False,
    password_stdin: StdinOption = False,
    as_json: JsonOption = False,
) -> None:
    """Give an account a new password; its second factor and its sessions end."""
    from dashboard.auth.passwords import hash_password
    from db.accounts import reset_password

    password, is_made = _get_password(name, ask=ask, from_stdin=password_stdin)
    with _changing("reset", account=name) as conn:
        reset_password(conn, name, hash_password(password), must_change_password=is_made)
    _report_password(name, password if is_made else None, {}, as_json=as_json)


@app.command("logout-all")
def log_out_all(
    name: Annotated[str | None, typer.Argument(help="Only this account.")] = None,
    as_json: JsonOption = False,
) -> None:
    """End all sessions, or those of one account."""
    from db.accounts import revoke_all_sessions

    with _changing("logout-all", account=name) as conn:
        report({"sessions_ended": revoke_all_sessions(conn, name)}, as_json=as_json)


@app.command()
def reveal(
    name: NameArgument,
    area: Annotated[str, typer.Option(help="Kemendagri code; its families and those inside it.")],
    purpose: Annotated[str, typer.Option(help="Why, in 10 to 500 characters; it is kept.")],
    hours: Annotated[int, typer.Option(min=1, max=24 * 31, help="How long.")] = 8,
    as_json: JsonOption = False,
) -> None:
    """Let a planner see and export the identities of an area, for a purpose and a while."""
    from db.accounts import require_planner
    from db.audit import record
    from db.reveals import grant_area

    with _changing() as conn:
        require_planner(conn, name)
        grant_area(conn, name, area, purpose, timedelta(hours=hours), granted_by="local")
        detail = {"account": name, "hours": hours}
        record(conn, "reveal", area=area, detail=detail, purpose=purpose)
    report({"user": name, "area": area, "hours": hours}, as_json=as_json)


def ensure_first_administrator(settings: Settings) -> None:
    """Make the first administrator, and print the password, when nobody can log in yet."""
    with connect(settings) as conn:
        row = conn.execute(_IS_FIRST_START.encode()).fetchone()
    if not (row and row[0]):
        return
    from dashboard.auth.passwords import hash_password, make_password
    from db.accounts import NewUser, add_user, is_first_start
    from db.engine import writing
    from db.viewer import LOCAL_VIEWER

    password = make_password()
    user = NewUser(FIRST_ADMINISTRATOR, "administrator", "Administrator")
    with alone(settings), engine_of(settings) as engine, writing(engine, LOCAL_VIEWER) as made:
        if not is_first_start(made):  # another start was quicker
            return
        add_user(made, user, hash_password(password), must_change_password=True)
    say(f"First start: log in as {FIRST_ADMINISTRATOR} with the password {password}")
    say("It is shown this once, and has to be changed at the first login.")


def ensure_demo_users(settings: Settings) -> None:
    """Make the demo's accounts, one per role; no password fits them."""
    from dashboard.auth.demo import ROLES
    from db.accounts import NO_PASSWORD, NewUser, add_user, list_users
    from db.engine import writing
    from db.queries.areas import find_densest
    from db.viewer import LOCAL_VIEWER

    with alone(settings), engine_of(settings) as engine, writing(engine, LOCAL_VIEWER) as conn:
        known = {user.name for user in list_users(conn)}
        missing = [role for role in ROLES if role.name not in known]
        if not missing:
            return
        kecamatan, desa = find_densest(conn)
        areas = {"task_unit": kecamatan, "village_operator": desa}
        for role in missing:
            area = areas.get(role.role)
            user = NewUser(role.name, role.role, role.display_name, area, role.agency)
            add_user(conn, user, NO_PASSWORD, must_change_password=False)


@contextmanager
def _changing(what: str | None = None, **account: Any) -> Iterator[Connection]:
    """Open a transaction that leaves an event in the audit log, unless it only looks."""
    from db.audit import record
    from db.engine import writing
    from db.viewer import LOCAL_VIEWER

    with open_engine() as engine, writing(engine, LOCAL_VIEWER) as conn:
        yield conn
        if what:
            record(conn, "change", detail={"what": f"user {what}", **account})


def _set_active(name: str, is_active: bool, as_json: bool) -> None:
    from db.accounts import set_active

    with _changing("enable" if is_active else "disable", account=name) as conn:
        set_active(conn, name, is_active=is_active)
    report({"user": name, "active": is_active}, as_json=as_json)


def _get_password(name: str, *, ask: bool, from_stdin: bool) -> tuple[str, bool]:
    from dashboard.auth.passwords import check_new_password, make_password

    if from_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    elif ask:
        password = typer.prompt("Password", hide_input=True, err=True)
        if typer.prompt("The same again", hide_input=True, err=True) != password:
            raise Refusal("The two passwords differ.")
    else:
        return make_password(), True
    check_new_password(password, name)
    return password, False


def _report_password(
    name: str, password: str | None, more: dict[str, Any], *, as_json: bool
) -> None:
    made = {"password": password, "must_change_password": True} if password else {}
    report({"user": name} | more | made, as_json=as_json)
    if password:
        say("The password is shown this once, and has to be changed at the first login.")


def _describe_state(user: dict[str, Any]) -> str:
    states = {
        "disabled": not user["is_active"],
        "locked": user["locked_until"] is not None,
        "demo": not user["has_password"],
        "temporary password": user["must_change_password"],
        "second factor": user["has_totp"],
    }
    return ", ".join(name for name, holds in states.items() if holds) or "active"
