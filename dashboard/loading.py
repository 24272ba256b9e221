"""Loading a file: what belongs to every import, at the command line and in the worker."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from db.ledger import Ledger


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

    load_catalogue(conn)
    ledger = load(conn)
    freeze_breaks(conn)
    return ledger
