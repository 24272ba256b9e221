"""How fast a register file comes in."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd
from sqlalchemy import Engine, text

from db.engine import writing
from db.registers import import_households
from db.viewer import LOCAL_VIEWER

_COLUMNS = text("""
    SELECT 'B' || h.id AS id_keluarga, h.kk AS no_kk, h.head_name AS nama_kepala_keluarga,
           (SELECT nik FROM person AS p
            WHERE p.household_id = h.id AND p.relationship = 'head' LIMIT 1)
               AS nik_kepala_keluarga,
           h.address AS alamat, h.rt, h.rw, h.area_code AS kode_desa, ST_X(h.location) AS bujur,
           ST_Y(h.location) AS lintang, h.accuracy_m AS akurasi, h.decile AS desil,
           h.member_count AS jumlah_anggota, h.floor_material AS lantai,
           h.wall_material AS dinding, h.toilet AS jamban, h.status
    FROM household AS h ORDER BY h.id
""")


def measure_import(engine: Engine) -> dict[str, Any]:
    """Write the register as a file, empty the table, and import the file: checked and matched.

    Returns
    -------
    dict
        ``rows``, rows per second of the first import (all new) and of the same file again (all
        matched, nothing changed), the latter two with the refresh of derived rows at commit.
    """
    with TemporaryDirectory() as folder:
        file = Path(folder) / "households.csv"
        with engine.connect() as conn:
            pd.read_sql(_COLUMNS, conn).to_csv(file, index=False)
        with engine.begin() as conn:
            conn.execute(text("TRUNCATE household, person, aid, household_need CASCADE"))
        first, rows = _import(engine, file)
        again, _ = _import(engine, file)
    return {
        "rows": rows,
        "new_rows_per_s": round(rows / first),
        "unchanged_rows_per_s": round(rows / again),
    }


def _import(engine: Engine, file: Path) -> tuple[float, int]:
    start = time.perf_counter()
    with writing(engine, LOCAL_VIEWER) as conn:
        ledger = import_households(
            conn, file, source_code="bench", source_name="bench", as_of=date(2026, 1, 1)
        )
    return time.perf_counter() - start, ledger.read
