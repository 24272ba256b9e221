"""Register files as they really come: encodings, stray rows, drifting titles; and hostile ones."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path

import pytest

from db.registers.files import Table, open_table
from db.registers.formats import FORMATS
from db.registers.suggesting import read_preview, suggest_mapping
from geo.errors import InvalidFile
from tests.registers.people import make_households
from tests.registers.samples import EVERY, write_sample
from tests.registers.writing import write_ods_content, write_table
from tests.unit.test_register_formats import assert_as_expected, make_checker, read_all

HOUSEHOLDS = FORMATS["households"]
HEADER = ["id_keluarga", "nama", "kode_desa"]
ROWS = [HEADER, ["K1", "Sari é", "35.10.01.2001"], ["K2", "Budi", "35.10.01.2002"]]


def read_cells(table: Table) -> list[tuple[int, str]]:
    return [
        (number, name)
        for chunk in table.iter_chunks()
        for number, name in zip(chunk.numbers, chunk.cells["head_name"], strict=True)
    ]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "latin-1"]
)
def test_text_in_every_encoding(tmp_path: Path, encoding: str, separator: str) -> None:
    path = tmp_path / "a.csv"
    write_table(path, ROWS, encoding=encoding, separator=separator)
    table = open_table(path, HOUSEHOLDS)
    assert read_cells(table) == [(1, "Sari é"), (2, "Budi")]
    assert table.separator == separator


@pytest.mark.parametrize("ending", [".csv", ".xlsx", ".xls", ".ods"])
def test_titles_above_and_counts_below_the_header_are_skipped(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"a{ending}"
    above = [["DATA KELUARGA, MISKIN", "", ""], ["", "", ""]]
    write_table(path, [*above, HEADER, ["(1)", "(2)", "(3)"], ["", "", ""], *ROWS[1:]])
    table = open_table(path, HOUSEHOLDS)
    assert table.header == tuple(HEADER)
    # The numbers stay those of the file.
    assert read_cells(table) == [(5, "Sari é"), (6, "Budi")]
    assert table.pick_rows({6})[6][0] == "K2"


@pytest.mark.parametrize(("kind", "key"), EVERY)
def test_titles_in_any_case_spelling_and_order(tmp_path: Path, kind: str, key: str) -> None:
    path, drifted = tmp_path / "a.csv", tmp_path / "b.csv"
    write_sample(kind, key, path, households=make_households(4), with_faults=False)
    header, *rows = csv.reader(path.read_text().splitlines())
    turned = [header[::-1], *(row[::-1] for row in rows)]
    turned[0] = [f" {title.upper().replace('_', ' ')} " for title in turned[0]]
    write_table(drifted, turned)
    assert open_table(drifted, FORMATS[kind]).format.key == key
    if key != "survei":  # whose groups end at a slash or a hyphen
        assert set(open_table(drifted, FORMATS[kind]).columns) == set(
            open_table(path, FORMATS[kind]).columns
        )


@pytest.mark.parametrize(
    ("kind", "key", "was", "becomes", "field"),
    [
        ("households", "p3ke_keluarga", "Penerima BPNT", "Penerima BNPT", "flag_bpnt"),
        ("households", "dtks_ruta", "Sumber_airminum", "SumberAirMinum", "drinking_water"),
        ("households", "dtks_ruta", "Luas_lantai", "luaslantai", "floor_area_m2"),
        ("persons", "dtks_art", "Hub_KRT", "HubKRT ", "other_relationship"),
    ],
)
def test_known_drifts(
    tmp_path: Path, kind: str, key: str, was: str, becomes: str, field: str
) -> None:
    path = tmp_path / "a.csv"
    write_sample(kind, key, path, households=make_households(2), with_faults=False)
    path.write_text(path.read_text().replace(was, becomes, 1))
    assert field in open_table(path, FORMATS[kind]).columns


def test_a_format_named_by_hand_and_one_that_is_not_known(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    write_sample("households", "dtsen_keluarga", path)
    assert open_table(path, HOUSEHOLDS, format_key="dtsen_keluarga").format.kind == "households"
    with pytest.raises(InvalidFile, match="tidak ada dalam berkas"):
        open_table(path, HOUSEHOLDS, format_key="p3ke_keluarga")
    with pytest.raises(InvalidFile, match="tidak dikenal"):
        open_table(path, HOUSEHOLDS, format_key="regsosek")


def test_a_file_of_another_kind_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    write_sample("persons", "dtks_art", path)
    with pytest.raises(InvalidFile, match="DTKS anggota"):
        open_table(path, HOUSEHOLDS)


def test_an_unknown_file_is_read_through_a_mapping(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    header = ["Kunci Kel.", "Nama KepalaKeluarga", "Kd Desa", "Jenis lantay", "warna"]
    write_table(path, [["Data 2026"], header, ["K1", "Sari", "3510012001", "Tanah", "biru"]])
    mapping = suggest_mapping(header, "households")
    assert mapping["head_name"] == "Nama KepalaKeluarga"
    assert mapping["floor_material"] == "Jenis lantay"
    assert "warna" not in mapping.values()
    mapping |= {"external_id": "Kunci Kel.", "area_code": "Kd Desa"}
    preview = read_preview(
        path, HOUSEHOLDS, lambda table: make_checker(table, "households").check, mapping=mapping
    )
    [row] = preview.rows
    assert (row.row_number, row.reasons) == (2, [])
    assert row.values["floor_material"] == "earth"
    assert row.values["area_code"] == "35.10.01.2001"
    with pytest.raises(InvalidFile, match="tidak dapat dipasangkan"):
        open_table(path, HOUSEHOLDS, mapping={**mapping, "decile": "Desil"})


def test_a_preview_says_what_each_row_would_come_to(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    expected = write_sample("households", "p3ke_keluarga", path)
    preview = read_preview(
        path, HOUSEHOLDS, lambda table: make_checker(table, "households").check, rows=20
    )
    assert len(preview.rows) == 20
    assert preview.format.key == "p3ke_keluarga"
    for got, wanted in zip(preview.rows, expected, strict=False):
        assert bool(got.reasons) == (wanted.outcome == "rejected")
        assert tuple(got.reasons or got.remarks) == wanted.reasons


def test_rejected_rows_come_back_with_their_two_columns(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    header = [*HEADER, "Alasan", "Baris asal"]
    write_table(path, [header, ["K1", "Sari", "3510012001", "Nama kosong.", "12:7"]])
    table, found = read_all(path, "households")
    assert table.unknown_columns == []
    assert found[1].values["origin_row"] == "12:7"


def test_points_in_geojson(tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    expected = write_sample("points", "kentongan", path)
    assert_as_expected(read_all(path, "points")[1], expected)


def test_a_survey_with_the_position_in_one_column(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    header = ["grup/nik", "grup/nama_krt", "grup/gps", "_submission_time"]
    rows = [
        ["3510010103850001", "Budi", "-8.02 114.02 120.5 4.9", "2026-05-03T08:20:00"],
        ["3510010103850002", "Budi", "114.02 -8.02 0 0", "2026-05-03"],
        ["3510010103850003", "Budi", "di rumah", "2026-05-03"],
    ]
    write_table(path, [header, *rows])
    _, found = read_all(path, "points")
    assert found[1].outcome == "taken"
    assert (found[1].values["lon"], found[1].values["accuracy_m"]) == ("114.02", 4.9)
    assert found[1].values["area_code"] == "35.10.01.2001"
    assert "tertukar" in found[2].reasons[0]
    assert found[3].outcome == "rejected"


def test_members_of_bdt_are_passed_over_for_households_and_said_so(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    houses = make_households(3)
    write_sample("households", "bdt2015", path, households=houses, with_faults=False)
    table, found = read_all(path, "households")
    assert len(found) == 3
    members = sum(len(house.members) - 1 for house in houses)
    assert f"{members} baris anggota tidak dibaca" in table.remarks[0]


# --- Hostile files ------------------------------------------------------------------------------


def refuse(path: Path) -> str:
    with pytest.raises(InvalidFile) as refused:
        for _ in open_table(path, [*HOUSEHOLDS, *FORMATS["points"]]).iter_chunks():
            pass
    return str(refused.value)


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.csv", b"", "kosong"),
        ("a.csv", b"id_keluarga,nama,kode_desa\r\n", "hanya berisi judul"),
        ("a.csv", b"id_keluarga,nama\0,kode_desa\r\nK1,a,b\r\n", "bukan teks"),
        ("a.csv", bytes(range(256)) * 40, "bukan teks"),
        ("a.csv", b"\x89PNG\r\n\x1a\n" + b"\0" * 99, "bukan teks"),
        ("a.csv", b"x" * 200_000, "terlalu panjang"),
        ("a.csv", b",".join(b"k%d" % n for n in range(10_000)) + b"\r\n1\r\n", "10000 kolom"),
        ("a.csv", b'id_keluarga,nama,kode_desa\r\nK1,"a,b\r\n', "Tabel dalam berkas rusak"),
        ("a.csv", b"id_keluarga,nama,kode_desa\r\nK1," + b"x" * 200_000, "sel terlalu panjang"),
        ("a.csv", "id,nama\0\x01,x\r\n".encode("utf-16"), "bukan teks"),
        ("a.csv", b"\xff\xfea\0b", "tidak dapat dibaca"),
        ("a.pdf", b"id_keluarga,nama,kode_desa\r\nK1,a,b\r\n", "ganti akhiran"),
        ("a.xls", b"PK\x03\x04" + b"\0" * 99, "ganti akhiran"),
        ("a.xlsx", b"PK\x03\x04" + b"\0" * 99, "rusak"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 4096, "rusak"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 4096, "rusak"),
        ("a.geojson", b"{" * 90_000, "bukan GeoJSON"),
        ("a.geojson", b'{"a":' * 90_000, "bukan GeoJSON"),
        ("a.geojson", b'{"type": "FeatureCollection", "features": [3]}', "bukan GeoJSON"),
        ("a.geojson", b'{"type": "FeatureCollection", "features": []}', "bukan GeoJSON"),
    ],
)
def test_broken_files_are_refused_whole(
    tmp_path: Path, name: str, content: bytes, says: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert says in refuse(path)


def test_a_cell_of_many_megabytes_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    with path.open("wb") as file:
        file.write(b"id_keluarga,nama,kode_desa\r\nK1,")
        for _ in range(200):
            file.write(b"x" * (1 << 20))
        file.write(b",3510012001\r\n")
    assert "terlalu panjang" in refuse(path)


def test_degrees_only(tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32750"}}
    path.write_text(json.dumps({"type": "FeatureCollection", "crs": crs, "features": [{}]}))
    assert "WGS 84" in refuse(path)


ROW = "<table:table-row>{}</table:table-row>"
CELL = '<table:table-cell office:value-type="string"{}><text:p>{}</text:p></table:table-cell>'


def ods_row(*cells: str) -> str:
    return ROW.format("".join(CELL.format("", cell) for cell in cells))


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (ROW.format(CELL.format(' table:number-columns-repeated="16384"', "x")), "16384 kolom"),
        (
            ods_row(*HEADER)
            + ods_row("K1", "a", "b").replace(
                "<table:table-row>", '<table:table-row table:number-rows-repeated="2000000000">'
            ),
            "Baris 2 diulang 2000000000 kali",
        ),
        (
            ods_row(*HEADER) + ROW.format(CELL.format(' table:formula="of:=1+1"', "2")),
            "Baris 2 berisi rumus",
        ),
        (ods_row(*HEADER) + "<table:table-row>", "rusak"),
        (
            ods_row(*HEADER)
            + ods_row("").replace(
                "<table:table-row>", '<table:table-row table:number-rows-repeated="1048575">'
            )
            + ods_row("K1", "a", "b"),
            "lebih dari 1048576 baris",
        ),
        (ods_row(*HEADER), "hanya berisi judul"),
    ],
)
def test_hostile_sheets(tmp_path: Path, body: str, says: str) -> None:
    path = tmp_path / "a.ods"
    write_ods_content(path, body)
    assert says in refuse(path)


def test_a_sheet_of_deeply_nested_xml_does_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "a.ods"
    deep = "<text:span>" * 100_000 + "x" + "</text:span>" * 100_000
    write_ods_content(path, ods_row(*HEADER) + ods_row("K1", deep, "3510012001"))
    [(number, name)] = read_cells(open_table(path, HOUSEHOLDS))
    assert (number, name) == (1, "x")


@pytest.mark.parametrize("name", ["a.xlsx", "a.ods"])
def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    inner = "content.xml" if name.endswith("ods") else "xl/worksheets/sheet1.xml"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open(inner, "w", force_zip64=True) as file,
    ):
        for _ in range(100):
            file.write(bytes(1 << 20))
    assert "terlalu besar setelah dibuka" in refuse(path)


def test_a_zip_that_is_no_workbook(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("hello.txt", "hello")
    path.write_bytes(buffer.getvalue())
    assert "rusak" in refuse(path)
