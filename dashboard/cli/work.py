"""``work``: the worker by itself, for those who run the server by other means."""

from __future__ import annotations

import ctypes
import logging
import os
import signal
import threading
from typing import Annotated

import typer

from dashboard.cli.console import say
from dashboard.cli.session import ensure_schema, open_database
from dashboard.settings import load_settings

_PR_SET_PDEATHSIG = 1


def work(
    parent: Annotated[int | None, typer.Option(hidden=True, help="Ends with this process.")] = None,
) -> None:
    """Work off what pages ask for: imports, undos, decisions. `serve` and `demo` start one."""
    if parent is not None:
        _end_with(parent)
    logging.basicConfig(format="kentongan worker: %(message)s", level=logging.WARNING)
    try:
        with open_database(load_settings()) as settings:
            ensure_schema(settings)
            from dashboard.jobs.worker import work as work_off

            if parent is None:
                say("Working off jobs; Ctrl-C ends it.")
            work_off(settings, threading.Event())
    except KeyboardInterrupt:
        return


def _end_with(parent: int) -> None:
    # The parent stops us; killed, it takes us along.
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
