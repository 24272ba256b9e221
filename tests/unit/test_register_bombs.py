"""Files that are made to hold the program up: each is refused in a sentence, and soon."""

from __future__ import annotations

import io
import json
import secrets
import zipfile
from pathlib import Path

import openpyxl
import pytest

from db.registers.files import open_table
from db.registers.formats import FORMATS
from geo.errors import InvalidFile


def write_sheet(path: Path, *, old: bytes = b"", new: bytes = b"", **more: bytes) -> Path:
    """Write a sheet of one family, something in its XML replaced, and further parts beside it."""
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in (["nik", "nama", "kode_desa"], ["3510015212800001", "Siti", "35.10.01.2001"]):
        book.active.append(row)
    plain = io.BytesIO()
    book.save(plain)
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as to:
        for name in source.namelist():
            content = source.read(name)
            to.writestr(name, content.replace(old, new) if name.endswith("sheet1.xml") else content)
        for name, content in more.items():
            to.writestr(name, content)
    return path


def read_all(path: Path, kind: str = "households") -> int:
    table = open_table(path, FORMATS[kind])
    return sum(len(chunk.raw) for chunk in table.iter_chunks())


def test_a_row_that_claims_a_far_number(tmp_path: Path) -> None:
    far = b"1000000000000"
    path = write_sheet(tmp_path / "far.xlsx", old=b'<row r="2"', new=b'<row r="' + far + b'"')
    with pytest.raises(InvalidFile, match="baris kosong"):
        read_all(path)


def test_a_bomb_beside_random_bytes(tmp_path: Path) -> None:
    path = write_sheet(
        tmp_path / "bomb.xlsx",
        **{"xl/other.xml": b"<si/>" * 4_000_000, "xl/noise.bin": secrets.token_bytes(1 << 20)},
    )
    with pytest.raises(InvalidFile, match="terlalu besar"):
        read_all(path)


@pytest.mark.parametrize("escape", ["\\ud800", "\\u0000", "\\udc00x"])
@pytest.mark.parametrize("where", ["key", "value"])
def test_letters_that_no_database_keeps(tmp_path: Path, escape: str, where: str) -> None:
    key, value = (f"nik{escape}", "1") if where == "key" else ("nik", f"1{escape}")
    feature = {"type": "Feature", "properties": {"KEY": "VALUE"}, "geometry": None}
    written = json.dumps({"type": "FeatureCollection", "features": [feature]})
    path = tmp_path / "points.geojson"
    path.write_text(written.replace("KEY", key).replace("VALUE", value), encoding="utf-8")
    with pytest.raises(InvalidFile, match="bukan GeoJSON"):
        read_all(path, "points")
