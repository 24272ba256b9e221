"""One family as a row of each format: titles and cells; members in :mod:`.person_rows`.

The words and numbers stand here as the formats' own documentation gives them, independently of the
tables of the importer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tests.registers.people import House, Member

Row = dict[str, Any]

SEX = {"male": "Laki-laki", "female": "Perempuan"}
_DTKS_SEX = {"male": "1", "female": "2"}
OF_HEAD = {"head": "Kepala Keluarga", "spouse": "Istri/Suami", "child": "Anak"}

_P3KE = {
    "Kepemilikan Rumah": ("house_ownership", {"own": "MILIK SENDIRI", "rent": "KONTRAK/SEWA",
                                              "free": "BEBAS SEWA/MENUMPANG"}),
    "Jenis Lantai": ("floor_material", {"cement": "SEMEN", "wood": "KAYU/PAPAN",
                                        "bamboo": "BAMBU", "earth": "TANAH"}),
    "Jenis Dinding": ("wall_material", {"brick": "TEMBOK", "wood": "KAYU/PAPAN",
                                        "bamboo": "BAMBU"}),
    "Jenis Atap": ("roof_material", {"concrete": "BETON", "tile": "GENTENG", "bamboo": "BAMBU",
                                     "thatch": "JERAMI/IJUK/RUMBIA/ DAUN-DAUNAN"}),
    "Sumber Air Minum": ("drinking_water", {
        "piped": "LEDENG/PAM", "borehole": "SUMUR BOR", "protected_well": "SUMUR TERLINDUNG",
        "unprotected_well": "SUMUR TIDAK TERLINDUNG", "rain": "AIR HUJAN"}),
    "Sumber Penerangan": ("lighting", {
        "pln_metered": "LISTRIK PLN METERAN", "pln_unmetered": "LISTRIK PLN NON METERAN",
        "non_pln": "LISTRIK NON-PLN", "none": "BUKAN LISTRIK"}),
    "Bahan Bakar Memasak": ("cooking_fuel", {"lpg_3kg": "LISTRIK/GAS", "kerosene": "MINYAK TANAH",
                                             "firewood": "ARANG/KAYU"}),
    "Memiliki Fasilitas Buang Air Besar": ("toilet", {
        "own": "MILIK SENDIRI", "shared": "UMUM/BERSAMA", "none": "LAINNYA"}),
}  # fmt: skip
P3KE_MEANS = {
    "cooking_fuel": {"lpg_3kg": "electricity_or_gas", "firewood": "charcoal_or_wood"},
    "toilet": {"shared": "shared_or_public", "none": "other"},
}
_DTSEN = {
    "status_kepemilikan_rumah": ("house_ownership", {
        "own": "Milik sendiri", "rent": "Kontrak/sewa", "free": "Bebas sewa"}),
    "jenis_lantai_terluas": ("floor_material", {
        "cement": "Semen/bata merah", "wood": "Kayu/papan", "bamboo": "Bambu", "earth": "Tanah"}),
    "jenis_dinding_terluas": ("wall_material", {
        "brick": "Tembok", "wood": "Kayu/papan/gypsum/GRC/calciboard",
        "bamboo": "Anyaman bambu"}),
    "jenis_atap_terluas": ("roof_material", {
        "concrete": "Beton", "tile": "Genteng", "bamboo": "Bambu",
        "thatch": "Jerami/ijuk/daun-daunan/rumbia"}),
    "sumber_air_minum_utama": ("drinking_water", {
        "piped": "Leding", "borehole": "Sumur bor/pompa", "protected_well": "Sumur terlindung",
        "unprotected_well": "Sumur tak terlindung", "rain": "Air hujan"}),
    "sumber_penerangan_utama": ("lighting", {
        "pln_metered": "Listrik PLN dengan meteran",
        "pln_unmetered": "Listrik PLN tanpa meteran", "non_pln": "Listrik Non-PLN",
        "none": "Bukan listrik"}),
    "bahan_bakar_utama_memasak": ("cooking_fuel", {
        "lpg_3kg": "Gas elpiji 3 kg", "kerosene": "Minyak tanah", "firewood": "Kayu bakar"}),
    "fasilitas_bab": ("toilet", {
        "own": "Ada, hanya keluarga sendiri", "shared": "Ada, bersama keluarga tertentu",
        "none": "Tidak ada fasilitas"}),
}  # fmt: skip
_NUMBERS = {
    "house_ownership": {"own": "1", "rent": "2", "free": "3"},
    "floor_material": {"cement": "6", "wood": "8", "bamboo": "7", "earth": "9"},
    "wall_material": {"brick": "1", "wood": "3", "bamboo": "4"},
    "roof_material": {"concrete": "1", "tile": "4", "bamboo": "8", "thatch": "9"},
    "drinking_water": {"piped": "3", "borehole": "5", "protected_well": "6",
                       "unprotected_well": "7", "rain": "11"},
    "lighting": {"pln_metered": "1", "pln_unmetered": "1", "non_pln": "2", "none": "3"},
    "cooking_fuel": {"lpg_3kg": "3", "kerosene": "5", "firewood": "8"},
    "toilet": {"own": "1", "shared": "2", "none": "4"},
}  # fmt: skip
_DTKS = {
    "Sta_bangunan": "house_ownership", "Lantai": "floor_material", "Dinding": "wall_material",
    "Atap": "roof_material", "Sumber_airminum": "drinking_water", "Sumber_penerangan": "lighting",
    "bb_masak": "cooking_fuel", "Fasbab": "toilet",
}  # fmt: skip
_BDT = {
    "Status bangunan (16)": "house_ownership", "Lantai terluas (19)": "floor_material",
    "Dinding terluas (20)": "wall_material", "Atap Terluas (22)": "roof_material",
    "Sumber air minum (25)": "drinking_water", "Sumber penerangan utama (27)": "lighting",
    "Bahan bakar memasak (29)": "cooking_fuel", "Fasilitas BAB (30)": "toilet",
}  # fmt: skip
_POWER = {"pln_metered": "2", "pln_unmetered": "6"}
_HUB = {"head": "1", "spouse": "2", "child": "3"}
_STA_KAWIN = {"single": "1", "married": "2", "divorced": "3", "widowed": "4"}
_IJAZAH = {"primary": "1", "lower_secondary": "2", "upper_secondary": "3"}
_INDUSTRY = {"farmer": "1", "fisher": "4", "trader": "12"}


def _worded(table: Mapping[str, tuple[str, Mapping[str, str]]], house: House) -> Row:
    return {title: words[house.housing[key]] for title, (key, words) in table.items()}


def yes(flag: bool) -> str:
    return "Ya" if flag else "Tidak"


def kentongan_household(house: House) -> Row:
    return {
        "id_keluarga": f"K{house.number}",
        "no_kk": house.kk,
        "nama_kepala_keluarga": house.head.name,
        "nik_kepala_keluarga": house.head.nik,
        "tanggal_lahir": house.head.birth_date.isoformat(),
        "jenis_kelamin": SEX[house.head.sex],
        "alamat": house.address,
        "kode_desa": house.village.code,
        "bujur": str(house.lon),
        "lintang": str(house.lat),
        "desil": str(house.decile),
        "jumlah_anggota": str(len(house.members)),
        **{key: house.housing[key] for key in ("house_ownership", "toilet")},
        "lantai": {"cement": "semen", "wood": "kayu", "bamboo": "bambu", "earth": "tanah"}[
            house.housing["floor_material"]
        ],
    }


def p3ke_household(house: House) -> Row:
    return {
        "ID Keluarga P3KE": f"351{house.number:07d}",
        "Provinsi": "JAWA TIMUR",
        "Desa/Kelurahan": house.village.name.upper(),
        "Kode Kemdagri": house.village.code,
        "Desil Kesejahteraan": str(house.decile),
        "Alamat": house.address,
        "Kepala Keluarga": house.head.name.upper(),
        "NIK": house.head.nik,
        "Padan Dukcapil": "PADAN",
        "Jenis Kelamin": SEX[house.head.sex],
        "Tanggal Lahir": f"{house.head.birth_date:%d/%m/%Y}",
        **_worded(_P3KE, house),
        "Penerima BPNT": yes("bpnt" in house.receives),
        "Penerima BPUM": "Tidak",
        "Penerima PKH": yes("pkh" in house.receives),
        "Penerima SEMBAKO": "Tidak",
        "Resiko Stunting": "BUKAN TARGET SASARAN",
    }


def dtsen_household(house: House) -> Row:
    return {
        "kode_provinsi": house.village.bps[:2],
        "kode_kecamatan": house.village.bps[:7],
        "kode_kelurahan_desa": house.village.bps,
        "kelurahan_desa": house.village.name,
        "alamat": house.address,
        "nomor_kartu_keluarga": house.kk,
        "nama_anggota_keluarga": house.head.name,
        "jumlah_anggota_keluarga": str(len(house.members)),
        "desil_nasional": str(house.decile),
        "pbi_nas": yes("pbi_jkn" in house.receives),
        "pbi_pemda": "Tidak",
        "luas_lantai": "36",
        "daya_terpasang": {"pln_metered": "900 watt"}.get(house.housing["lighting"], ""),
        "aset_bergerak_sepeda": "Ya",
        **_worded(_DTSEN, house),
    }


def _parts(house: House, titles: tuple[str, str, str, str]) -> Row:
    bps = house.village.bps
    return dict(zip(titles, (bps[:2], bps[2:4], bps[4:7], bps[7:]), strict=True))


def dtks_household(house: House) -> Row:
    return {
        "IDBDT": f"BDT{house.number:06d}",
        **_parts(house, ("KDPROP", "KDKAB", "KDKEC", "KDDESA")),
        "Alamat": house.address,
        "Nama_KRT": house.head.name,
        "Jumlah_ART": str(len(house.members)),
        **{title: _NUMBERS[key][house.housing[key]] for title, key in _DTKS.items()},
        "Daya": _POWER.get(house.housing["lighting"], ""),
        "Sta_pkh": "1" if "pkh" in house.receives else "2",
        "Sta_kis": "1" if "pbi_jkn" in house.receives else "2",
        "Sta_kip": "3",
        "Percentile": str(house.decile * 10 - 3),
    }


def _member_codes(member: Member) -> Row:
    works = member.work in _INDUSTRY
    return {
        "Sta_kawin": _STA_KAWIN[member.marital_status],
        "Jenis_cacat": "3" if member.sex == "male" else "0",
        "Penyakit_kronis": "0",
        "Partisipasi_sekolah": {"attending": "1"}.get(member.schooling, "2"),
        "Ijazah_tertinggi": _IJAZAH[member.education],
        "Sta_Bekerja": "1" if works else "2",
        "Lapangan_usaha": _INDUSTRY.get(member.work, ""),
        "Status_pekerjaan": "1" if works else "",
    }


def dtks_person(house: House, member: Member) -> Row:
    return {
        "IDARTBDT": member.key,
        "IDBDT": f"BDT{house.number:06d}",
        **_parts(house, ("KDPROP", "KDKAB", "KDKEC", "KDDESA")),
        "Nama": member.name,
        "JnsKel": _DTKS_SEX[member.sex],
        "TglLahir": f"{member.birth_date:%Y-%m-%d} 00:00:00",
        "NIK": member.nik,
        "NoKK": house.kk,
        "Hub_KRT": _HUB[member.relationship],
        **_member_codes(member),
    }


_BDT_PERSON = {
    "Sta_kawin": "Status perkawinan", "Jenis_cacat": "Jenis cacat",
    "Penyakit_kronis": "Penyakit kronis", "Partisipasi_sekolah": "Partisipasi sekolah",
    "Ijazah_tertinggi": "Ijazah tertinggi", "Sta_Bekerja": "Bekerja seminggu yg lalu",
    "Lapangan_usaha": "Lapangan usaha", "Status_pekerjaan": "Status dalam pekerjaan",
}  # fmt: skip


def bdt_person(house: House, member: Member) -> Row:
    titles = ("Kode Provinsi (4)", "Kode Kab/Kota (6)", "Kode Kecamatan (8)",
              "Kode Desa/Kelurahan (10)")  # fmt: skip
    return {
        "ID rumah tangga (2)": f"BDT{house.number:06d}",
        **_parts(house, titles),
        "Desa/Kelurahan (9)": house.village.name,
        "Alamat (12)": house.address,
        "Nama KRT (13)": house.head.name,
        "Jumlah ART (14)": str(len(house.members)),
        **{title: _NUMBERS[key][house.housing[key]] for title, key in _BDT.items()},
        "Daya terpasang (28)": _POWER.get(house.housing["lighting"], ""),
        "Status PKH": "1" if "pkh" in house.receives else "2",
        "Status KIS": "1" if "pbi_jkn" in house.receives else "2",
        "percentile": str(house.decile * 10 - 3),
        "Nomor urut ART": member.key[-1],
        "Nama ART": member.name,
        "NIK": member.nik,
        "HubKRT": _HUB[member.relationship],
        "jenis kelamin": _DTKS_SEX[member.sex],
        **{_BDT_PERSON[key]: cell for key, cell in _member_codes(member).items()},
    }


def kentongan_aid(house: House) -> Row:
    return {"id_keluarga": f"K{house.number}", "program": "pkh", "periode": "2026-S1",
            "nilai": "600.000", "status": "diterima"}  # fmt: skip


def agency_aid(house: House) -> Row:
    return {"NIK": house.head.nik, "Nama Penerima": house.head.name.upper(),
            "Alamat": house.address, "Program": "bpnt", "Periode": "2026-07",
            "Nilai Bantuan": "200.000"}  # fmt: skip


def kentongan_point(house: House) -> Row:
    return {"id_keluarga": f"K{house.number}", "nik": house.head.nik, "nama": house.head.name,
            "longitude": house.lon, "latitude": house.lat, "akurasi": "4.5"}  # fmt: skip


def survey_point(house: House) -> Row:
    return {
        "start": "2026-05-03T08:10:00+07:00",
        "end": "2026-05-03T08:20:00+07:00",
        "rumah/nik": house.head.nik,
        "rumah/nama_krt": house.head.name,
        "_rumah/gps_latitude": str(house.lat),
        "_rumah/gps_longitude": str(house.lon),
        "_rumah/gps_altitude": "120",
        "_rumah/gps_precision": "4.9",
        "_id": str(house.number),
        "_uuid": f"u{house.number}",
    }


OF_HOUSE: Mapping[tuple[str, str], Callable[[House], Row]] = {
    ("households", "kentongan"): kentongan_household,
    ("households", "p3ke_keluarga"): p3ke_household,
    ("households", "dtsen_keluarga"): dtsen_household,
    ("households", "dtks_ruta"): dtks_household,
    ("aid", "kentongan"): kentongan_aid,
    ("aid", "daftar_penerima"): agency_aid,
    ("points", "kentongan"): kentongan_point,
    ("points", "survei"): survey_point,
}
