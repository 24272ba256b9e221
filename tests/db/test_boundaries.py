"""Boundaries come in whole, from any file that is right."""

from __future__ import annotations

import csv
import gzip
import json
import shutil
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pytest
import shapely
from sqlalchemy import Connection, text

from db.boundaries import import_boundaries
from db.ledger import Ledger
from geo.boundary_codes import FOREST_CODE, LOOKS_LIKE_BPS, NOT_IN_CROSSWALK
from geo.boundary_shapes import NO_SHAPE, NOT_A_POLYGON, get_area_km2
from geo.errors import InvalidFile
from tests.boundary_samples import (
    BPS_CODES,
    DESA,
    desa_features,
    feature,
    square,
    write_geojson,
)

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
REAL_DESA = SHARED / "boundaries" / "banyuwangi_desa_full.geojson"
REAL_CROSSWALK = SHARED / "banyuwangi_codes_kemendagri_bps.csv"

Writer = Callable[[Path], Path]


def load(conn: Connection, *files: Path, **options: Any) -> Ledger:
    options = {"source_name": "Batas uji", "as_of": date(2026, 1, 31)} | options
    return import_boundaries(conn, list(files), **options)


def list_areas(conn: Connection) -> dict[str, Any]:
    rows = conn.execute(
        text(
            "SELECT *, ST_AsBinary(geom) AS shape, ST_AsBinary(geom_map) AS map,"
            " ST_Covers(geom, label_point) AS has_label_inside FROM admin_area ORDER BY code"
        )
    )
    return {row.code: row for row in rows}


def count_levels(conn: Connection) -> dict[str, int]:
    rows = conn.execute(text("SELECT level, count(*) AS areas FROM admin_area GROUP BY level"))
    return {row.level: row.areas for row in rows}


def dump(conn: Connection) -> list[Any]:
    """Every row the import may write, with the transaction and command that wrote it."""
    tables = ("source", "admin_area", "import_batch", "import_row", "data_version")
    return [conn.execute(text(f"SELECT ctid, * FROM {table} ORDER BY 1")).all() for table in tables]


@pytest.fixture
def desa_file(tmp_path: Path) -> Path:
    return write_geojson(tmp_path / "desa.geojson", desa_features())


def _real_features() -> list[dict[str, Any]]:
    features: list[dict[str, Any]] = json.loads(REAL_DESA.read_bytes())["features"]
    return features


REGENCIES = [
    pytest.param(desa_features, {"kabupaten": 1, "kecamatan": 2, "desa": 4}, id="invented"),
    *(
        [pytest.param(_real_features, {"kabupaten": 1, "kecamatan": 25, "desa": 217}, id="real")]
        if REAL_DESA.exists()
        else []
    ),
]


@pytest.mark.parametrize(("features", "levels"), REGENCIES)
def test_villages_alone_make_the_regency(
    conn: Connection, tmp_path: Path, features: Callable[[], Any], levels: dict[str, int]
) -> None:
    ledger = load(conn, write_geojson(tmp_path / "desa.geojson", features()))

    assert count_levels(conn) == levels
    assert (ledger.read, ledger.new, ledger.rejected) == (levels["desa"], levels["desa"], 0)
    assert ledger.derived == {level: levels[level] for level in ("kabupaten", "kecamatan")}
    areas = list_areas(conn).values()
    assert all(area.has_label_inside for area in areas)
    by_level = {
        level: sum(area.area_km2 for area in areas if area.level == level) for level in levels
    }
    assert by_level["kecamatan"] == pytest.approx(by_level["desa"], rel=1e-6)
    assert by_level["kabupaten"] == pytest.approx(by_level["desa"], rel=1e-6)


@pytest.mark.parametrize("path", [pytest.param(REAL_DESA)] if REAL_DESA.exists() else [])
def test_the_real_regency_measures_what_it_should(conn: Connection, path: Path) -> None:
    load(conn, path)
    areas = list_areas(conn)
    assert areas["35.10"].area_km2 == pytest.approx(3592.93, abs=0.02)
    sizes = {
        level: _gzipped_kb([area.map for area in areas.values() if area.level == level])
        for level in ("desa", "kecamatan")
    }
    assert sizes["desa"] < 170
    assert sizes["kecamatan"] < 65


def _gzipped_kb(shapes: list[bytes]) -> float:
    rounded = shapely.transform(shapely.from_wkb(shapes), lambda xy: np.round(xy, 5))
    return len(gzip.compress(json.dumps(shapely.to_geojson(rounded).tolist()).encode())) / 1000


@pytest.mark.parametrize(("features", "levels"), REGENCIES)
def test_the_map_keeps_borders_shared_on_every_level(
    conn: Connection, tmp_path: Path, features: Callable[[], Any], levels: dict[str, int]
) -> None:
    load(conn, write_geojson(tmp_path / "desa.geojson", features()))
    areas = list_areas(conn)
    for level in levels:
        maps = shapely.from_wkb([area.map for area in areas.values() if area.level == level])
        full = shapely.from_wkb([area.shape for area in areas.values() if area.level == level])
        assert shapely.coverage_is_valid(maps)
        assert shapely.is_valid(maps).all()
        assert not shapely.is_empty(maps).any()
        assert shapely.get_num_coordinates(maps).sum() < shapely.get_num_coordinates(full).sum()
    for code, area in areas.items():
        parts = [other.map for other in areas.values() if other.parent_code == code]
        if parts:
            dissolved = shapely.union_all(shapely.from_wkb(parts))
            assert dissolved.equals(shapely.from_wkb(area.map))


@pytest.mark.parametrize(("features", "levels"), REGENCIES)
def test_run_again_it_changes_nothing(
    conn: Connection, tmp_path: Path, features: Callable[[], Any], levels: dict[str, int]
) -> None:
    path = write_geojson(tmp_path / "desa.geojson", features())
    load(conn, path)
    before = dump(conn)
    ledger = load(conn, path, as_of=date(2026, 2, 28))
    assert (ledger.unchanged, ledger.new, ledger.matched) == (levels["desa"], 0, 0)
    assert ledger.derived == {}
    assert dump(conn) == before


def _write_frame(path: Path, driver: str, crs: str) -> Path:
    frame = geopandas.GeoDataFrame.from_features(desa_features(), crs="EPSG:4326").to_crs(crs)
    frame["kode"] = frame["kode"].str.replace(".", "")
    frame.to_file(path, driver=driver, layer="desa", promote_to_multi=True)
    return path


def _geopackage(folder: Path) -> Path:
    return _write_frame(folder / "desa.gpkg", "GPKG", "EPSG:32750")


def _shapefile(folder: Path) -> Path:
    return _write_frame(folder / "desa.shp", "ESRI Shapefile", "EPSG:9490")


def _zipped_shapefile(folder: Path) -> Path:
    (folder / "inside").mkdir()
    _write_frame(folder / "inside" / "DESA.shp", "ESRI Shapefile", "EPSG:23830")
    with zipfile.ZipFile(folder / "desa.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for member in (folder / "inside").iterdir():
            archive.write(member, f"Batas Desa/{member.name}")
    return folder / "desa.zip"


def _shapefile_without_prj_and_shx(folder: Path) -> Path:
    path = _write_frame(folder / "desa.shp", "ESRI Shapefile", "EPSG:4326")
    path.with_suffix(".prj").unlink()
    path.with_suffix(".shx").unlink()
    return path


def _geojson_with_crs_member(folder: Path) -> Path:
    _write_frame(folder / "plain.geojson", "GeoJSON", "EPSG:32750")
    content = json.loads((folder / "plain.geojson").read_bytes())
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32750"}}
    return write_geojson(folder / "desa.json", content["features"], crs=crs)


@pytest.mark.parametrize(
    "write",
    [
        _geopackage,
        _shapefile,
        _zipped_shapefile,
        _shapefile_without_prj_and_shx,
        _geojson_with_crs_member,
    ],
)
def test_every_format_and_projection_gives_the_same_areas(
    conn: Connection, tmp_path: Path, write: Writer
) -> None:
    # EPSG:9490 stands for a projection of another datum realisation (SRGI2013); the rest differ
    # by rounding and by the curve of a projected straight line only.
    ledger = load(conn, write(tmp_path))
    assert (ledger.read, ledger.new) == (4, 4)
    areas = list_areas(conn)
    assert [areas[code].name for code in DESA] == [name for name, *_ in DESA.values()]
    for code, (*_, column, row) in DESA.items():
        assert areas[code].area_km2 == pytest.approx(get_area_km2(square(column, row)), rel=1e-4)
    assert (areas["98.01"].kind, areas["98.01"].name) == ("kabupaten", "Contoh")
    assert (areas["98.01.01"].name, areas["98.01.01.1002"].kind) == ("Lor", "kelurahan")


def test_a_changed_name_or_shape_is_an_update_of_that_area_alone(
    conn: Connection, tmp_path: Path, desa_file: Path
) -> None:
    load(conn, desa_file)
    before = list_areas(conn)
    features = desa_features()
    features[0]["properties"]["nama"] = "Sumber Mulyo"
    features[3]["geometry"] = feature(square(1, 0, 0.9))["geometry"]
    ledger = load(conn, write_geojson(tmp_path / "new.geojson", features), as_of=date(2026, 6, 30))
    assert (ledger.matched, ledger.unchanged) == (2, 2)
    after = list_areas(conn)
    changed = {code for code in after if after[code].as_of != before[code].as_of}
    assert changed == {"98.01.01.2001", "98.01.02.2002", "98.01.02", "98.01"}
    assert after["98.01.01.2001"].name == "Sumber Mulyo"
    assert after["98.01"].area_km2 < before["98.01"].area_km2


def test_a_file_of_one_desa_does_not_shrink_its_kecamatan(
    conn: Connection, tmp_path: Path, desa_file: Path
) -> None:
    load(conn, desa_file)
    before = list_areas(conn)
    one = write_geojson(tmp_path / "one.geojson", desa_features()[:1])
    ledger = load(conn, one)
    assert (ledger.read, ledger.unchanged) == (1, 1)
    assert list_areas(conn) == before
    assert any("dibiarkan" in note and "98.01.02.2002" in note for note in ledger.notes)


def test_rows_of_upper_levels_give_names_and_their_shape_only_without_villages(
    conn: Connection, tmp_path: Path
) -> None:
    villages = [item for item in desa_features() if item["properties"]["kecamatan"] == "Lor"]
    for item in villages:
        del item["properties"]["kabupaten"]
    upper = [
        feature(square(0, 1, 0.5), kode="980101", nama="Kecamatan Lor Baru"),
        feature(square(0, 0), kode=980102.0, nama="Kidul"),
        feature(square(0, 0), kode=9801, nama="Kabupaten Contoh"),
    ]
    ledger = load(conn, write_geojson(tmp_path / "mixed.geojson", [*villages, *upper]))
    areas = list_areas(conn)
    assert ledger.new == 5
    assert ledger.derived == {}
    assert areas["98.01.01"].name == "Lor Baru"
    assert areas["98.01.01"].area_km2 == pytest.approx(
        areas["98.01.01.2001"].area_km2 + areas["98.01.01.1002"].area_km2
    )
    assert any("Lor Baru" in note and "km²" in note for note in ledger.notes)
    assert areas["98.01.02"].area_km2 == pytest.approx(get_area_km2(square(0, 0)))
    assert areas["98.01"].name == "Contoh"


def test_one_level_of_a_mixed_file(conn: Connection, tmp_path: Path) -> None:
    upper = feature(square(0, 0), kode="98.01", nama="Contoh")
    path = write_geojson(tmp_path / "mixed.geojson", [*desa_features(), upper])
    ledger = load(conn, path, level="kabupaten")
    assert (ledger.read, ledger.new) == (1, 1)
    assert count_levels(conn) == {"kabupaten": 1}
    assert any("4 baris tingkat desa" in note for note in ledger.notes)
    with pytest.raises(InvalidFile, match="kecamatan"):
        load(conn, path, level="kecamatan")
    with pytest.raises(InvalidFile, match="village"):
        load(conn, path, level="village")


def test_bad_rows_are_rejected_one_by_one_and_kept(conn: Connection, tmp_path: Path) -> None:
    bow = {"type": "Polygon", "coordinates": [[[113, -8], [113.1, -7.9], [113.1, -8], [113, -7.9]]]}
    bow["coordinates"][0].append([113, -8])  # type: ignore[attr-defined]
    rows = [
        feature(bow, kode="98.01.01.2009", nama="Silang"),
        feature(square(0, 1), kode="9801010999", nama="Hutan"),
        feature(square(0, 1), kode="9801020003", nama="Nomor BPS"),
        feature(shapely.Point(113, -8), kode="98.01.02.2003", nama="Titik"),
        feature(None, kode="98.01.02.2004", nama="Tanpa bentuk"),
        feature(square(3, 3), kode="", nama="Tanpa kode"),
        feature(square(3, 3), kode="98", nama="Provinsi"),
        feature(square(3, 3), kode="98.01.02.2002", nama="Nama lain"),
    ]
    path = write_geojson(tmp_path / "bad.geojson", [*desa_features(), *rows])
    ledger = load(conn, path)
    assert (ledger.read, ledger.new, ledger.repaired, ledger.rejected) == (12, 5, 1, 7)
    assert ledger.is_balanced
    for reason in (FOREST_CODE, LOOKS_LIKE_BPS, NOT_A_POLYGON, NO_SHAPE):
        assert ledger.reasons[reason] == 1
    kept = conn.execute(text("SELECT * FROM import_row ORDER BY row_number")).all()
    assert [(row.row_number, row.outcome) for row in kept] == [
        (5, "repaired"),
        *((number, "rejected") for number in range(6, 13)),
    ]
    assert kept[1].content["nama"] == "Hutan"
    assert conn.execute(text("SELECT ledger->>'rejected' FROM import_batch")).scalar() == "7"
    assert "Luar" not in {area.name for area in list_areas(conn).values()}


def test_rows_of_one_code_and_name_are_one_area(conn: Connection, tmp_path: Path) -> None:
    features = desa_features()
    features[0]["geometry"] = feature(square(0, 1, 0.5))["geometry"]
    island = feature(square(-1, 1, 0.3), **features[0]["properties"])
    path = write_geojson(tmp_path / "parts.geojson", [*features, island, features[3]])
    ledger = load(conn, path)
    assert (ledger.read, ledger.new, ledger.rejected) == (6, 6, 0)
    whole = get_area_km2(square(0, 1, 0.5)) + get_area_km2(square(-1, 1, 0.3))
    assert list_areas(conn)["98.01.01.2001"].area_km2 == pytest.approx(whole)


def test_overlaps_and_gaps_are_told_and_do_not_stop_the_import(
    conn: Connection, tmp_path: Path
) -> None:
    features = desa_features()
    features[0]["geometry"] = feature(square(0, 1, 1.05))["geometry"]
    hole = shapely.Point(113.15, -7.95).buffer(0.01)
    features[3]["geometry"] = feature(square(1, 0).difference(hole))["geometry"]
    ledger = load(conn, write_geojson(tmp_path / "desa.geojson", features))
    assert ledger.new == 4
    assert any("bertumpang tindih" in note and "98.01.01.1002" in note for note in ledger.notes)
    assert any("celah" in note for note in ledger.notes)
    maps = shapely.from_wkb([a.map for a in list_areas(conn).values() if a.level == "desa"])
    assert shapely.coverage_is_valid(maps)


def test_slivers_between_villages_leave_no_trace_in_the_kecamatan(
    conn: Connection, tmp_path: Path
) -> None:
    features = desa_features()
    shifted = shapely.transform(square(1, 1), lambda xy: np.add(xy, [0.00001, 0]))
    features[1]["geometry"] = feature(shifted)["geometry"]
    load(conn, write_geojson(tmp_path / "desa.geojson", features))
    kecamatan = shapely.from_wkb(list_areas(conn)["98.01.01"].shape)
    assert shapely.get_num_geometries(kecamatan) == 1
    assert len(kecamatan.geoms[0].interiors) == 0


def _write_crosswalk(path: Path) -> Path:
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(["Kode Kemendagri", "KODE_BPS", "nama"])
        writer.writerows([code, bps, "x"] for code, bps in BPS_CODES.items())
    return path


def test_bps_codes_through_a_crosswalk(conn: Connection, tmp_path: Path) -> None:
    features = desa_features()
    for item in features:
        properties = item["properties"]
        properties["iddesa"] = float(BPS_CODES[properties.pop("kode")])
    features.append(feature(square(5, 5), iddesa=9801010999, nama="Hutan"))
    features.append(feature(square(5, 5), iddesa=9801010777, nama="Baru"))
    crosswalk = _write_crosswalk(tmp_path / "codes.csv")
    path = write_geojson(tmp_path / "bps.geojson", features)
    ledger = load(conn, path, crosswalk=crosswalk)
    areas = list_areas(conn)
    assert (ledger.new, ledger.rejected) == (4, 2)
    assert ledger.reasons == {FOREST_CODE: 1, NOT_IN_CROSSWALK: 1}
    assert {code: areas[code].bps_code for code in DESA} == BPS_CODES
    assert (areas["98.01.01"].bps_code, areas["98.01"].bps_code) == ("9801020", "9801")
    assert areas["98.01.01.2001"].name == DESA["98.01.01.2001"][0]


def test_a_crosswalk_does_no_harm_to_kemendagri_codes(
    conn: Connection, tmp_path: Path, desa_file: Path
) -> None:
    load(conn, desa_file, crosswalk=_write_crosswalk(tmp_path / "codes.csv"))
    areas = list_areas(conn)
    assert {code: areas[code].bps_code for code in DESA} == BPS_CODES


@pytest.mark.parametrize("path", [pytest.param(REAL_DESA)] if REAL_DESA.exists() else [])
def test_the_real_regency_with_bps_codes_only(conn: Connection, tmp_path: Path, path: Path) -> None:
    load(conn, path)
    before = list_areas(conn)
    features = _real_features()
    for item in features:
        kept = item["properties"]
        item["properties"] = {"IDDESA": int(kept["bps_code"]), "NMDESA": kept["name"]}
    without_kemendagri = write_geojson(tmp_path / "bps.geojson", features)
    ledger = load(conn, without_kemendagri, crosswalk=REAL_CROSSWALK)
    assert (ledger.read, ledger.unchanged, ledger.rejected) == (217, 217, 0)
    assert list_areas(conn) == before


def test_the_columns_of_the_national_mapping_agency(conn: Connection, tmp_path: Path) -> None:
    features = [
        feature(
            item["geometry"],
            NAMOBJ=item["properties"]["nama"],
            FCODE="BA03070040",
            KDEPUM=item["properties"]["kode"],
            KDCPUM=item["properties"]["kode"][:8],
            WADMKC=item["properties"]["kecamatan"],
            WADMKK="Contoh",
            OBJECTID=number,
        )
        for number, item in enumerate(desa_features())
    ]
    load(conn, write_geojson(tmp_path / "rbi.geojson", features))
    areas = list_areas(conn)
    assert areas["98.01.02.2002"].name == "Karang Anyar"
    assert (areas["98.01.02"].name, areas["98.01"].name) == ("Kidul", "Contoh")


def test_areas_without_a_name_take_their_code_until_a_file_names_them(
    conn: Connection, tmp_path: Path
) -> None:
    features = desa_features()
    for item in features:
        del item["properties"]["kabupaten"]
    ledger = load(conn, write_geojson(tmp_path / "desa.geojson", features))
    assert any("tanpa nama" in note and "98.01" in note for note in ledger.notes)
    assert list_areas(conn)["98.01"].name == "98.01"
    named = feature(square(0, 0), kode="98.01", nama="Kabupaten Contoh")
    ledger = load(conn, write_geojson(tmp_path / "kabupaten.geojson", [named]))
    assert (ledger.read, ledger.matched) == (1, 1)
    assert list_areas(conn)["98.01"].name == "Contoh"


def test_schematic_stays_said_until_every_area_is_replaced(
    conn: Connection, tmp_path: Path, desa_file: Path
) -> None:
    def is_schematic() -> bool:
        return bool(conn.execute(text("SELECT is_schematic FROM source")).scalar_one())

    load(conn, desa_file, is_schematic=True)
    conn.execute(text("UPDATE source SET is_synthetic = true"))
    assert is_schematic()
    load(conn, write_geojson(tmp_path / "one.geojson", desa_features()[:1]))
    assert is_schematic()
    load(conn, desa_file)
    assert not is_schematic()
    assert not conn.execute(text("SELECT is_synthetic FROM source")).scalar_one()


def test_several_files_are_one_import_with_a_batch_each(conn: Connection, tmp_path: Path) -> None:
    first = write_geojson(tmp_path / "lor.geojson", desa_features()[:2])
    second = write_geojson(tmp_path / "kidul.geojson", desa_features()[2:])
    steps: list[str] = []
    ledger = load(conn, first, second, progress=steps.append)
    assert ledger.new == 4
    assert conn.execute(text("SELECT count(*) FROM import_batch")).scalar() == 2
    assert steps[:2] == ["Reading lor.geojson", "Reading kidul.geojson"]


def test_a_refused_second_file_leaves_nothing_of_the_first(
    conn: Connection, tmp_path: Path, desa_file: Path
) -> None:
    before = dump(conn)
    empty = tmp_path / "empty.geojson"
    empty.touch()
    with pytest.raises(InvalidFile, match="kosong"):
        load(conn, desa_file, empty)
    assert dump(conn) == before


def test_files_are_read_whatever_the_folder_is_called(conn: Connection, tmp_path: Path) -> None:
    folder = tmp_path / "a!b%20c #1"
    folder.mkdir()
    shutil.copy(_geopackage(tmp_path), folder / "zip:desa.gpkg")
    assert load(conn, folder / "zip:desa.gpkg").new == 4
