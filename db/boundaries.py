"""Boundaries from files into the tables; one import is one transaction, the caller's."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import shapely
from sqlalchemy import Connection

from db.boundary_files import BoundaryRows, read_boundary_file
from db.boundary_store import (
    SourceEntry,
    StoredArea,
    keep_batch,
    list_stored_areas,
    lock_areas,
    write_areas,
    write_source,
)
from db.ledger import Ledger, Outcome
from geo.boundary_areas import Area, MergedRows, build_areas, merge_rows, parent_of
from geo.boundary_codes import Crosswalk, parse_crosswalk
from geo.boundary_rows import LayerRows, read_layer
from geo.errors import InvalidFile
from geo.text import N_
from geo.view import level_of

NOTHING_USABLE = N_("Tidak satu pun wilayah dapat dimuat. Alasan terbanyak: {reason}")
NOTHING_OF_LEVEL = N_("Tidak ada wilayah tingkat “{level}” dalam berkas.")
SKIPPED = N_("{count} baris tingkat {level} dilewati karena yang diminta tingkat {wanted}.")
LEFT_ALONE = N_("{count} wilayah di basis data tidak ada dalam berkas ini dan dibiarkan ({codes}).")
UNKNOWN_LEVEL = N_("Tingkat “{level}” tidak dikenal; pilih kabupaten, kecamatan, atau desa.")
_LEVELS = ("kabupaten", "kecamatan", "desa")
_MAX_CODES_NAMED = 5
_MAX_CROSSWALK_BYTES = 50 * 2**20


@dataclass(slots=True)
class _File:
    """One file on its way through the import."""

    path: Path
    layers: list[BoundaryRows]
    rows: LayerRows = field(default_factory=LayerRows)
    ledger: Ledger = field(default_factory=Ledger)

    def add(self, rows: LayerRows) -> None:
        """Add the rows of one more layer."""
        self.rows.taken += rows.taken
        self.rows.rejections += rows.rejections
        self.rows.repairs += rows.repairs
        self.rows.skipped += rows.skipped

    def list_contents(self) -> dict[int, dict[str, object]]:
        """Return what stood in each row that the ledger explains, by row number."""
        wanted = {note.row_number for note in self.ledger.rows}
        contents = {}
        first = 1
        for layer in self.layers:
            for number in wanted & set(range(first, first + len(layer.shapes))):
                contents[number] = {k: v[number - first] for k, v in layer.columns.items()}
            first += len(layer.shapes)
        return contents


def import_boundaries(
    conn: Connection,
    files: Sequence[Path],
    *,
    level: str | None = None,
    crosswalk: Path | None = None,
    source_code: str = "boundaries",
    source_name: str,
    as_of: date,
    is_schematic: bool = False,
    progress: Callable[[str], None] | None = None,
) -> Ledger:
    """Import the boundaries of a regency, or of several.

    Parameters
    ----------
    conn
        Inside a transaction of the caller, who commits it or takes it back.
    files
        GeoJSON, GeoPackage, Shapefile or zipped Shapefile, in any mixture of levels.
    level
        Take only the rows of this level.
    crosswalk
        CSV file of Kemendagri and BPS codes, for files that carry the latter.
    source_code, source_name, as_of, is_schematic
        Where the boundaries come from, and as of when. An area whose shape and name stay as they
        are keeps its date.
    progress
        Called with a short English text at the start of each step.

    Returns
    -------
    Ledger
        Its counts are rows of the files; areas that were dissolved without a row of their own
        stand in ``derived``.

    Raises
    ------
    InvalidFile
        When a file is refused, or nothing in the files can be used. Nothing has been written.
    """
    tell = progress or (lambda step: None)
    if level is not None and level not in _LEVELS:
        raise InvalidFile(UNKNOWN_LEVEL, level=level)
    pairs = _read_crosswalk(crosswalk) if crosswalk is not None else None
    arrived = []
    for number, path in enumerate(files):
        tell(f"Reading {path.name}")
        arrived.append(_read_file(path, number, level, pairs))
    merged = merge_rows(row for file in arrived for row in file.rows.taken)
    _account_for_rejections(arrived, merged)
    _refuse_if_empty(arrived, merged, level)

    tell(f"Dissolving and simplifying {len(merged.rows)} areas")
    lock_areas(conn)
    stored = list_stored_areas(conn)
    areas, notes = build_areas(merged.rows, {code: area.known for code, area in stored.items()})
    touched = _with_those_above(merged.rows)
    outcomes = {
        area.code: _compare(area, stored.get(area.code), source_code)
        for area in areas
        if area.code in touched
    }
    tell(f"Writing {len(areas)} areas")
    left = sorted(stored.keys() - touched)
    is_mixed = any(stored[c].is_schematic and stored[c].source == source_code for c in left)
    source = SourceEntry(source_code, source_name, as_of, is_schematic or is_mixed)
    write_source(conn, source, has_news=set(outcomes.values()) != {"unchanged"})
    write_areas(conn, areas, outcomes, stored, source)

    _account_for_outcomes(arrived, merged, outcomes)
    for file in arrived:
        keep_batch(conn, file.path, file.ledger, source_code, file.list_contents())
    ledger = Ledger.total(file.ledger for file in arrived)
    derived = [code for code in outcomes.keys() - merged.rows if outcomes[code] != "unchanged"]
    ledger.derived = dict(Counter(level_of(code) for code in sorted(derived)))
    ledger.notes = [*_describe_skipped(arrived, level), *notes, *_describe_left(left)]
    ledger.check()
    return ledger


def _read_crosswalk(path: Path) -> Crosswalk:
    if not path.is_file() or path.stat().st_size > _MAX_CROSSWALK_BYTES:
        raise InvalidFile(N_("Tabel padanan kode “{name}” tidak ditemukan."), name=path.name)
    try:
        text = path.read_bytes().decode("utf-8-sig")
        delimiter = ";" if ";" in text.partition("\n")[0] else ","
        return parse_crosswalk(csv.DictReader(text.splitlines(), delimiter=delimiter))
    except (UnicodeDecodeError, csv.Error) as error:
        raise InvalidFile(
            N_("Tabel padanan kode “{name}” bukan CSV yang sah."), name=path.name
        ) from error


def _read_file(path: Path, number: int, level: str | None, crosswalk: Crosswalk | None) -> _File:
    file = _File(path, read_boundary_file(path))
    first_row_number = 1
    for layer in file.layers:
        if len(layer.shapes):
            file.add(
                read_layer(
                    layer.columns,
                    layer.shapes,
                    layer.crs,
                    file_number=number,
                    first_row_number=first_row_number,
                    level=level,
                    crosswalk=crosswalk,
                )
            )
        first_row_number += len(layer.shapes)
    return file


def _account_for_rejections(files: Sequence[_File], merged: MergedRows) -> None:
    for number, file in enumerate(files):
        for row_number, key, reason in file.rows.rejections:
            file.ledger.reject(row_number, reason, key)
        for row in file.rows.taken:
            if row.place in merged.rejections:
                file.ledger.reject(row.place[1], merged.rejections[row.place], row.code)
        for row_number, key, reason in file.rows.repairs:
            if (number, row_number) not in merged.rejections:
                file.ledger.repair(row_number, reason, key)


def _refuse_if_empty(files: Sequence[_File], merged: MergedRows, level: str | None) -> None:
    if merged.rows:
        return
    reasons = Ledger.total(file.ledger for file in files).reasons
    if not reasons:
        raise InvalidFile(NOTHING_OF_LEVEL, level=level)
    raise InvalidFile(NOTHING_USABLE, reason=reasons.most_common(1)[0][0])


def _with_those_above(codes: Iterable[str]) -> set[str]:
    found: set[str] = set()
    for code in codes:
        above: str | None = code
        while above is not None:
            found.add(above)
            above = parent_of(above)
    return found


def _compare(area: Area, stored: StoredArea | None, source_code: str) -> Outcome:
    if stored is None:
        return "new"
    is_same = (
        stored.source == source_code
        and stored.known.name == area.name
        and stored.known.bps_code == area.bps_code
        and shapely.equals_identical(stored.known.geom, area.geom)
    )
    return "unchanged" if is_same else "matched"


def _account_for_outcomes(
    files: Sequence[_File], merged: MergedRows, outcomes: Mapping[str, Outcome]
) -> None:
    for file in files:
        for row in file.rows.taken:
            if row.place not in merged.rejections:
                file.ledger.count(outcomes[row.code])


def _describe_skipped(files: Sequence[_File], level: str | None) -> list[str]:
    skipped = sum((file.rows.skipped for file in files), Counter[str]())
    return [
        SKIPPED.format(count=count, level=other, wanted=level)
        for other, count in sorted(skipped.items())
    ]


def _describe_left(codes: Sequence[str]) -> list[str]:
    if not codes:
        return []
    more = ", …" if len(codes) > _MAX_CODES_NAMED else ""
    listed = ", ".join(codes[:_MAX_CODES_NAMED]) + more
    return [LEFT_ALONE.format(count=len(codes), codes=listed)]
