"""What kinds of files, outcomes, states and fields are called on the pages of data."""

from __future__ import annotations

from collections.abc import Mapping

from geo.text import N_

FILE_KIND: Mapping[str, str] = {
    "households": N_("Register keluarga"),
    "persons": N_("Anggota keluarga"),
    "aid": N_("Daftar penerima bantuan"),
    "points": N_("Titik koordinat rumah"),
    "population": N_("Data kependudukan"),
    "stats": N_("Statistik per wilayah"),
}
"""Kinds of files that can be brought by the page."""

BATCH_KIND: Mapping[str, str] = {
    **FILE_KIND,
    "boundaries": N_("Batas wilayah"),
    "verification": N_("Verifikasi desa"),
    "repair": N_("Perbaikan koordinat"),
}
SOURCE_KIND: Mapping[str, str] = {
    "boundary": N_("Batas wilayah"),
    "register": N_("Register keluarga"),
    "aid": N_("Bantuan"),
    "statistic": N_("Statistik"),
    "population": N_("Kependudukan"),
    "survey": N_("Survei"),
    "verification": N_("Verifikasi"),
}
OUTCOME: Mapping[str, str] = {
    "matched": N_("Cocok, diperbarui"),
    "new": N_("Baru"),
    "unchanged": N_("Tidak berubah"),
    "review": N_("Perlu ditinjau"),
    "rejected": N_("Ditolak"),
    "noted": N_("Dimuat dengan catatan"),
}
FRESHNESS: Mapping[str, str] = {
    "fresh": N_("Segar"),
    "amber": N_("Mulai usang"),
    "red": N_("Usang"),
}
JOB_KIND: Mapping[str, str] = {
    "import": N_("Memuat berkas"),
    "undo": N_("Membatalkan kiriman"),
    "decide": N_("Mencatat keputusan"),
    "verify": N_("Mencatat verifikasi"),
    "repair": N_("Memperbaiki koordinat"),
    "precedence": N_("Menyimpan pengaturan sumber"),
    "plan": N_("Menyusun rencana"),
    "approve": N_("Menyetujui rencana"),
    "deliver": N_("Mencatat penyaluran"),
}
JOB_STATE: Mapping[str, str] = {
    "waiting": N_("Menunggu giliran"),
    "running": N_("Sedang dikerjakan"),
    "done": N_("Selesai"),
    "failed": N_("Gagal"),
    "cancelled": N_("Dihentikan"),
}
FIELD: Mapping[str, str] = {
    "kk": N_("Nomor KK"),
    "head_name": N_("Nama kepala keluarga"),
    "address": N_("Alamat"),
    "rt": N_("RT"),
    "rw": N_("RW"),
    "area_code": N_("Kode desa"),
    "location": N_("Koordinat"),
    "decile": N_("Desil"),
    "member_count": N_("Jumlah anggota"),
    "house_ownership": N_("Status rumah"),
    "floor_material": N_("Lantai"),
    "wall_material": N_("Dinding"),
    "roof_material": N_("Atap"),
    "floor_area_m2": N_("Luas lantai (m²)"),
    "drinking_water": N_("Air minum"),
    "lighting": N_("Penerangan"),
    "electricity_va": N_("Daya listrik (VA)"),
    "cooking_fuel": N_("Bahan bakar memasak"),
    "toilet": N_("Jamban"),
    "needs": N_("Kebutuhan"),
    "status": N_("Status"),
}
"""Fields of a household of which several sources may speak."""
