"""Tables of text as files of every type that is read."""

from __future__ import annotations

import csv
import json
import struct
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import xlsxwriter

Rows = Sequence[Sequence[Any]]


def write_table(path: Path, rows: Rows, *, encoding: str = "utf-8", separator: str = ",") -> None:
    """Write rows of texts and numbers as the ending of the path says."""
    kind = path.suffix.lower()
    if kind == ".xlsx":
        _write_xlsx(path, rows)
    elif kind == ".ods":
        _write_ods(path, rows)
    elif kind == ".xls":
        _write_xls(path, rows)
    elif kind == ".geojson":
        _write_geojson(path, rows)
    else:
        with path.open("w", encoding=encoding, newline="") as file:
            csv.writer(file, delimiter=separator).writerows(rows)


def _write_xlsx(path: Path, rows: Rows) -> None:
    with xlsxwriter.Workbook(path, {"strings_to_numbers": False}) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, ["" if cell is None else cell for cell in row])


def write_ods_content(path: Path, body: str) -> None:
    """Write an .ods file whose first table holds this XML."""
    spaces = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    content = (
        f'<?xml version="1.0"?><office:document-content{spaces}><office:body><office:spreadsheet>'
        f'<table:table table:name="a">{body}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)


def _write_ods(path: Path, rows: Rows) -> None:
    lines = (f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in rows)
    # As office programs do: the rest of the sheet is one row, said to repeat.
    end = '<table:table-row table:number-rows-repeated="1000000"><table:table-cell/>'
    write_ods_content(path, "".join(lines) + f"{end}</table:table-row>")


def _ods_cell(value: Any) -> str:
    if value in (None, ""):
        return "<table:table-cell/>"
    if isinstance(value, (int, float)):
        return f'<table:table-cell office:value-type="float" office:value="{value}"/>'
    return (
        '<table:table-cell office:value-type="string">'
        f"<text:p>{escape(value)}</text:p></table:table-cell>"
    )


def _write_geojson(path: Path, rows: Rows) -> None:
    header, *lines = rows
    lon, lat = header.index("longitude"), header.index("latitude")
    features = [
        {
            "type": "Feature",
            "properties": {
                title: cell
                for at, (title, cell) in enumerate(zip(header, row, strict=True))
                if at not in (lon, lat)
            },
            "geometry": row[lon] and {"type": "Point", "coordinates": [row[lon], row[lat]]},
        }
        for row in lines
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))


_SECTOR = 512
_END, _FREE, _FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


def _write_xls(path: Path, rows: Rows) -> None:
    """Write an Excel 97 workbook: no library that does is kept any more."""
    stream = _make_biff(rows)
    # Streams below 4,096 bytes would live in a store of their own.
    stream += bytes(max(4096, -(-len(stream) // _SECTOR) * _SECTOR) - len(stream))
    count = len(stream) // _SECTOR
    fat_count = 1
    while fat_count * 128 < count + 1 + fat_count:
        fat_count += 1
    # Sectors: the tables of sectors, the directory, the stream.
    chain = [_FAT] * fat_count + [_END]
    start = len(chain)
    chain += [start + n + 1 for n in range(count - 1)] + [_END]
    chain += [_FREE] * (fat_count * 128 - len(chain))
    header = struct.pack(
        "<8s16sHHHHH6sIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 0x3E, 3, 0xFFFE, 9, 6,
        b"", 0, fat_count, fat_count, 0, 4096, _END, 0, _END, 0,
    )  # fmt: skip
    table = [*range(fat_count), *[_FREE] * (109 - fat_count)]
    directory = _entry("Root Entry", 5, _END, 0, child=1) + _entry("Workbook", 2, start,
                                                                    len(stream))  # fmt: skip
    path.write_bytes(
        header
        + struct.pack("<109I", *table)
        + struct.pack(f"<{len(chain)}I", *chain)
        + directory.ljust(_SECTOR, b"\0")
        + stream
    )


def _entry(name: str, kind: int, start: int, size: int, *, child: int = _FREE) -> bytes:
    written = name.encode("utf-16-le") + b"\0\0"
    return written.ljust(64, b"\0") + struct.pack(
        "<HBBIII36sIII", len(written), kind, 1, _FREE, _FREE, child, b"", start, size, 0
    )


def _make_biff(rows: Rows) -> bytes:
    start = struct.pack("<HHHHII", 0x0600, 5, 0x0DBB, 0x07CC, 0, 6)
    name = "Lembar".encode("latin-1")
    head = _record(0x809, start)
    # Eight bytes of position and kind, then the name of the one sheet.
    sheet_at = len(head) + 4 + 8 + len(name) + 4
    head += _record(0x85, struct.pack("<IBBBB", sheet_at, 0, 0, len(name), 0) + name)
    head += _record(0x0A, b"")
    assert len(head) == sheet_at
    sheet = _record(0x809, struct.pack("<HHHHII", 0x0600, 0x10, 0x0DBB, 0x07CC, 0, 6))
    cells = (
        _biff_cell(at, column, value)
        for at, row in enumerate(rows)
        for column, value in enumerate(row)
        if value not in (None, "")
    )
    return head + sheet + b"".join(cells) + _record(0x0A, b"")


def _biff_cell(row: int, column: int, value: Any) -> bytes:
    where = struct.pack("<HHH", row, column, 0)
    if isinstance(value, (int, float)):
        return _record(0x203, where + struct.pack("<d", value))
    text = str(value).encode("utf-16-le")
    return _record(0x204, where + struct.pack("<HB", len(text) // 2, 1) + text)


def _record(kind: int, content: bytes) -> bytes:
    return struct.pack("<HH", kind, len(content)) + content
