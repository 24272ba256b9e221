"""What the codes of the register are called."""

from __future__ import annotations

from collections.abc import Mapping

from geo.text import N_

STATUS: Mapping[str, str] = {
    "unverified": N_("Belum diverifikasi"),
    "verified": N_("Terverifikasi"),
    "rejected": N_("Ditolak"),
    "graduated": N_("Lulus"),
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
