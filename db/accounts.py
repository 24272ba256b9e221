"""Accounts and sessions in the database; everything goes through ``db/sql/accounts.sql``.

Tokens and passwords never come this far: the caller hands over a token's hash and a password's.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError

from db.queries.catalogue import list_agencies
from db.refusal import Refusal

NO_PASSWORD = "!"
"""Stands in the place of a hash and fits no password."""


@dataclass(frozen=True, slots=True)
class Login:
    """What a login is checked against."""

    id: int
    name: str
    role: str
    password_hash: str
    totp_secret: str | None
    is_active: bool
    is_locked: bool


@dataclass(frozen=True, slots=True)
class SessionUser:
    """Who is logged in, by a session that is alive."""

    user_id: int
    name: str
    display_name: str
    role: str
    area_code: str | None
    agency: str | None
    must_change_password: bool
    has_totp: bool


@dataclass(frozen=True, slots=True)
class NewUser:
    """An account to be made."""

    name: str
    role: str
    display_name: str = ""
    area_code: str | None = None
    agency: str | None = None


@dataclass(frozen=True, slots=True)
class ListedUser:
    """An account as the command line lists it."""

    name: str
    display_name: str
    role: str
    area_code: str | None
    area_name: str | None
    agency: str | None
    is_active: bool
    must_change_password: bool
    has_password: bool
    has_totp: bool
    locked_until: datetime | None
    last_seen_at: datetime | None
    session_count: int


# --- What the web server asks ---------------------------------------------------------------------


def get_login(conn: Connection, name: str) -> Login | None:
    """Return what a login under this name is checked against, None for an unknown name."""
    row = _ask(conn, "SELECT * FROM account_get_login(:name)", name=name).mappings().first()
    return Login(**row) if row else None


def note_failed_login(conn: Connection, name: str) -> datetime | None:
    """Count a wrong login; return until when the account is locked, if it is."""
    found: datetime | None = _ask(conn, "SELECT account_note_failure(:name)", name=name).scalar()
    return found


def start_session(
    conn: Connection,
    token_hash: bytes,
    user_id: int,
    *,
    lifetime: timedelta,
    address: str | None,
    user_agent: str | None,
) -> bool:
    """Start a session; False when the account is locked or disabled.

    Parameters
    ----------
    conn
        In a transaction that may write.
    token_hash
        SHA-256 of the token that the browser is given.
    user_id
        Whose login was right; the count of wrong ones starts anew.
    lifetime
        After which the session ends however much it is used.
    address, user_agent
        Of the browser.
    """
    return bool(
        _ask(
            conn,
            "SELECT account_start_session(:hash, :user, :lifetime, :address, :agent)",
            hash=token_hash,
            user=user_id,
            lifetime=lifetime,
            address=address,
            agent=user_agent,
        ).scalar()
    )


def get_session_user(conn: Connection, token_hash: bytes, *, idle: timedelta) -> SessionUser | None:
    """Return whose session this is, None when it is unknown, ended, expired or was idle too long.

    Notes the visit, at most once a minute.
    """
    statement = "SELECT * FROM account_get_session(:hash, :idle)"
    row = _ask(conn, statement, hash=token_hash, idle=idle).mappings().first()
    return SessionUser(**row) if row else None


def end_session(conn: Connection, token_hash: bytes) -> None:
    """Delete a session."""
    _ask(conn, "SELECT account_end_session(:hash)", hash=token_hash)


def log_out_everywhere(conn: Connection, token_hash: bytes) -> int:
    """Revoke every session of the account that this session belongs to."""
    return int(_ask(conn, "SELECT account_log_out_everywhere(:hash)", hash=token_hash).scalar_one())


def change_password(conn: Connection, token_hash: bytes, password_hash: str) -> bool:
    """Give the account of a session a new password; all its sessions end."""
    statement = "SELECT account_change_password(:hash, :new)"
    return bool(_ask(conn, statement, hash=token_hash, new=password_hash).scalar())


def rehash_password(conn: Connection, user_id: int, old_hash: str, new_hash: str) -> None:
    """Keep the same password under a newer hash."""
    statement = "SELECT account_rehash(:user, :old, :new)"
    _ask(conn, statement, user=user_id, old=old_hash, new=new_hash)


def set_totp(conn: Connection, token_hash: bytes, secret: str | None) -> bool:
    """Set or remove the second factor of a session's account; the secret comes encrypted."""
    statement = "SELECT account_set_totp(:hash, :secret)"
    return bool(_ask(conn, statement, hash=token_hash, secret=secret).scalar())


def use_totp_step(conn: Connection, user_id: int, step: int) -> bool:
    """Use up a time step of the second factor; False when it or a later one was used before."""
    statement = "SELECT account_use_totp_step(:user, :step)"
    return bool(_ask(conn, statement, user=user_id, step=step).scalar())


# --- What only the command line may ---------------------------------------------------------------


def add_user(
    conn: Connection, user: NewUser, password_hash: str, *, must_change_password: bool
) -> int:
    """Make an account and return its number.

    Raises
    ------
    Refusal
        When the name is taken or unfit, or area or agency do not fit the role.
    """
    _require_agency(conn, user)
    statement = "SELECT account_add(:name, :shown, :role, :area, :agency, :hash, :must)"
    try:
        with conn.begin_nested():
            made = _ask(
                conn,
                statement,
                name=user.name,
                shown=user.display_name or user.name,
                role=user.role,
                area=user.area_code,
                agency=user.agency,
                hash=password_hash,
                must=must_change_password,
            )
            return int(made.scalar_one())
    except IntegrityError as error:
        raise Refusal(_explain(error, user)) from error


def _require_agency(conn: Connection, user: NewUser) -> None:
    if user.role != "agency":
        if user.agency is not None:
            raise Refusal("--agency is for accounts of the role agency.")
        return
    known = list_agencies(conn)
    if user.agency not in known:
        raise Refusal(
            "An agency needs --agency with a name that a programme gives: " + "; ".join(known) + "."
        )


def _explain(error: IntegrityError, user: NewUser) -> str:
    constraint = getattr(getattr(error.orig, "diag", None), "constraint_name", None)
    known = {
        "uq_app_user_name": f"There is an account “{user.name}” already.",
        "ck_app_user_name": (
            f"“{user.name}” is no name for an account: 2 to 40 small letters, digits, dots, "
            "hyphens or underscores, beginning with a letter or digit."
        ),
        "ck_app_user_role": f"There is no role “{user.role}”.",
        "fk_app_user_area_code": f"There is no area {user.area_code} in the database.",
        "ck_app_user_area_code": (
            "A task_unit needs --area with a kecamatan such as 35.10.01, a village_operator one "
            "with a desa such as 35.10.01.2001; all others none, or the regency's."
        ),
    }
    return known.get(str(constraint), "The account can't be made.")


def list_users(conn: Connection) -> list[ListedUser]:
    """List all accounts by name."""
    return [ListedUser(**row) for row in _ask(conn, "SELECT * FROM account_list()").mappings()]


def describe(user: ListedUser) -> dict[str, Any]:
    """Return an account as plain values."""
    return asdict(user)


def set_active(conn: Connection, name: str, *, is_active: bool) -> None:
    """Enable or disable an account; disabling ends its sessions.

    Raises
    ------
    Refusal
        When there is none of this name.
    """
    found = _ask(conn, "SELECT account_set_active(:name, :active)", name=name, active=is_active)
    _require(found.scalar(), name)


def reset_password(
    conn: Connection, name: str, password_hash: str, *, must_change_password: bool
) -> None:
    """Set a password; the second factor, locks and all sessions go with the old one.

    Raises
    ------
    Refusal
        When there is no account of this name.
    """
    found = _ask(
        conn,
        "SELECT account_reset(:name, :hash, :must)",
        name=name,
        hash=password_hash,
        must=must_change_password,
    )
    _require(found.scalar(), name)


def revoke_all_sessions(conn: Connection, name: str | None = None) -> int:
    """Revoke the sessions of an account, or with None everybody's; return how many."""
    return int(_ask(conn, "SELECT account_revoke_sessions(:name)", name=name).scalar_one())


def is_first_start(conn: Connection) -> bool:
    """Tell whether nobody can log in with a password yet."""
    return bool(_ask(conn, "SELECT account_is_first_start()").scalar())


def require_planner(conn: Connection, name: str) -> None:
    """Refuse a name that no planner has: nobody else sees identities masked.

    Raises
    ------
    Refusal
        Saying so.
    """
    roles = {user.name: user.role for user in list_users(conn)}
    _require(name in roles, name)
    if roles[name] != "planner":
        raise Refusal(f"“{name}” is no planner; identities are opened to planners only.")


def _require(found: Any, name: str) -> None:
    if not found:
        raise Refusal(f"There is no account “{name}”.")


def _ask(conn: Connection, statement: str, **values: Any) -> Any:
    return conn.execute(text(statement), values)
