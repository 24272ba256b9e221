"""The demo: an invented register of poor families on schematic or on brought boundaries."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from sqlalchemy import Connection, exists, func, select

from db.catalogue import load_catalogue
from db.demo.history import add_history
from db.demo.loading import (
    SOURCE_CODE,
    add_source,
    list_desa,
    write_register,
    write_statistics,
)
from db.demo.outline import import_demo_boundaries
from db.demo.register import Register, draw_register
from db.demo.statistics import count_families, draw_indicators
from db.models import AdminArea, Source
from geo.errors import MapError
from geo.text import N_

__all__ = ["DemoAlreadyLoaded", "DemoSummary", "is_loaded", "load_demo"]


class DemoAlreadyLoaded(MapError):
    """The invented register is there already; a second one would repeat its numbers."""

    status = 409

    def __init__(self) -> None:
        super().__init__(N_("Data demo sudah dimuat."))


@dataclass(frozen=True, slots=True)
class DemoSummary:
    """How much was loaded."""

    kabupaten: int
    kecamatan: int
    desa: int
    households: int
    persons: int
    needs: int
    aid: int


def is_loaded(conn: Connection) -> bool:
    """Whether the demo's data is in the database."""
    return bool(conn.scalar(select(exists().where(Source.code == SOURCE_CODE))))


def load_demo(
    conn: Connection,
    *,
    household_count: int = 60_000,
    seed: int = 35_10,
    boundary_files: Sequence[Path] = (),
    progress: Callable[[str], None] = lambda message: None,
) -> DemoSummary:
    """Load boundaries, programmes, needs, an invented register, its past and statistics.

    Parameters
    ----------
    conn
        Connection inside the caller's transaction, which is neither committed nor rolled back.
    household_count
        Poor households to invent, 0 or more.
    seed
        The same seed, count and boundaries give the same rows.
    boundary_files
        Boundaries of any regency. Without them the demo takes those that were imported before,
        and draws schematic ones where there are none.
    progress
        Told in English what begins.

    Returns
    -------
    DemoSummary

    Raises
    ------
    DemoAlreadyLoaded
        When the demo's data is there already.
    InvalidFile
        When a boundary file is refused.
    """
    if is_loaded(conn):
        raise DemoAlreadyLoaded
    import_demo_boundaries(conn, boundary_files, progress)
    load_catalogue(conn)
    add_source(conn)
    progress(f"Inventing {household_count:,} households")
    register = draw_register(list_desa(conn), household_count, seed)
    progress(f"Writing {len(register.people):,} people and {len(register.aid):,} aids")
    write_register(conn, register)
    chance = np.random.default_rng([seed, household_count])
    villages = register.villages
    stats = pd.concat([count_families(villages), draw_indicators(villages, chance)])
    write_statistics(conn, stats)
    add_history(conn, seed)
    return _summarise(conn, register)


def _summarise(conn: Connection, register: Register) -> DemoSummary:
    counts = select(AdminArea.level, func.count()).group_by(AdminArea.level)
    areas = {str(row[0]): int(row[1]) for row in conn.execute(counts)}
    return DemoSummary(
        kabupaten=areas.get("kabupaten", 0),
        kecamatan=areas.get("kecamatan", 0),
        desa=areas.get("desa", 0),
        households=len(register.households),
        persons=len(register.people),
        needs=int(sum(flags.sum() for flags in register.needs.values())),
        aid=len(register.aid),
    )
