"""The worker: listens for jobs and works them off, a lane for files and one for short acts."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING

import psycopg
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from dashboard.jobs.run import describe_fault, run_waiting_jobs
from dashboard.uploads import Uploads
from db.engine import make_engine, writing
from db.jobs import CHANNEL, KINDS, recover_jobs
from db.queries.breaks import advance_rule_day
from db.viewer import LOCAL_VIEWER
from geo.errors import DatabaseUnavailable

if TYPE_CHECKING:
    from dashboard.settings import Settings

LONG = ("import", "undo", "repair")
"""Kinds that may take minutes; nobody who decides a single row waits behind them."""
LANES = (LONG, tuple(kind for kind in KINDS if kind not in LONG))
CONNECTIONS = 3 * len(LANES)
PATIENCE_S = 60.0
"""How long a lane sleeps before it looks round by itself."""
AWAY_S = 2.0
_LOG = logging.getLogger(__name__)


def work(settings: Settings, stop: threading.Event) -> None:
    """Work until told to stop, and end with the jobs that run then.

    Ended by force, nothing of them is loaded, and they are begun again at the next start.

    Parameters
    ----------
    settings
        With ``database_url``, the owner's, filled in.
    stop
        Set from outside.
    """
    address = str(settings.database_url)
    engine = make_engine(address, pool_size=CONNECTIONS, statement_timeout_ms=0)
    uploads = Uploads(settings.home)
    plain = address.replace("postgresql+psycopg:", "postgresql:", 1)
    lanes = [
        threading.Thread(
            target=_serve_lane, args=(engine, plain, uploads, kinds, stop), daemon=True
        )
        for kinds in LANES
    ]
    for lane in lanes:
        lane.start()
    stop.wait()
    with psycopg.connect(plain, autocommit=True) as voice:
        voice.execute(f"NOTIFY {CHANNEL}".encode())  # to wake those that sleep
    for lane in lanes:
        lane.join()
    engine.dispose()


def _serve_lane(
    engine: Engine, address: str, uploads: Uploads, kinds: Sequence[str], stop: threading.Event
) -> None:
    while not stop.is_set():
        try:
            with psycopg.connect(address, autocommit=True, connect_timeout=5) as ears:
                ears.execute(f"LISTEN {CHANNEL}".encode())
                while not stop.is_set():
                    _look_round(engine, uploads, is_first_lane=kinds == LONG)
                    run_waiting_jobs(engine, uploads, kinds)
                    for _ in ears.notifies(timeout=PATIENCE_S, stop_after=1):
                        pass
        except (psycopg.OperationalError, DBAPIError, DatabaseUnavailable) as error:
            _LOG.warning("the database is away: %s", type(error).__name__)
            stop.wait(AWAY_S)
        except Exception as error:  # whatever it was, the next file must not wait for good
            _LOG.error("a lane stumbled: %s", describe_fault(error))
            stop.wait(AWAY_S)


def _look_round(engine: Engine, uploads: Uploads, *, is_first_lane: bool) -> None:
    if not is_first_lane:
        return
    with engine.connect() as conn:
        recover_jobs(conn.execution_options(isolation_level="AUTOCOMMIT"))
    with writing(engine, LOCAL_VIEWER) as conn:
        advance_rule_day(conn)
    uploads.sweep()
