"""A broken or hostile file gets one clear sentence, and nothing of it is loaded."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import geopandas
import pytest
import shapely
from sqlalchemy import Connection, text

from db.boundaries import import_boundaries
from geo.errors import InvalidFile
from tests.boundary_samples import desa_features, feature, square, write_geojson

GDAL_SCRIPT = Path(__file__).parents[2] / "db" / "boundary_gdal.py"
TABLES = ("source", "admin_area", "import_batch", "import_row")
SECRET_NAME = "Desa Rahasia"

Writer = Callable[[Path], Path]


def _secret(folder: Path) -> Path:
    """Write a perfectly good file elsewhere on the server that nobody was meant to read."""
    folder = folder / "elsewhere"
    folder.mkdir()
    row = {"kode": ["98.01.01.2001"], "nama": [SECRET_NAME]}
    frame = geopandas.GeoDataFrame(row, geometry=[square(0, 0)], crs="EPSG:4326")
    frame.to_file(folder / "secret.gpkg", driver="GPKG", layer="secret")
    return folder / "secret.gpkg"


def _vrt(folder: Path) -> bytes:
    source = _secret(folder)
    return (
        '<OGRVRTDataSource><OGRVRTLayer name="secret">'
        f'<SrcDataSource relativeToVRT="0">{source}</SrcDataSource>'
        "</OGRVRTLayer></OGRVRTDataSource>"
    ).encode()


def _named(name: str, content: Callable[[Path], bytes] | bytes) -> Writer:
    def write(folder: Path) -> Path:
        made = content if isinstance(content, bytes) else content(folder)
        (folder / name).write_bytes(made)
        return folder / name

    return write


def _zip(**members: bytes) -> Writer:
    def write(folder: Path) -> Path:
        with zipfile.ZipFile(folder / "desa.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in members.items():
                archive.writestr(name, content)
        return folder / "desa.zip"

    return write


def _zipped_vrt(folder: Path) -> Path:
    return _zip(**{"desa.shp": _vrt(folder), "desa.dbf": b"x"})(folder)


def _zip_bomb() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("desa.shp", b"\0" * 30_000_000)
    return made.getvalue()


def _zip_that_lies() -> bytes:
    """Make a zip file whose table of contents says 10 bytes where 30 million come out."""
    bomb = bytearray(_zip_bomb())
    small, large = (10).to_bytes(4, "little"), (30_000_000).to_bytes(4, "little")
    return bytes(bomb.replace(large, small))


def _cut(driver: str, suffix: str) -> Writer:
    def write(folder: Path) -> Path:
        path = folder / f"desa{suffix}"
        frame = geopandas.GeoDataFrame.from_features(desa_features(), crs="EPSG:4326")
        frame.to_file(path, driver=driver)
        path.write_bytes(path.read_bytes()[: path.stat().st_size * 2 // 3])
        return path

    return write


def _without_dbf(folder: Path) -> Path:
    frame = geopandas.GeoDataFrame.from_features(desa_features(), crs="EPSG:4326")
    frame.to_file(folder / "desa.shp")
    (folder / "desa.dbf").unlink()
    return folder / "desa.shp"


def _metric_without_prj(folder: Path) -> Path:
    frame = geopandas.GeoDataFrame.from_features(desa_features(), crs="EPSG:4326")
    frame.to_crs("EPSG:32750").to_file(folder / "desa.shp")
    (folder / "desa.prj").unlink()
    return folder / "desa.shp"


def _features(*features: object, **members: object) -> Writer:
    def write(folder: Path) -> Path:
        return write_geojson(folder / "desa.geojson", list(features), **members)  # type: ignore[arg-type]

    return write


def _moved(change: Callable[..., object]) -> Writer:
    shapes = [shapely.transform(square(0, 0), change)]
    return _features(*(feature(shape, kode="98.01.01.2001", nama="Desa") for shape in shapes))


NAN_RING = {"type": "Polygon", "coordinates": [[[113, -8], [float("nan"), -8], [113.1, -7]]]}
GEOJSON_POINTS = [feature(shapely.Point(113, -8), kode="98.01.01.2001", nama="Titik")]

HOSTILE = {
    "VRT named .geojson": (_named("desa.geojson", _vrt), "bukan GeoJSON"),
    "VRT named .json": (_named("desa.json", _vrt), "bukan GeoJSON"),
    "VRT named .gpkg": (_named("desa.gpkg", _vrt), "bukan GeoPackage"),
    "VRT named .shp": (_named("desa.shp", _vrt), "bukan Shapefile"),
    "VRT named .shp in a zip": (_zipped_vrt, "bukan Shapefile"),
    "VRT under its own name": (_named("desa.vrt", _vrt), "tidak dikenal"),
    "zip bomb": (_named("desa.zip", _zip_bomb()), "terlalu besar"),
    "zip bomb that lies about its size": (_named("desa.zip", _zip_that_lies()), "rusak"),
    "zip leading out of its folder": (_zip(**{"../desa.shp": b"x"}), "keluar dari foldernya"),
    "zip with an absolute name": (_zip(**{"/etc/desa.shp": b"x"}), "keluar dari foldernya"),
    "zip without a Shapefile": (_zip(**{"readme.txt": b"x"}), "tidak berisi Shapefile"),
    "zip with too many members": (_zip(**{f"{n}.shp": b"" for n in range(1200)}), "terlalu besar"),
    "text named .zip": (_named("desa.zip", b"halo"), "bukan zip"),
    "empty GeoJSON": (_named("desa.geojson", b""), "kosong"),
    "empty GeoPackage": (_named("desa.gpkg", b""), "kosong"),
    "empty Shapefile": (_named("desa.shp", b""), "kosong"),
    "empty zip": (_named("desa.zip", b""), "kosong"),
    "text named .geojson": (_named("desa.geojson", b"halo"), "bukan GeoJSON"),
    "text named .csv": (_named("desa.csv", b"halo"), "tidak dikenal"),
    "a photo named .geojson": (_named("desa.geojson", b"\xff\xd8\xff\xe0"), "bukan GeoJSON"),
    "JSON that is no collection": (_named("desa.geojson", b"[1, 2]"), "bukan GeoJSON"),
    "features that are no list": (
        _named("desa.geojson", b'{"type": "FeatureCollection", "features": 3}'),
        "bukan GeoJSON",
    ),
    "a collection of nothing": (_features(), "tidak berisi satu pun"),
    "a million nested arrays": (_named("desa.geojson", b"[" * 1_000_000), "bukan GeoJSON"),
    "nested arrays as coordinates": (
        _named(
            "desa.geojson",
            b'{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},'
            b'"geometry":{"type":"Polygon","coordinates":' + b"[" * 10**6 + b"]" * 10**6 + b"}}]}",
        ),
        "bukan GeoJSON",
    ),
    "GeoPackage cut short": (_cut("GPKG", ".gpkg"), "rusak"),
    "Shapefile cut short": (_cut("ESRI Shapefile", ".shp"), "rusak"),
    "SQLite header and nothing behind it": (
        _named("desa.gpkg", b"SQLite format 3\0" + bytes(84)),
        "rusak",
    ),
    "Shapefile without its table": (_without_dbf, "tidak lengkap"),
    "metres without a .prj": (_metric_without_prj, "tidak menyebut sistem koordinat"),
    "metres said to be degrees": (_moved(lambda xy: xy * 10_000), "di luar Indonesia"),
    "another part of the world": (_moved(lambda xy: xy - [110, 0]), "di luar Indonesia"),
    "latitude before longitude": (_moved(lambda xy: xy[:, ::-1]), "tertukar"),
    "an unknown coordinate system": (
        _features(*desa_features(), crs={"type": "name", "properties": {"name": "file:///etc"}}),
        "tidak dikenal",
    ),
    "a coordinate system that does not exist": (
        _features(*desa_features(), crs={"type": "name", "properties": {"name": "EPSG:999999"}}),
        "tidak dikenal",
    ),
    "no column of codes": (_features(feature(square(0, 0), warna="biru")), "kolom kode"),
    "coordinates that are no numbers": (
        _features(feature(NAN_RING, kode="98.01.01.2001", nama="x")),
        "kosong atau tidak dapat dibaca",
    ),
    "points only": (_features(*GEOJSON_POINTS), "bukan poligon"),
    "no rings": (
        _features(feature({"type": "Polygon", "coordinates": []}, kode="98.01.01.2001")),
        "kosong",
    ),
    "a folder": (lambda folder: folder / "folder.geojson", "tidak ditemukan"),
}


@pytest.mark.parametrize(("write", "sentence"), HOSTILE.values(), ids=HOSTILE)
def test_it_is_refused_by_one_sentence_and_nothing_is_loaded(
    conn: Connection, tmp_path: Path, write: Writer, sentence: str
) -> None:
    (tmp_path / "folder.geojson").mkdir()
    path = write(tmp_path)
    with pytest.raises(InvalidFile) as refusal:
        import_boundaries(conn, [path], source_name="Uji", as_of=date(2026, 1, 1))
    said = str(refusal.value)
    assert sentence in said
    assert said.endswith(".")
    assert len(said) < 200
    assert str(tmp_path) not in said
    for table in TABLES:
        assert conn.execute(text(f"SELECT count(*) FROM {table}")).scalar() == 0


@pytest.mark.parametrize("name", ["desa.gpkg", "desa.shp", "desa.geojson", "desa.vrt"])
def test_gdal_itself_opens_nothing_but_the_two_formats(tmp_path: Path, name: str) -> None:
    """Were the checks of the content fooled, the drivers would still be switched off."""
    path = tmp_path / name
    path.write_bytes(_vrt(tmp_path))
    assert _run_gdal(path).returncode != 0
    assert (
        not (tmp_path / "answer.json").exists()
        or SECRET_NAME not in (tmp_path / "answer.json").read_text()
    )


def test_the_check_of_the_drivers_would_notice(tmp_path: Path) -> None:
    """The very same file names the secret when GDAL keeps its drivers: the test above can fail."""
    (tmp_path / "desa.gpkg").write_bytes(_vrt(tmp_path))
    read = "import sys, pyogrio.raw as raw; print(raw.read(sys.argv[1])[3])"
    command = [sys.executable, "-c", read, str(tmp_path / "desa.gpkg")]
    told = subprocess.run(command, capture_output=True, text=True, check=True)
    assert SECRET_NAME in told.stdout


def test_gdal_reads_what_it_may(tmp_path: Path) -> None:
    assert _run_gdal(_secret(tmp_path)).returncode == 0
    [layer] = json.loads((tmp_path / "answer.json").read_bytes())
    assert layer["columns"]["nama"] == [SECRET_NAME]


def _run_gdal(path: Path) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-P", str(GDAL_SCRIPT), str(path), "answer.json"]
    folder = path.parent if path.parent.name != "elsewhere" else path.parent.parent
    return subprocess.run(command, cwd=folder, env={}, capture_output=True, check=False)


def test_a_crosswalk_that_is_none_is_refused(conn: Connection, tmp_path: Path) -> None:
    desa = write_geojson(tmp_path / "desa.geojson", desa_features())
    for name, content in {
        "missing.csv": None,
        "photo.csv": b"\xff\xd8\xff",
        "columns.csv": b"a,b\n1,2\n",
        "empty.csv": b"",
        "pairs.csv": b"kode_kemendagri,kode_bps\nx,y\n",
    }.items():
        if content is not None:
            (tmp_path / name).write_bytes(content)
        with pytest.raises(InvalidFile, match="Tabel padanan"):
            import_boundaries(
                conn,
                [desa],
                crosswalk=tmp_path / name,
                source_name="Uji",
                as_of=date(2026, 1, 1),
            )


def test_text_that_the_database_cannot_hold_does_not_break_the_import(
    conn: Connection, tmp_path: Path
) -> None:
    features = desa_features()
    features[0]["properties"]["nama"] = "Sum\0ber \ud800 Rejo"
    features.append(feature(None, kode="x\0\ud800", catatan=float("nan"), kolom={"a": [1]}))
    path = write_geojson(tmp_path / "desa.geojson", features)
    ledger = import_boundaries(conn, [path], source_name="Uji", as_of=date(2026, 1, 1))
    assert (ledger.new, ledger.rejected) == (4, 1)
