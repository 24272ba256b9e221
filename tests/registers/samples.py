"""Files of every format with labelled faults, and what each row is expected to come to.

``write_sample("households", "p3ke_keluarga", path)`` writes one file and returns one
:class:`ExpectedRow` per row of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.registers import headers
from tests.registers.people import House, Member, make_households
from tests.registers.person_rows import OF_MEMBER
from tests.registers.rows import OF_HOUSE, P3KE_MEANS, Row
from tests.registers.writing import write_table

EVERY = tuple(OF_HOUSE) + tuple(OF_MEMBER)
"""Kind and key of every format."""

BITS = {"pkh": 1, "bpnt": 2, "pbi_jkn": 4}

_HEADERS = {
    "p3ke_keluarga": headers.P3KE_KELUARGA,
    "p3ke_individu": headers.P3KE_INDIVIDU,
    "dtsen_keluarga": headers.DTSEN_KELUARGA,
    "dtsen_anggota": headers.DTSEN_ANGGOTA,
    "dtks_ruta": headers.DTKS_RUTA,
    "dtks_art": headers.DTKS_ART,
    "bdt2015": headers.BDT2015,
}
_COUNTS_COLUMNS = ("bdt2015",)
_LOST = "Nomor 16 angka tersimpan sebagai angka sehingga digit terakhirnya hilang; jadikan teks."


@dataclass(frozen=True, slots=True)
class ExpectedRow:
    """What is to become of a row.

    Attributes
    ----------
    row_number
        Its number in the file, the first row being 0.
    fault
        Label of what was done to it, ``sound`` when nothing was.
    outcome
        ``taken``, ``noted``, ``rejected`` or ``passed_over``.
    reasons
        The sentences.
    values
        Some of the canonical values of a row that is taken.
    """

    row_number: int
    fault: str
    outcome: str
    reasons: tuple[str, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with a row: the first of these columns that a format has gets the cell."""

    label: str
    outcome: str
    reason: str
    columns: tuple[str, ...]
    cell: Any
    changes: Mapping[str, Any] = field(default_factory=dict)
    kinds: tuple[str, ...] = ("households", "persons", "population", "aid", "points")


_NIK = ("NIK", "nik", "nik_kepala_keluarga", "nomor_induk_kependudukan", "rumah/nik")
_BORN = ("Tanggal Lahir", "tanggal_lahir", "TglLahir", "TGL_LHR")
FAULTS = (
    Fault("nik_in_no_calendar", "rejected", "NIK: Tanggal lahir di dalam NIK tidak ada di"
          " kalender.", _NIK, "3510013299850001"),
    Fault("nik_rounded", "rejected", _LOST, _NIK, "3,51E+15"),
    Fault("nik_in_thousands", "rejected", _LOST, _NIK, "3.510.015.212.800.000"),
    Fault("nik_too_short", "rejected", "NIK: Nomor harus terdiri atas 16 angka.", _NIK, "35100"),
    Fault("nik_serial_0000", "rejected", "NIK: Nomor urut tidak boleh 0000.", _NIK,
          "3510011203850000"),
    Fault("nik_masked", "noted", "NIK: nomor disamarkan dan dianggap kosong.", _NIK,
          "3510********0001", {"nik": None}),
    Fault("born_tomorrow", "rejected", "Tanggal lahir sesudah tanggal data.", _BORN,
          "31/12/2999"),
    Fault("born_too_early", "rejected", "Tanggal lahir lebih dari 120 tahun yang lalu.", _BORN,
          "1899-12-31"),
    Fault("born_never", "taken", "", _BORN, "00/00/0000", {"birth_date": None}),
    Fault("no_such_village", "rejected", "Kode desa tidak ada dalam daftar wilayah.",
          ("Kode Kemdagri", "kode_desa"), "35.10.09.2009", kinds=("households",)),
    Fault("no_such_bps_village", "rejected",
          "Kode desa BPS tidak ada padanannya dalam daftar wilayah.",
          ("kode_kelurahan_desa", "KDDESA", "Kode Desa/Kelurahan (10)"), "999",
          kinds=("households",)),
    Fault("decile_12", "rejected", "Desil harus angka 1 sampai 10.",
          ("Desil Kesejahteraan", "desil_nasional", "desil"), "12", kinds=("households",)),
    Fault("percentile_high", "noted",
          "persentil di atas 40 berarti di atas desil 4; desil dikosongkan.",
          ("Percentile", "percentile"), "55", {"decile": None}, kinds=("households",)),
    Fault("floor_unknown", "noted", "isi kolom “{column}” tidak dikenal dan dikosongkan.",
          ("Jenis Lantai", "jenis_lantai_terluas", "Lantai", "Lantai terluas (19)"), "pualam?",
          {"floor_material": None}, kinds=("households",)),
    Fault("no_head", "rejected", "Nama kepala keluarga kosong.",
          ("Kepala Keluarga", "nama_anggota_keluarga", "Nama_KRT", "Nama KRT (13)",
           "nama_kepala_keluarga"), " ", kinds=("households",)),
    Fault("no_name", "rejected", "Nama kosong.",
          ("Nama", "nama", "Nama ART", "NAMA_LGKP"), "", kinds=("persons", "population")),
    Fault("far_away", "rejected", "Posisi berada di luar kabupaten.",
          ("longitude", "_rumah/gps_longitude", "bujur"), 98.5, kinds=("points", "households")),
    Fault("no_position", "rejected", "Posisi kosong atau tidak lengkap.",
          ("latitude", "_rumah/gps_latitude"), "", kinds=("points",)),
    Fault("no_programme", "rejected", "Kode program kosong.", ("program", "Program"), "",
          kinds=("aid",)),
    Fault("period_wrong", "rejected", "Periode harus seperti 2026, 2026-07, 2026-S1, atau"
          " 2026-Q3.", ("periode", "Periode"), "Juli", kinds=("aid",)),
)  # fmt: skip
_FLOOR_TITLES = {
    "Jenis Lantai": "Jenis Lantai", "jenis_lantai_terluas": "Jenis lantai", "Lantai": "Lantai",
    "Lantai terluas (19)": "Lantai terluas",
}  # fmt: skip
_KEYS = {
    "kentongan": "K{}", "p3ke_keluarga": "351{:07d}", "dtks_ruta": "BDT{:06d}",
    "bdt2015": "BDT{:06d}",
}  # fmt: skip


def write_sample(
    kind: str,
    format_key: str,
    path: Path,
    *,
    households: Sequence[House] | None = None,
    with_faults: bool = True,
    titles_above: int = 0,
    encoding: str = "utf-8",
    separator: str = ",",
) -> list[ExpectedRow]:
    """Write families, or their members, as a file of a format.

    Parameters
    ----------
    kind, format_key
        One of ``EVERY``.
    path
        Its ending says what file is written.
    households
        Enough of them for every fault, otherwise the invented ones.
    with_faults
        Whether every second row has one of the faults, each at most once.
    titles_above
        How many lines stand above the header.
    encoding, separator
        Of a text file.

    Returns
    -------
    list of ExpectedRow
        In the order of the file.
    """
    houses = households if households is not None else make_households(60)
    rows = _list_rows(kind, format_key, houses)
    header = _HEADERS.get(format_key) or list(rows[0][0])
    lines: list[list[Any]] = [["Daftar rumah tangga"] + [""] * (len(header) - 1)] * titles_above
    lines.append(header)
    if format_key in _COUNTS_COLUMNS:
        lines.append(["KOLOM", *map(str, range(2, len(header) + 1))])
    faults = [fault for fault in FAULTS if kind in fault.kinds] if with_faults else []
    expected = []
    for number, (row, house, member) in enumerate(rows):
        fault = (
            faults.pop(0) if faults and number % 2 and _can_fail(kind, format_key, row) else None
        )
        label, outcome, reasons, changes = _apply(fault, row, format_key)
        if kind == "households" and format_key == "bdt2015" and member is not house.head:
            outcome, reasons = "passed_over", ()
        values = {**_expect(kind, format_key, house, member), **changes}
        is_taken = outcome in ("taken", "noted")
        expected.append(
            ExpectedRow(len(lines), label, outcome, reasons, values if is_taken else {})
        )
        lines.append([row.get(title, "") for title in header])
    write_table(path, lines, encoding=encoding, separator=separator)
    return expected


def _list_rows(
    kind: str, format_key: str, houses: Sequence[House]
) -> list[tuple[Row, House, Member]]:
    if make := OF_HOUSE.get((kind, format_key)):
        return [(make(house), house, house.head) for house in houses]
    write = OF_MEMBER[kind, format_key]
    return [(write(house, member), house, member) for house in houses for member in house.members]


def _can_fail(kind: str, format_key: str, row: Row) -> bool:
    return (kind, format_key) != ("households", "bdt2015") or row["HubKRT"] == "1"


def _apply(
    fault: Fault | None, row: Row, format_key: str
) -> tuple[str, str, tuple[str, ...], Mapping[str, Any]]:
    column = next((name for name in fault.columns if name in row), None) if fault else None
    if fault is None or column is None:
        return "sound", "taken", (), {}
    row[column] = fault.cell
    reason = fault.reason.format(column=_FLOOR_TITLES.get(column, column))
    return fault.label, fault.outcome, (reason,) if reason else (), fault.changes


def _expect(kind: str, format_key: str, house: House, member: Member) -> dict[str, Any]:
    if kind == "households":
        return _expect_household(format_key, house)
    if kind in ("persons", "population"):
        return _expect_person(kind, format_key, house, member)
    if kind == "points":
        return {"lon": str(house.lon), "lat": str(house.lat), "area_code": house.village.code}
    return {"status": "received"} if format_key == "kentongan" else {"amount_idr": 200_000}


def _expect_household(format_key: str, house: House) -> dict[str, Any]:
    means: Mapping[str, Mapping[str, str]] = P3KE_MEANS if format_key == "p3ke_keluarga" else {}
    kept = ("house_ownership", "floor_material", "toilet")
    housing = {
        key: means.get(key, {}).get(value, value)
        for key, value in house.housing.items()
        if format_key != "kentongan" or key in kept
    }
    told = {
        "p3ke_keluarga": ("pkh", "bpnt"),
        "dtsen_keluarga": ("pbi_jkn",),
        "dtks_ruta": ("pkh", "pbi_jkn"),
        "bdt2015": ("pkh", "pbi_jkn"),
    }.get(format_key)
    flags = None if told is None else sum(BITS[code] for code in told if code in house.receives)
    key = _KEYS.get(format_key)
    return {
        "external_id": key.format(house.number) if key else house.kk,
        "area_code": house.village.code,
        "decile": house.decile,
        "aid_flags": flags,
        **housing,
    }


def _expect_person(kind: str, format_key: str, house: House, member: Member) -> dict[str, Any]:
    found: dict[str, Any] = {
        "nik": member.nik,
        "sex": member.sex,
        "relationship": member.relationship,
    }
    if kind == "population":
        is_dead = member.relationship == "head" and house.number % 5 == 0
        return found | {"life_status": "dead" if is_dead else "alive", "kk": house.kk,
                        "area_code": house.village.code}  # fmt: skip
    if format_key == "kentongan":
        return found
    found |= {
        "area_code": house.village.code,
        "marital_status": member.marital_status,
        "schooling": member.schooling,
        "education": member.education,
        "work": member.work,
    }
    if format_key in ("p3ke_individu", "dtks_art", "bdt2015") and member.work == "student":
        found["work"] = "not_working"
    if format_key in ("dtks_art", "bdt2015"):
        found["disability"] = "hearing" if member.sex == "male" else None
    if format_key == "dtsen_anggota":
        found["disability"] = "physical" if member.sex == "male" else None
        found["household_key"] = house.kk
    return found
