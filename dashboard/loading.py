"""Loading a file: what belongs to every import, at the command line and in the worker."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from db.ledger import Ledger

_TURN = 7_305_002_027
"""Number of the advisory lock that files are loaded under, one after the other."""


def load_file(conn: Connection, load: Callable[[Connection], Ledger]) -> Ledger:
    """Load a file, publish the new totals and freeze the breaks of layers that have none yet.

    Parameters
    ----------
    conn
        As the owner, in the transaction of the import. Record the event after it, as the last.
    load
        Reads the file.
    """
    from db.catalogue import load_catalogue
    from layers import freeze_breaks

    wait_for_turn(conn)
    load_catalogue(conn)
    ledger = load(conn)
    freeze_breaks(conn)
    return ledger


def wait_for_turn(conn: Connection) -> None:
    """Wait until no other transaction loads a file or takes one back.

    Two files that speak of the same family would otherwise both enter it as new.
    """
    from sqlalchemy import text

    conn.execute(text(f"SELECT pg_advisory_xact_lock({_TURN})"))
