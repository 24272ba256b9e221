"""What codes are called on screen; those of the register's fields: geo/register_words.py."""

from __future__ import annotations

from collections.abc import Mapping

from geo.register_words import (
    EDUCATION,
    FLOOR,
    FUEL,
    HOUSE_OWNERSHIP,
    LIGHTING,
    MARITAL_STATUS,
    MATERIAL,
    RELATIONSHIP,
    SCHOOLING,
    SEX,
    STATUS,
    TOILET,
    WATER,
)
from geo.text import N_

__all__ = [
    "AID_STATUS",
    "BREAK_NAME",
    "BREAK_NOTE",
    "DOMAIN",
    "EDUCATION",
    "FLOOR",
    "FUEL",
    "HEALTH",
    "HOUSE_OWNERSHIP",
    "KIND",
    "LEVEL",
    "LIFE_STATUS",
    "LIGHTING",
    "LOCATION_SOURCE",
    "MARITAL_STATUS",
    "MATERIAL",
    "METHOD",
    "NEED",
    "RELATIONSHIP",
    "ROLE",
    "SCHOOLING",
    "SEX",
    "STATUS",
    "TOILET",
    "WATER",
    "WORK",
]

LEVEL: Mapping[str, str] = {
    "kecamatan": N_("Kecamatan"),
    "desa": N_("Desa"),
    "household": N_("Keluarga"),
}
KIND: Mapping[str, str] = {
    "kabupaten": N_("Kabupaten"),
    "kota": N_("Kota"),
    "kecamatan": N_("Kecamatan"),
    "desa": N_("Desa"),
    "kelurahan": N_("Kelurahan"),
}
DOMAIN: Mapping[str, str] = {
    "education": N_("Pendidikan"),
    "health": N_("Kesehatan"),
    "food": N_("Pangan"),
    "business": N_("Usaha"),
    "housing": N_("Perumahan"),
    "cash": N_("Tunai"),
    "none": N_("Belum ada bantuan"),
}
METHOD: Mapping[str, str] = {
    "quantile": N_("Kuantil"),
    "equal": N_("Lebar sama"),
    "natural": N_("Batas alami"),
}
FIXED_METHOD = N_("Batas baku")
FIXED_NOTE = N_(
    "Batas kelas tidak dibuat dari data, jadi program, wilayah, dan tahun dapat dibandingkan."
)
BREAK_NAME: Mapping[str, str] = {
    "frozen": N_("Kelas tetap"),
    "shown": N_("Kelas menurut yang tampil"),
}
BREAK_NOTE: Mapping[str, str] = {
    "frozen": N_("Batas kelas sama untuk setiap saringan dan tahun, jadi dapat dibandingkan."),
    "shown": N_(
        "Batas kelas dihitung dari wilayah yang tampil; jangan dibandingkan antarsaringan."
    ),
}
NEED: Mapping[str, str] = {
    "uninhabitable_house": N_("Rumah tidak layak huni"),
    "latrine": N_("Belum punya jamban"),
    "clean_water": N_("Belum ada air bersih"),
    "electricity": N_("Belum ada listrik PLN"),
    "food": N_("Kurang pangan"),
    "health_insurance": N_("Belum punya jaminan kesehatan"),
    "chronic_care": N_("Sakit menahun"),
    "back_to_school": N_("Anak putus sekolah"),
    "school_costs": N_("Biaya sekolah"),
    "elderly_alone": N_("Lansia sendirian"),
    "disability_care": N_("Penyandang disabilitas"),
    "business_capital": N_("Modal usaha"),
    "stunting_risk": N_("Berisiko stunting"),
}
ROLE: Mapping[str, str] = {
    "guest": N_("Layar tamu"),
    "regent": N_("Bupati"),
    "planner": N_("Bappeda"),
    "agency": N_("Perangkat daerah"),
    "task_unit": N_("Satgas kecamatan"),
    "village_operator": N_("Operator desa"),
    "auditor": N_("Auditor"),
    "administrator": N_("Pengelola"),
}
WORK: Mapping[str, str] = {
    "farmer": N_("Petani"),
    "farm_labourer": N_("Buruh tani"),
    "fisher": N_("Nelayan"),
    "trader": N_("Pedagang"),
    "builder": N_("Tukang bangunan"),
    "craftsperson": N_("Perajin"),
    "driver": N_("Sopir"),
    "service_worker": N_("Pekerja jasa"),
    "casual_labourer": N_("Buruh lepas"),
    "self_employed": N_("Wiraswasta"),
    "employee": N_("Karyawan"),
    "civil_servant": N_("Aparatur negara"),
    "family_worker": N_("Pekerja keluarga"),
    "homemaker": N_("Mengurus rumah tangga"),
    "student": N_("Pelajar"),
    "retired": N_("Pensiunan"),
    "not_working": N_("Tidak bekerja"),
    "other": N_("Pekerjaan lain"),
}
LIFE_STATUS: Mapping[str, str] = {
    "alive": N_("Hidup"),
    "dead": N_("Meninggal"),
    "moved": N_("Pindah"),
}
LOCATION_SOURCE: Mapping[str, str] = {
    "gps": N_("GPS di lapangan"),
    "survey": N_("Survei"),
    "geocoded": N_("Dicari dari alamat"),
    "village": N_("Titik desa, bukan rumahnya"),
    "displaced": N_("Digeser 150–400 m demi kerahasiaan"),
}
HEALTH: Mapping[str, str] = {
    "asthma": N_("asma"),
    "cancer": N_("kanker"),
    "diabetes": N_("diabetes"),
    "heart": N_("jantung"),
    "hypertension": N_("darah tinggi"),
    "rheumatism": N_("rematik"),
    "stroke": N_("stroke"),
    "tuberculosis": N_("TBC"),
    "hearing": N_("disabilitas pendengaran"),
    "intellectual": N_("disabilitas intelektual"),
    "mental": N_("disabilitas mental"),
    "multiple": N_("disabilitas ganda"),
    "physical": N_("disabilitas fisik"),
    "speech": N_("disabilitas wicara"),
    "visual": N_("disabilitas penglihatan"),
    "other": N_("penyakit lain"),
}
AID_STATUS: Mapping[str, str] = {
    "received": N_("Diterima"),
    "planned": N_("Direncanakan"),
    "stopped": N_("Dihentikan"),
}
