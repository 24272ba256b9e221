"""Which column of a boundary file holds the code, and which the names.

The spellings are those of the files that circulate: BIG's RBI (KDEPUM, WADMKD, NAMOBJ), BPS
(KDEBPS, iddesa, nmdesa), and hand-made ones.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from geo.boundary_codes import is_code_like

_CODE_NAMES = (
    ("kodekemendagri", "kemendagricode", "kemendagri", "kddagri"),
    ("kdepum", "kodedesa", "kddesa", "iddesa", "kodekelurahan", "kodedeskel", "kodekeldesa"),
    ("code", "kode", "kodewilayah", "kodewil", "kdwilayah", "kodeadm", "adm4pcode"),
    ("kdcpum", "kodekecamatan", "kodekec", "kdkec", "idkec"),
    ("kdpkab", "kodekabupaten", "kodekab", "kdkab", "idkab"),
    ("id",),
)
_BPS_CODE_NAMES = ("bpscode", "kodebps", "bpscode2020", "kdebps", "kdcbps", "kdbbps", "idbps")
_GENERAL_NAMES = ("name", "nama", "namobj", "namawilayah", "namawil")
_NAMES_OF_LEVEL = {
    "desa": (
        "wadmkd",
        "namadesa",
        "nmdesa",
        "desa",
        "kelurahan",
        "namakelurahan",
        "desakelurahan",
        "deskel",
        "keldesa",
    ),
    "kecamatan": ("wadmkc", "namakecamatan", "nmkec", "namakec", "kecamatan"),
    "kabupaten": (
        "wadmkk",
        "namakabupaten",
        "nmkab",
        "namakab",
        "kabupaten",
        "kabupatenkota",
        "kabkota",
    ),
}
_TITLES = {
    "desa": r"(desa|kelurahan|kel\.)",
    "kecamatan": r"(kecamatan|kec\.)",
    "kabupaten": r"(kabupaten|kab\.|kota)",
}


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a file by what they hold.

    Attributes
    ----------
    code
        The column of codes; None when no column holds any.
    bps_code
        A column of BPS codes beside it.
    general
        Columns that name the row itself, whatever its level.
    by_level
        Columns that name the desa, kecamatan or kabupaten a row belongs to.
    """

    code: str | None
    bps_code: str | None
    general: tuple[str, ...]
    by_level: Mapping[str, tuple[str, ...]]


def find_columns(columns: Mapping[str, Sequence[object]]) -> Columns:
    """Recognise the columns of a file, whatever their case and spelling.

    Parameters
    ----------
    columns
        Values by column name.

    Returns
    -------
    Columns
    """
    by_name: dict[str, str] = {}
    for column in columns:
        by_name.setdefault(re.sub(r"[^a-z0-9]", "", column.lower()), column)
    bps_columns = _present(_BPS_CODE_NAMES, by_name)
    ranked = [column for names in _CODE_NAMES for column in _present(names, by_name)]
    return Columns(
        code=_find_code_column([*ranked, *bps_columns], columns),
        bps_code=bps_columns[0] if bps_columns else None,
        general=_present(_GENERAL_NAMES, by_name),
        by_level={level: _present(names, by_name) for level, names in _NAMES_OF_LEVEL.items()},
    )


def _present(names: Sequence[str], by_name: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(by_name[name] for name in names if name in by_name)


def _find_code_column(
    candidates: Sequence[str], columns: Mapping[str, Sequence[object]]
) -> str | None:
    # A file of kecamatan carries the village column too, empty; an "id" may be a mere counter.
    shares = {
        column: sum(map(is_code_like, columns[column])) / max(len(columns[column]), 1)
        for column in candidates
    }
    for column in candidates:
        if shares[column] >= 0.5:
            return column
    best = max(candidates, key=lambda column: shares[column], default=None)
    return best if best is not None and (shares[best] > 0 or len(candidates) == 1) else None


def read_name(row: Mapping[str, object], names: Sequence[str], level: str) -> str | None:
    """Return the first name that the columns hold, without a title such as "Kecamatan".

    Parameters
    ----------
    row
        Values by column name.
    names
        The columns to look into, best first.
    level
        The level of the area that is named: its title is dropped, as the kind already says it.

    Returns
    -------
    str or None
        None when every column is empty or holds only figures.
    """
    for column in names:
        name = " ".join(str(row.get(column) or "").split())
        if any(character.isalpha() for character in name) and name.lower() not in ("nan", "none"):
            return re.sub(rf"^{_TITLES[level]}\s+(?=\S)", "", name, flags=re.IGNORECASE)
    return None
