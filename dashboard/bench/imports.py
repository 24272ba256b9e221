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
from db.ledger import Ledger
from db.registers import import_households
from db.registers.undo import undo_batch
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
    """Write the register as a file, empty the tables, and import the file: checked and matched.

    Returns
    -------
    dict
        ``rows``, and rows per second, derived rows included, of the first import (all new), the
        same file again (all unchanged), and another register's file of the same families (other
        keys, other deciles, one NIK in five missing: all matched, a fifth of them by score, and
        every one a change); then the seconds until that is taken back.
    """
    with TemporaryDirectory() as folder:
        file, other = Path(folder) / "households.csv", Path(folder) / "other.csv"
        with engine.connect() as conn:
            families = pd.read_sql(_COLUMNS, conn)
        families.to_csv(file, index=False)
        _as_another_register(families).to_csv(other, index=False)
        with engine.begin() as conn:
            conn.execute(text("TRUNCATE household, person, aid, household_need CASCADE"))
        first, ledger = _import(engine, file, "bench", date(2026, 1, 1))
        again, _ = _import(engine, file, "bench", date(2026, 1, 1))
        matched, known = _import(engine, other, "other", date(2026, 6, 1))
        start = time.perf_counter()
        with writing(engine, LOCAL_VIEWER) as conn:
            assert known.batch_id
            undo_batch(conn, known.batch_id)
        undone = time.perf_counter() - start
    return {
        "rows": ledger.read,
        "new_rows_per_s": round(ledger.read / first),
        "unchanged_rows_per_s": round(ledger.read / again),
        "matched_rows": known.matched,
        "matched_rows_per_s": round(known.read / matched),
        "undo_s": round(undone, 1),
    }


def _as_another_register(families: pd.DataFrame) -> pd.DataFrame:
    other = families.copy()
    other["id_keluarga"] = "O" + other["id_keluarga"]
    other["desil"] = other["desil"] % 10 + 1
    other.loc[other.index % 5 == 0, "nik_kepala_keluarga"] = ""
    return other


def _import(engine: Engine, file: Path, source: str, as_of: date) -> tuple[float, Ledger]:
    start = time.perf_counter()
    with writing(engine, LOCAL_VIEWER) as conn:
        ledger = import_households(conn, file, source_code=source, source_name=source, as_of=as_of)
    return time.perf_counter() - start, ledger
