"""One member of a family as a row of each format: titles and cells."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tests.registers.people import House, Member
from tests.registers.rows import OF_HEAD, SEX, Row, bdt_person, dtks_person, yes


def p3ke_person(house: House, member: Member) -> Row:
    schooling = {
        ("finished", "primary"): "TAMAT SD/SEDERAJAT",
        ("finished", "lower_secondary"): "TAMAT SLTP/SEDERAJAT",
        ("finished", "upper_secondary"): "TAMAT SLTA/SEDERAJAT",
        ("attending", "primary"): "MASIH SLTP/SEDERAJAT",
    }
    work = {"farmer": "PETANI", "fisher": "NELAYAN", "trader": "PEDAGANG",
            "student": "TIDAK/BELUM BEKERJA"}  # fmt: skip
    return {
        "ID Keluarga P3KE": f"351{house.number:07d}",
        "Desa/Kelurahan": house.village.name.upper(),
        "Kode Kemdagri": house.village.code,
        "Alamat": house.address,
        "ID Individu": member.key,
        "Nama": member.name.upper(),
        "NIK": member.nik,
        "Jenis Kelamin": SEX[member.sex],
        "Hubungan dengan Kepala Keluarga": OF_HEAD[member.relationship].upper(),
        "Tanggal Lahir": f"{member.birth_date:%d-%m-%Y}",
        "Status Kawin": {"single": "BELUM KAWIN", "married": "KAWIN", "widowed": "CERAI MATI"}[
            member.marital_status
        ],
        "Pekerjaan": work[member.work],
        "Pendidikan": schooling[member.schooling, member.education],
        "Usia 7-12 Tahun": "0",
        "Penerima PKH": yes("pkh" in house.receives),
    }


def dtsen_person(house: House, member: Member) -> Row:
    works = {"farmer": "Tanaman padi & palawija", "fisher": "Perikanan", "trader": "Perdagangan"}
    is_working = member.work in works
    return {
        "nomor_induk_kependudukan": member.nik,
        "nomor_kartu_keluarga": house.kk,
        "nama": member.name,
        "tanggal_lahir": member.birth_date.isoformat(),
        "jenis_kelamin": SEX[member.sex],
        "status_hubungan_keluarga": OF_HEAD[member.relationship],
        "status_kawin": {"single": "Belum kawin", "married": "Kawin/nikah",
                         "widowed": "Cerai mati"}[member.marital_status],
        "partisipasi_sekolah": {"attending": "Masih sekolah"}.get(
            member.schooling, "Tidak bersekolah lagi"
        ),
        "ijazah_tertinggi_yang_dimiliki": {
            "primary": "SD/sederajat", "lower_secondary": "SMP/sederajat",
            "upper_secondary": "SMA/sederajat"}[member.education],
        "status_bekerja": yes(is_working),
        "lapangan_usaha_dari_pekerjaan_utama": works.get(member.work, ""),
        "status_dalam_pekerjaan_utama": "Berusaha sendiri" if is_working else "",
        "pekerjaan_ktp": "" if is_working else "PELAJAR/MAHASISWA",
        "penglihatan": "Tidak mengalami kesulitan",
        "berjalan_atau_naik_tangga": "Banyak kesulitan" if member.sex == "male" else "Tidak",
        "penyakit_kronis": "Tidak ada",
        "kode_kecamatan_ktp": house.village.bps[:7],
        "kode_kelurahan_desa_ktp": house.village.bps,
        "alamat_ktp": house.address,
    }  # fmt: skip


def kentongan_person(house: House, member: Member) -> Row:
    return {
        "id_keluarga": f"K{house.number}",
        "id_individu": member.key,
        "nik": member.nik,
        "nama": member.name,
        "tanggal_lahir": member.birth_date.isoformat(),
        "jenis_kelamin": SEX[member.sex],
        "hubungan": OF_HEAD[member.relationship],
    }


def dukcapil(house: House, member: Member) -> Row:
    return {
        "NIK": member.nik,
        "NO_KK": house.kk,
        "NAMA_LGKP": member.name.upper(),
        "JENIS_KLMIN": SEX[member.sex].upper(),
        "TGL_LHR": f"{member.birth_date:%d-%m-%Y}",
        "STAT_HBKEL": OF_HEAD[member.relationship].upper(),
        "ALAMAT": house.address,
        "NO_PROP": house.village.code[:2],
        "NO_KAB": house.village.code[3:5],
        "NO_KEC": house.village.code[6:8],
        "NO_KEL": house.village.code[9:],
        "STATUS": "MENINGGAL" if member.relationship == "head" and house.number % 5 == 0
        else "HIDUP",
    }  # fmt: skip


OF_MEMBER: Mapping[tuple[str, str], Callable[[House, Member], Row]] = {
    ("households", "bdt2015"): bdt_person,
    ("persons", "kentongan"): kentongan_person,
    ("persons", "p3ke_individu"): p3ke_person,
    ("persons", "dtsen_anggota"): dtsen_person,
    ("persons", "dtks_art"): dtks_person,
    ("persons", "bdt2015"): bdt_person,
    ("population", "dukcapil"): dukcapil,
}
