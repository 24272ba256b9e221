"""Whether a name, a password and a code let somebody in. Says no alike, whatever was wrong."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from flask import request
from sqlalchemy import Engine

from dashboard.auth.passwords import hash_password, is_outdated, verify_password
from dashboard.auth.totp import decrypt, find_step
from db.accounts import (
    Login,
    get_login,
    note_failed_login,
    rehash_password,
    use_totp_step,
)
from db.audit import record
from db.engine import writing
from db.viewer import Viewer

SHORTEST_REFUSAL_S = 0.3
"""Hashing a password takes less; what differs between the reasons drowns in it."""
UNKNOWN = "?"
"""In the log, a name that no account has: people type their password into the wrong box."""


def check_password(engine: Engine, name: str, password: str) -> Login | None:
    """Return the account when name and password fit, it is active and not locked.

    A wrong login is counted. An unknown name takes the same steps as a known one.
    """
    with _refusing_slowly() as outcome:
        with writing(engine, _at_the_door(UNKNOWN)) as conn:
            login = get_login(conn, name)
        fits = verify_password(login.password_hash if login else None, password)
        if login and fits and login.is_active and not login.is_locked:
            outcome.append(login)
        with writing(engine, _at_the_door(login.name if login else UNKNOWN)) as conn:
            if not outcome:
                note_failed_login(conn, name)
                record(conn, "login_failed")
            elif is_outdated(outcome[0].password_hash):
                rehash_password(
                    conn, outcome[0].id, outcome[0].password_hash, hash_password(password)
                )
    return outcome[0] if outcome else None


def check_code(engine: Engine, name: str, code: str, key: str) -> Login | None:
    """Return the account when a code of its second factor fits and was not used before.

    Parameters
    ----------
    engine
        Of the database.
    name
        Whose password was right before.
    code
        As typed.
    key
        The program's, under which secrets are encrypted.
    """
    with _refusing_slowly() as outcome, writing(engine, _at_the_door(name)) as conn:
        login = get_login(conn, name)
        secret = decrypt(login.totp_secret, key) if login and login.totp_secret else None
        step = find_step(secret, code) if secret else None
        is_good = login is not None and login.is_active and not login.is_locked
        if login and is_good and step is not None and use_totp_step(conn, login.id, step):
            outcome.append(login)
        else:
            note_failed_login(conn, name)
            record(conn, "login_failed", detail={"what": "code"})
    return outcome[0] if outcome else None


@contextmanager
def _refusing_slowly() -> Iterator[list[Login]]:
    start = time.monotonic()
    outcome: list[Login] = []
    yield outcome
    if not outcome:
        time.sleep(max(0.0, SHORTEST_REFUSAL_S - (time.monotonic() - start)))


def _at_the_door(name: str) -> Viewer:
    return Viewer(user=name, role="nobody", address=request.remote_addr)
