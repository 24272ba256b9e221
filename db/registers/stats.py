"""Statistics per area from a file: each row one indicator of one area in one period."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
from sqlalchemy import Connection, insert, select

from db.ledger import Ledger
from db.models import AdminArea, Indicator
from db.queries.statistics import FAMILY_COUNT
from db.registers.checks import Column, Verdict, reject_repeated
from db.registers.copying import Block, copy_rows
from db.registers.files import Chunk, Table, open_table
from db.registers.formats import Field, Format
from db.registers.journal import Journal, Origin, Progress, ensure_source
from db.registers.merge_stats import create_incoming_stats, merge_stats
from db.registers.numbers import is_number, parse_numbers
from db.registers.readers import (
    read_area_code,
    read_choice,
    read_indicator,
    read_integer,
    read_period,
    read_text,
)
from db.registers.workbook import Number
from geo.errors import InvalidFile
from geo.text import N_

KENTONGAN = Format(
    "kentongan",
    "Kentongan: statistik",
    "stats",
    (
        Field("area_code", "Kode wilayah", ("area_code", "code", "kode_wilayah", "kode_desa")),
        Field("indicator", "Kode indikator", ("indicator", "indikator", "kode_indikator")),
        Field("name", "Nama indikator", ("name", "nama", "indicator_name", "nama_indikator")),
        Field("name_en", "Nama Inggris", ("name_en", "nama_en", "nama_inggris")),
        Field("unit", "Satuan", ("unit", "satuan")),
        Field("decimals", "Angka desimal", ("decimals", "desimal")),
        Field("direction", "Arah", ("direction", "arah")),
        Field("period", "Periode", ("period", "periode", "tahun", "year")),
        Field("value", "Nilai", ("value", "nilai")),
    ),
    (("area_code",), ("indicator",), ("period",), ("value",)),
)
FORMATS = (KENTONGAN,)

DIRECTIONS = {
    "high is bad": "high_is_bad", "tinggi buruk": "high_is_bad", "buruk": "high_is_bad",
    "high is good": "high_is_good", "tinggi baik": "high_is_good", "baik": "high_is_good",
    "neutral": "neutral", "netral": "neutral",
}  # fmt: skip

_UNKNOWN_AREA = N_("Kode wilayah tidak ada dalam daftar wilayah.")
_BAD_INDICATOR = N_("Kode indikator hanya boleh berisi huruf kecil, angka, dan garis bawah.")
_BAD_PERIOD = N_("Periode harus seperti 2026, 2026-07, 2026-S1, atau 2026-Q3.")
_BAD_TEXT = N_("Nama atau satuan terlalu panjang.")
_BAD_DECIMALS = N_("Angka desimal harus 0 sampai 6.")
_BAD_DIRECTION = N_("Arah harus high_is_bad, high_is_good, atau neutral.")
_BAD_VALUE = N_("Nilai bukan angka.")
_UNKNOWN_INDICATOR = N_("Indikator belum dikenal; isi nama dan satuannya.")
_OTHER_UNIT = N_("Satuan berbeda dari satuan indikator ini.")
_REPEATED = N_("Nilai untuk wilayah, indikator, dan periode ini sudah ada di baris sebelumnya.")


def import_stats(
    conn: Connection,
    file: Path,
    *,
    source_code: str,
    source_name: str,
    as_of: date,
    user: str = "local",
    area: str | None = None,
    progress: Progress | None = None,
    **reading: Any,
) -> Ledger:
    """Load a file of statistics (docs/data.md), whole or not at all.

    An empty value is "no data" and replaces a value. An indicator that is not known yet is made
    from the name and unit in the file; a known one keeps its own, and rows in another unit are
    rejected.

    Parameters
    ----------
    conn
        In a transaction of the caller's.
    file
        CSV or .xlsx; all numbers in one style, ``8,06`` or ``8.06``.
    source_code, source_name
        The publication it comes from.
    as_of
        Date the figures hold for.
    user, area
        Who brings it, and the area they may write in; None is the whole regency.
    progress
        Called with the number of rows checked.
    reading
        How the file is read: ``format_key``, ``mapping`` (:func:`db.registers.files.open_table`).

    Returns
    -------
    Ledger

    Raises
    ------
    InvalidFile
        When the file is refused; nothing of it is loaded.
    """
    table = open_table(file, FORMATS, **reading)
    journal = Journal(table, "area_code")
    origin = Origin(source_code, source_name, as_of, user, area)
    with conn.begin_nested():
        ensure_source(conn, "statistic", origin)
        journal.open_batch(conn, "stats", origin)
        # The style of the numbers is one for the whole file, so the file is read whole.
        check = partial(_check, conn, table)
        [block] = journal.sift(check, progress, sys.maxsize, origin=origin)
        accepted = pd.DataFrame(block, dtype=object)
        _store_indicators(conn, accepted)
        _copy_values(conn, accepted)
        for outcome, count in merge_stats(conn, origin, journal.batch_id).items():
            journal.ledger.count(outcome, count)
        return journal.save(conn)


def _check(conn: Connection, table: Table, chunk: Chunk, verdict: Verdict) -> Block:
    """Return the rows as columns."""
    columns = (
        Column("area_code", read_area_code, _UNKNOWN_AREA),
        Column("indicator", read_indicator, _BAD_INDICATOR),
        Column("name", read_text, _BAD_TEXT),
        Column("name_en", read_text, _BAD_TEXT),
        Column("unit", read_text, _BAD_TEXT),
        Column("decimals", read_integer(0, 6), _BAD_DECIMALS),
        Column("direction", read_choice(DIRECTIONS), _BAD_DIRECTION),
        Column("period", read_period, _BAD_PERIOD),
    )
    rows = pd.DataFrame({c.key: c.read(chunk, verdict) for c in columns}, dtype=object)
    known = set(conn.scalars(select(AdminArea.code)))
    unknown = [n for n, code in enumerate(rows["area_code"]) if code and code not in known]
    verdict.reject(unknown, _UNKNOWN_AREA)
    needed = (
        ("area_code", _UNKNOWN_AREA),
        ("indicator", _BAD_INDICATOR),
        ("period", _BAD_PERIOD),
    )
    for key, reason in needed:
        verdict.reject([n for n, cell in enumerate(chunk.cells[key]) if not cell.strip()], reason)
    rows["value"] = _read_values(table, chunk.cells["value"], verdict)
    _check_indicators(conn, rows, verdict)
    keys = zip(rows["area_code"], rows["indicator"], rows["period"], strict=True)
    reject_repeated(keys, set(), verdict, _REPEATED)
    return {name: rows[name].tolist() for name in rows}


def _read_values(table: Table, texts: Sequence[str], verdict: Verdict) -> pd.Series:
    # A number of a workbook is left as it is: its mark says that it has a decimal point.
    cells = [text if isinstance(text, Number) else text.strip() for text in texts]
    bad = {position for position, cell in enumerate(cells) if not is_number(cell)}
    verdict.reject(bad, _BAD_VALUE)
    numbers = parse_numbers(
        ["" if position in bad else cell for position, cell in enumerate(cells)],
        prefers_comma=table.separator == ";",
    )
    if numbers is None:
        raise InvalidFile(
            N_(
                "Angka di kolom nilai dapat dibaca dengan dua cara atau ditulis campur (titik dan"
                " koma). Tulis tanpa pemisah ribuan dan dengan satu tanda desimal."
            )
        )
    return pd.Series(numbers, dtype=object)


def _check_indicators(conn: Connection, rows: pd.DataFrame, verdict: Verdict) -> None:
    """Reject rows of an unknown indicator without a name, or in another unit than it has."""
    units = {row.code: row.unit for row in conn.execute(select(Indicator.code, Indicator.unit))}
    told = zip(rows["indicator"], rows["name"], rows["unit"], strict=True)
    for position, (code, name, unit) in enumerate(told):
        if code is None or position in verdict.rejected:
            continue
        if code not in units and name and unit:
            units[code] = unit
        if code not in units:
            verdict.reject([position], _UNKNOWN_INDICATOR)
        elif unit and unit != units[code]:
            verdict.reject([position], _OTHER_UNIT)


def _store_indicators(conn: Connection, rows: pd.DataFrame) -> None:
    known = set(conn.scalars(select(Indicator.code)))
    named = rows[~rows["indicator"].isin(known) & rows["name"].notna() & rows["unit"].notna()]
    new = [
        {
            "code": row.indicator,
            "name": row.name_,
            "name_en": row.name_en or row.name_,
            "unit": row.unit,
            "decimals": 1 if row.decimals is None else row.decimals,
            "direction": row.direction or "neutral",
            # As a fill, a raw count of families would mislead; it is there to divide by.
            "is_layer": row.indicator != FAMILY_COUNT,
        }
        for row in named.drop_duplicates("indicator").rename(columns={"name": "name_"}).itertuples()
    ]
    if new:
        conn.execute(insert(Indicator), new)


def _copy_values(conn: Connection, rows: pd.DataFrame) -> None:
    create_incoming_stats(conn)
    names = ("area_code", "indicator", "period", "value")
    copy_rows(conn, "incoming_stat", names, rows[list(names)].itertuples(index=False))
