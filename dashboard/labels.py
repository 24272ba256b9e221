"""What the codes of the register are called on screen."""

from __future__ import annotations

from collections.abc import Mapping

from geo.text import N_

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
STATUS: Mapping[str, str] = {
    "unverified": N_("Belum diverifikasi"),
    "verified": N_("Terverifikasi"),
    "rejected": N_("Ditolak"),
    "graduated": N_("Lulus"),
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
SEX: Mapping[str, str] = {"female": N_("Perempuan"), "male": N_("Laki-laki")}
RELATIONSHIP: Mapping[str, str] = {
    "head": N_("Kepala keluarga"),
    "spouse": N_("Pasangan"),
    "child": N_("Anak"),
    "grandchild": N_("Cucu"),
    "parent": N_("Orang tua"),
    "other": N_("Famili lain"),
}
SCHOOLING: Mapping[str, str] = {
    "not_yet": N_("Belum sekolah"),
    "attending": N_("Masih sekolah"),
    "dropped_out": N_("Putus sekolah"),
    "finished": N_("Tidak bersekolah lagi"),
}
EDUCATION: Mapping[str, str] = {
    "none": N_("Tidak punya ijazah"),
    "primary": N_("SD"),
    "lower_secondary": N_("SMP"),
    "upper_secondary": N_("SMA/SMK"),
    "higher": N_("Perguruan tinggi"),
}
MARITAL_STATUS: Mapping[str, str] = {
    "single": N_("Belum kawin"),
    "married": N_("Kawin"),
    "divorced": N_("Cerai hidup"),
    "widowed": N_("Cerai mati"),
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
HOUSE_OWNERSHIP: Mapping[str, str] = {
    "own": N_("Milik sendiri"),
    "rent": N_("Sewa atau kontrak"),
    "free": N_("Bebas sewa"),
    "official": N_("Rumah dinas"),
    "other": N_("Lainnya"),
}
MATERIAL: Mapping[str, str] = {
    "asbestos": N_("Asbes"),
    "asbestos_or_zinc": N_("Asbes atau seng"),
    "bamboo": N_("Bambu"),
    "brick": N_("Tembok bata"),
    "cement": N_("Semen"),
    "ceramic": N_("Keramik"),
    "concrete": N_("Beton"),
    "earth": N_("Tanah"),
    "marble": N_("Marmer atau granit"),
    "plastered_bamboo": N_("Bambu diplester"),
    "thatch": N_("Rumbia"),
    "tile": N_("Genteng"),
    "vinyl": N_("Parket atau vinil"),
    "wood": N_("Kayu"),
    "zinc": N_("Seng"),
    "other": N_("Lainnya"),
}
FLOOR: Mapping[str, str] = {**MATERIAL, "tile": N_("Ubin atau tegel")}
WATER: Mapping[str, str] = {
    "borehole": N_("Sumur bor"),
    "bottled": N_("Air kemasan"),
    "piped": N_("Air ledeng"),
    "protected_spring": N_("Mata air terlindung"),
    "protected_well": N_("Sumur terlindung"),
    "rain": N_("Air hujan"),
    "surface": N_("Air sungai"),
    "unprotected_spring": N_("Mata air tak terlindung"),
    "unprotected_well": N_("Sumur tak terlindung"),
    "other": N_("Lainnya"),
}
LIGHTING: Mapping[str, str] = {
    "pln_metered": N_("PLN dengan meteran"),
    "pln_unmetered": N_("PLN tanpa meteran"),
    "pln": N_("Listrik PLN"),
    "non_pln": N_("Listrik bukan PLN"),
    "none": N_("Tanpa listrik"),
}
FUEL: Mapping[str, str] = {
    "charcoal": N_("Arang"),
    "charcoal_or_wood": N_("Arang atau kayu"),
    "electricity": N_("Listrik"),
    "electricity_or_gas": N_("Listrik atau gas"),
    "firewood": N_("Kayu bakar"),
    "gas": N_("Gas kota atau biogas"),
    "kerosene": N_("Minyak tanah"),
    "lpg": N_("Gas elpiji"),
    "lpg_3kg": N_("Gas elpiji 3 kg"),
    "none": N_("Tidak memasak"),
    "other": N_("Lainnya"),
}
TOILET: Mapping[str, str] = {
    "own": N_("Jamban sendiri"),
    "shared": N_("Jamban bersama"),
    "public": N_("Jamban umum"),
    "shared_or_public": N_("Jamban bersama atau umum"),
    "unused": N_("Ada, tidak dipakai"),
    "other": N_("Lainnya"),
    "none": N_("Tidak ada"),
}
AID_STATUS: Mapping[str, str] = {
    "received": N_("Diterima"),
    "planned": N_("Direncanakan"),
    "stopped": N_("Dihentikan"),
}
