"""The tables that a boundary import reads and writes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import shapely
from sqlalchemy import Connection, func, insert, select, text
from sqlalchemy.dialects.postgresql import insert as upsert

from db.ledger import Ledger, Outcome
from db.models import AdminArea, ImportBatch, ImportRow, Source
from geo.boundary_areas import Area, KnownArea

BATCH_KIND = "boundaries"


@dataclass(frozen=True, slots=True)
class SourceEntry:
    """Where the boundaries of an import come from; as in the table ``source``."""

    code: str
    name: str
    as_of: date
    is_schematic: bool


@dataclass(frozen=True, slots=True, eq=False)
class StoredArea:
    """An area of the table, as far as an import compares it."""

    known: KnownArea
    geom_map: shapely.MultiPolygon
    source: str
    as_of: date
    is_schematic: bool


def lock_areas(conn: Connection) -> None:
    """Make other imports wait until this transaction ends; readers are not held up."""
    conn.execute(text("LOCK TABLE admin_area IN SHARE ROW EXCLUSIVE MODE"))


def list_stored_areas(conn: Connection) -> dict[str, StoredArea]:
    """List every area of the database by its code."""
    statement = select(
        AdminArea.code,
        AdminArea.name,
        AdminArea.bps_code,
        AdminArea.source,
        AdminArea.as_of,
        Source.is_schematic,
        func.ST_AsBinary(AdminArea.geom).label("geom"),
        func.ST_AsBinary(AdminArea.geom_map).label("geom_map"),
    ).join(Source, Source.code == AdminArea.source)
    rows = conn.execute(statement).all()
    geoms = shapely.from_wkb([bytes(row.geom) for row in rows])
    maps = shapely.from_wkb([bytes(row.geom_map) for row in rows])
    return {
        row.code: StoredArea(
            KnownArea(row.name, row.bps_code, geom),
            geom_map,
            row.source,
            row.as_of,
            row.is_schematic,
        )
        for row, geom, geom_map in zip(rows, geoms, maps, strict=True)
    }


def write_source(conn: Connection, source: SourceEntry, *, has_news: bool) -> None:
    """Write where the boundaries come from; its date moves only when some area is new or changed.

    Parameters
    ----------
    conn
        Inside a transaction.
    source
        The entry.
    has_news
        Whether any area was created or updated.
    """
    values: dict[str, object] = {"name": source.name, "is_schematic": source.is_schematic}
    if not source.is_schematic:
        values["is_synthetic"] = False  # drawn ones may have stood under this code before
    columns = [getattr(Source, column) for column in values]
    stored = conn.execute(select(*columns).where(Source.code == source.code)).one_or_none()
    if not has_news and stored == tuple(values.values()):
        return
    dated = {**values, "as_of": source.as_of}
    conn.execute(
        upsert(Source)
        .values(code=source.code, kind="boundary", **dated)
        .on_conflict_do_update(index_elements=["code"], set_=dated if has_news else values)
    )


# One statement for all areas: the triggers that count boundary changes fire once.
_UPSERT = text("""
    INSERT INTO admin_area AS a (code, level, kind, name, parent_code, bps_code,
                                 geom, geom_map, label_point, area_km2, source, as_of)
    SELECT code, level, kind, name, parent_code, bps_code,
           ST_GeomFromWKB(geom, 4326), ST_GeomFromWKB(geom_map, 4326),
           ST_GeomFromWKB(label_point, 4326), area_km2, source, as_of
    FROM unnest(CAST(:code AS text[]), CAST(:level AS text[]), CAST(:kind AS text[]),
                CAST(:name AS text[]), CAST(:parent_code AS text[]), CAST(:bps_code AS text[]),
                CAST(:geom AS bytea[]), CAST(:geom_map AS bytea[]),
                CAST(:label_point AS bytea[]), CAST(:area_km2 AS float8[]),
                CAST(:source AS text[]), CAST(:as_of AS date[]))
         AS t (code, level, kind, name, parent_code, bps_code, geom, geom_map, label_point,
               area_km2, source, as_of)
    ON CONFLICT (code) DO UPDATE SET
        level = excluded.level, kind = excluded.kind, name = excluded.name,
        parent_code = excluded.parent_code, bps_code = excluded.bps_code,
        geom = excluded.geom, geom_map = excluded.geom_map, label_point = excluded.label_point,
        area_km2 = excluded.area_km2, source = excluded.source, as_of = excluded.as_of
""")


def write_areas(
    conn: Connection,
    areas: Sequence[Area],
    outcomes: Mapping[str, Outcome],
    stored: Mapping[str, StoredArea],
    source: SourceEntry,
) -> None:
    """Write the areas that are new or changed.

    Parameters
    ----------
    conn
        Inside a transaction.
    areas
        All areas of the map.
    outcomes
        What the import does to those that it touches. The others get their new drawing only,
        where a neighbour's change moved a simplified border, and keep source and date.
    stored
        What the table holds.
    source
        Where the touched areas come from.
    """
    touched = [area for area in areas if outcomes.get(area.code) in ("new", "matched")]
    redrawn = [
        area
        for area in areas
        if outcomes.get(area.code, "unchanged") == "unchanged"
        and not shapely.equals_identical(area.geom_map, stored[area.code].geom_map)
    ]
    origins = [(source.code, source.as_of)] * len(touched)
    origins += [(stored[area.code].source, stored[area.code].as_of) for area in redrawn]
    written = [*touched, *redrawn]
    if written:
        conn.execute(_UPSERT, _as_columns(written, origins))


def _as_columns(
    areas: Sequence[Area], origins: Sequence[tuple[str, date]]
) -> dict[str, list[object]]:
    columns: dict[str, list[object]] = {
        name: [getattr(area, name) for area in areas]
        for name in ("code", "level", "kind", "name", "parent_code", "bps_code", "area_km2")
    }
    for name in ("geom", "geom_map", "label_point"):
        columns[name] = shapely.to_wkb([getattr(area, name) for area in areas]).tolist()
    columns["source"] = [code for code, _ in origins]
    columns["as_of"] = [as_of for _, as_of in origins]
    return columns


def keep_batch(
    conn: Connection,
    path: Path,
    ledger: Ledger,
    source_code: str,
    contents: Mapping[int, Mapping[str, object]],
) -> None:
    """Keep the ledger of one file, and the rows it explains.

    A file that came before and changed nothing now leaves no second trace.

    Parameters
    ----------
    conn
        Inside a transaction.
    path
        The file.
    ledger
        Of this file.
    source_code
        Its source.
    contents
        What stood in the rows that were rejected or repaired, by row number.
    """
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    same = select(ImportBatch.id).where(
        ImportBatch.kind == BATCH_KIND, ImportBatch.sha256 == sha256
    )
    has_news = ledger.new or ledger.matched
    if not has_news and conn.execute(same.limit(1)).first() is not None:
        return
    batch_id = conn.execute(
        insert(ImportBatch).returning(ImportBatch.id),
        {
            "kind": BATCH_KIND,
            "file_name": path.name,
            "sha256": sha256,
            "source": source_code,
            "ledger": ledger.as_dict(),
        },
    ).scalar_one()
    rows = [
        {
            "batch_id": batch_id,
            "row_number": note.row_number,
            "outcome": note.outcome,
            "reason": note.reason,
            "content": contents[note.row_number],
        }
        for note in ledger.rows
    ]
    if rows:
        conn.execute(insert(ImportRow), rows)
