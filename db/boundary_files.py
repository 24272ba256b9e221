"""Boundary files, read as if each came from an enemy.

Every file is told by its content and refused by one sentence when the content is not what the
name promises. GeoJSON is read without GDAL. GeoPackage and Shapefile are copied, under names of
our own, into an empty folder that :mod:`db.boundary_gdal` reads in a process of its own.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from db.boundary_zip import unpack_shapefiles
from geo.boundary_shapes import Shapes
from geo.errors import InvalidFile
from geo.text import N_

MAX_GEOJSON_BYTES = 250 * 2**20
MAX_FILE_BYTES = 500 * 2**20
MAX_TEXT_LENGTH = 500
MAX_COLUMNS = 500
READ_TIMEOUT_S = 300

_GPKG_MAGIC = b"SQLite format 3\0"
_SHP_MAGIC = (9994).to_bytes(4, "big")
_SIDECARS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
_BROKEN = N_("Berkas “{name}” rusak atau terpotong.")
_NOT_GEOJSON = N_("Berkas “{name}” bukan GeoJSON yang sah.")


@dataclass(frozen=True, slots=True)
class BoundaryRows:
    """One layer of a file, as it stands in it.

    Attributes
    ----------
    columns
        Plain values (text, number, truth, None) by column name.
    shapes
        In the coordinate system `crs`; None where missing or unreadable.
    crs
        Authority code or WKT, None when the file states none.
    """

    columns: Mapping[str, list[object]]
    shapes: Shapes
    crs: str | None


def read_boundary_file(path: Path) -> list[BoundaryRows]:
    """Read the layers of a GeoJSON, GeoPackage or Shapefile, the last zipped or not.

    Parameters
    ----------
    path
        Its suffix says what the content must be.

    Returns
    -------
    list of BoundaryRows
        At least one row in all.

    Raises
    ------
    InvalidFile
        When the file is missing, empty, too large, broken, hostile or of another format.
    """
    readers: dict[str, Callable[[Path], list[BoundaryRows]]] = {
        ".geojson": _read_geojson,
        ".json": _read_geojson,
        ".gpkg": _read_geopackage,
        ".shp": _read_shapefile,
        ".zip": _read_zip,
    }
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise InvalidFile(
            N_("Format berkas “{name}” tidak dikenal; gunakan GeoJSON, GeoPackage, Shapefile."),
            name=path.name,
        )
    _check_size(path)
    layers = reader(path)
    if not any(len(layer.shapes) for layer in layers):
        raise InvalidFile(N_("Berkas “{name}” tidak berisi satu pun wilayah."), name=path.name)
    return layers


def _check_size(path: Path) -> None:
    if not path.is_file():
        raise InvalidFile(N_("Berkas “{name}” tidak ditemukan."), name=path.name)
    size = path.stat().st_size
    if size == 0:
        raise InvalidFile(N_("Berkas “{name}” kosong."), name=path.name)
    is_geojson = path.suffix.lower() in (".geojson", ".json")
    if size > (MAX_GEOJSON_BYTES if is_geojson else MAX_FILE_BYTES):
        raise InvalidFile(N_("Berkas “{name}” terlalu besar."), name=path.name)


def _read_geojson(path: Path) -> list[BoundaryRows]:
    try:
        content = json.loads(path.read_bytes().decode("utf-8-sig"))
        if content["type"] != "FeatureCollection":
            raise InvalidFile(_NOT_GEOJSON, name=path.name)
        features = content["features"]
        rows = [feature.get("properties") or {} for feature in features]
        shapes = [_parse_shape(feature.get("geometry")) for feature in features]
        names = dict.fromkeys(name for row in rows for name in row)
        columns = {name: [row.get(name) for row in rows] for name in islice(names, MAX_COLUMNS)}
        crs = _geojson_crs(content.get("crs"))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, MemoryError) as error:
        raise InvalidFile(_NOT_GEOJSON, name=path.name) from error
    return [BoundaryRows(_plain_columns(columns), _as_array(shapes), crs)]


def _parse_shape(geometry: object) -> shapely.Geometry | None:
    if not geometry:
        return None
    # json.dumps writes NaN and Infinity, which the geometry reader does not take; such a shape
    # is read as if it were missing, and its row rejected.
    with np.errstate(over="ignore"):
        return shapely.from_geojson(json.dumps(geometry), on_invalid="ignore")


def _geojson_crs(member: Any) -> str:
    if member is None:
        return "EPSG:4326"
    name = str(member["properties"]["name"])
    if name.endswith("CRS84"):
        return "EPSG:4326"
    code = re.fullmatch(r"(?:urn:ogc:def:crs:)?EPSG:(?:[\d.]*:)?(\d{4,6})", name)
    if code is None:
        raise InvalidFile(N_("Sistem koordinat berkas ini tidak dikenal."))
    return f"EPSG:{code[1]}"


def _read_geopackage(path: Path) -> list[BoundaryRows]:
    with path.open("rb") as file:
        header = file.read(100)
    if not header.startswith(_GPKG_MAGIC) or len(header) < 100:
        raise InvalidFile(N_("Berkas “{name}” bukan GeoPackage."), name=path.name)
    page_size = int.from_bytes(header[16:18], "big")
    page_count = int.from_bytes(header[28:32], "big")
    page_count_is_current = header[24:28] == header[92:96]
    expected = (65536 if page_size == 1 else page_size) * page_count
    if page_count_is_current and path.stat().st_size < expected:
        raise InvalidFile(_BROKEN, name=path.name)
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, "boundaries.gpkg")
        shutil.copyfile(path, copy)
        return _read_with_gdal(copy, path.name)


def _read_shapefile(path: Path) -> list[BoundaryRows]:
    siblings = {sibling.name.lower(): sibling for sibling in path.parent.iterdir()}
    with tempfile.TemporaryDirectory() as folder:
        for suffix in _SIDECARS:
            sibling = path if suffix == ".shp" else siblings.get(path.stem.lower() + suffix)
            if sibling is not None and sibling.is_file():
                _check_size(sibling)
                shutil.copyfile(sibling, Path(folder, f"boundaries{suffix}"))
        return _read_copied_shapefile(Path(folder, "boundaries.shp"), path.name)


def _read_zip(path: Path) -> list[BoundaryRows]:
    with tempfile.TemporaryDirectory() as folder:
        copies = unpack_shapefiles(path, Path(folder))
        return [layer for copy in copies for layer in _read_copied_shapefile(copy, path.name)]


def _read_copied_shapefile(copy: Path, name: str) -> list[BoundaryRows]:
    with copy.open("rb") as file:
        header = file.read(100)
    if not header.startswith(_SHP_MAGIC):
        raise InvalidFile(N_("Berkas “{name}” bukan Shapefile."), name=name)
    if copy.stat().st_size < 2 * int.from_bytes(header[24:28], "big"):
        raise InvalidFile(_BROKEN, name=name)
    if not copy.with_suffix(".dbf").is_file():
        raise InvalidFile(
            N_("Shapefile “{name}” tidak lengkap: berkas .dbf-nya tidak ada."), name=name
        )
    return _read_with_gdal(copy, name)


def _read_with_gdal(copy: Path, name: str) -> list[BoundaryRows]:
    script = Path(__file__).with_name("boundary_gdal.py")
    answer = copy.parent / "answer.json"
    # -P keeps the script's own folder out of the module search.
    command = [sys.executable, "-P", str(script), str(copy), str(answer)]
    try:
        subprocess.run(
            command,
            cwd=copy.parent,
            env={},
            check=True,
            capture_output=True,
            timeout=READ_TIMEOUT_S,
        )
        layers = json.loads(answer.read_bytes())
    except (subprocess.SubprocessError, OSError, ValueError) as error:
        raise InvalidFile(_BROKEN, name=name) from error
    return [
        BoundaryRows(
            _plain_columns(layer["columns"]), _from_hex(layer["shapes"]), layer["crs"] or None
        )
        for layer in layers
    ]


def _from_hex(shapes: Iterable[str | None]) -> Shapes:
    decoded: Shapes = shapely.from_wkb(_as_array(shapes), on_invalid="ignore")
    return decoded


def _as_array(values: Iterable[object]) -> Shapes:
    listed = list(values)
    array = np.empty(len(listed), dtype=object)
    array[:] = listed
    return array


def _plain_columns(columns: Mapping[str, list[object]]) -> dict[str, list[object]]:
    return {
        str(_plain(column)): [_plain(value) for value in values]
        for column, values in columns.items()
    }


def _plain(value: object) -> object:
    # The database takes neither NUL characters, nor lone surrogates, nor NaN within JSON.
    if isinstance(value, str):
        return value[:MAX_TEXT_LENGTH].encode("utf-8", "replace").decode().replace("\0", "")
    if isinstance(value, float) and not np.isfinite(value):
        return None
    return value if isinstance(value, int | float) else None
