"""From the columns and shapes of one layer of a file to its rows, each taken or rejected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from geo.boundary_areas import BoundaryRow
from geo.boundary_codes import (
    BPS_DIGITS,
    Crosswalk,
    RejectedCode,
    are_bps_codes,
    digits_of,
    parse_bps_code,
    parse_code,
)
from geo.boundary_columns import Columns, find_columns, read_name
from geo.boundary_shapes import Shapes, check_extent, check_shapes, to_lonlat
from geo.errors import InvalidFile
from geo.text import N_
from geo.view import level_of

NO_CODE_COLUMN = N_("Berkas ini tidak memiliki kolom kode wilayah; namai kolomnya “kode”.")


@dataclass(slots=True)
class LayerRows:
    """The rows of one layer, each in one of three places.

    Attributes
    ----------
    taken
        Rows that hold an area.
    rejections
        Row number, code as it stood, and the reason.
    repairs
        Row number, code, and what was repaired.
    skipped
        How many rows of another level than the one asked for, by their level.
    """

    taken: list[BoundaryRow] = field(default_factory=list)
    rejections: list[tuple[int, str, str]] = field(default_factory=list)
    repairs: list[tuple[int, str, str]] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class _CodeReader:
    """Reads the codes of one layer, in the numbering that the layer uses."""

    columns: Columns
    crosswalk: Crosswalk | None
    is_bps: bool

    def read(self, row: Mapping[str, object]) -> str:
        value = row[self.columns.code or ""]
        if self.is_bps and self.crosswalk is not None:
            return parse_bps_code(value, self.crosswalk)
        return parse_code(value)

    def read_bps(self, row: Mapping[str, object], code: str) -> str | None:
        if self.columns.bps_code is not None:
            with suppress(RejectedCode):
                digits = digits_of(row[self.columns.bps_code])
                if len(digits) == BPS_DIGITS[level_of(code)]:
                    return digits
        return self.crosswalk.bps_of.get(code) if self.crosswalk is not None else None


def read_layer(
    columns: Mapping[str, Sequence[object]],
    shapes: Shapes,
    crs: str | None,
    *,
    file_number: int = 0,
    first_row_number: int = 1,
    level: str | None = None,
    crosswalk: Crosswalk | None = None,
) -> LayerRows:
    """Read the rows of one layer.

    Parameters
    ----------
    columns
        Values by column name.
    shapes
        One for each row, in the coordinate system `crs`.
    crs
        Authority code or WKT; None when the file states none.
    file_number, first_row_number
        Where the layer stands among the files, and its first row in its file.
    level
        Take only the rows of this level: ``kabupaten``, ``kecamatan`` or ``desa``.
    crosswalk
        Pairs of Kemendagri and BPS codes. The numbering of the layer is the one that more of its
        codes are found in.

    Returns
    -------
    LayerRows

    Raises
    ------
    InvalidFile
        When the layer has no column of codes, an unknown coordinate system, or lies outside
        Indonesia.
    """
    found = find_columns(columns)
    if found.code is None:
        raise InvalidFile(NO_CODE_COLUMN)
    is_bps = crosswalk is not None and are_bps_codes(columns[found.code], crosswalk)
    reader = _CodeReader(found, crosswalk, is_bps)
    lonlat = to_lonlat(shapes, crs)
    check_extent(lonlat, crs)
    checked = check_shapes(lonlat)

    rows = LayerRows()
    for index, shape in enumerate(checked.shapes):
        row = {name: values[index] for name, values in columns.items()}
        number = first_row_number + index
        try:
            code = reader.read(row)
        except RejectedCode as reason:
            rows.rejections.append((number, str(row[found.code] or ""), str(reason)))
            continue
        if level not in (None, level_of(code)):
            rows.skipped[level_of(code)] += 1
        elif (against := checked.rejections[index]) is not None:
            rows.rejections.append((number, code, against))
        else:
            bps_code = reader.read_bps(row, code)
            taken = _take(row, found, code, bps_code, shape, (file_number, number))
            rows.taken.append(taken)
            if (repair := checked.repairs[index]) is not None:
                rows.repairs.append((number, code, repair))
    return rows


def _take(
    row: Mapping[str, object],
    columns: Columns,
    code: str,
    bps_code: str | None,
    shape: object,
    place: tuple[int, int],
) -> BoundaryRow:
    level = level_of(code)
    upper = ("kabupaten", "kecamatan")[: code.count(".") - 1]
    told = {above: read_name(row, columns.by_level[above], above) for above in upper}
    return BoundaryRow(
        code=code,
        name=read_name(row, (*columns.general, *columns.by_level[level]), level),
        upper_names={above: name for above, name in told.items() if name},
        bps_code=bps_code,
        shape=shape,
        place=place,
    )
