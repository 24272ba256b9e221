"""An extract of the population register: who lives where, who died, who moved away."""

from __future__ import annotations

from db.registers.formats import codes
from db.registers.formats._format import Field, Format
from db.registers.formats.kentongan import ORIGIN

POPULATION = Format(
    "dukcapil",
    "Kependudukan (Dukcapil)",
    "population",
    (
        Field("nik", "NIK", ("nik", "nomor_induk_kependudukan", "no_nik")),
        Field("kk", "Nomor KK", ("no_kk", "nomor_kk", "nomor_kartu_keluarga", "nkk", "kk")),
        Field("name", "Nama", ("nama_lengkap", "nama_lgkp", "nama", "name")),
        Field("birth_date", "Tanggal lahir", ("tanggal_lahir", "tgl_lahir", "tgl_lhr")),
        Field("sex", "Jenis kelamin", ("jenis_kelamin", "jenis_klmin", "kelamin", "jk"), codes.SEX),
        Field(
            "relationship",
            "Hubungan keluarga",
            ("hubungan_keluarga", "stat_hbkel", "shdk", "status_hubungan_dalam_keluarga"),
            codes.RELATIONSHIP,
            "other",
        ),
        Field(
            "marital_status",
            "Status kawin",
            ("status_kawin", "stat_kwn", "status_perkawinan"),
            codes.MARITAL,
        ),
        Field(
            "education",
            "Pendidikan",
            ("pendidikan", "pddk_akh", "pendidikan_terakhir", "pendidikan_akhir"),
            codes.DIPLOMA,
        ),
        Field("work", "Pekerjaan", ("pekerjaan", "jenis_pkrjn"), codes.WORK, "other"),
        Field("address", "Alamat", ("alamat", "address")),
        Field(
            "area_code",
            "Kode desa",
            ("kode_desa", "kode_kelurahan", "kode_desa_kelurahan", "kode_wilayah", "area_code"),
        ),
        Field("area_name", "Desa/kelurahan", ("desa_kelurahan", "nama_kel", "desa", "kelurahan")),
        Field("region_province", "No. provinsi", ("no_prop",)),
        Field("region_regency", "No. kabupaten", ("no_kab",)),
        Field("region_district", "No. kecamatan", ("no_kec",)),
        Field("region_village", "No. kelurahan", ("no_kel",)),
        Field(
            "life_status",
            "Status penduduk",
            ("status_hidup", "status_penduduk", "flag_status", "keterangan_status", "status"),
            codes.LIFE,
        ),
        ORIGIN,
    ),
    (("nik",), ("name",)),
    ignored=frozenset(
        (
            *("provinsi", "kabupaten_kota", "kabupaten", "kecamatan", "rt", "rw", "no_rt", "no_rw"),
            *("tempat_lahir", "tmpt_lhr", "agama", "gol_darah", "golongan_darah", "nama_ayah"),
            *("nama_ibu", "nama_lgkp_ayah", "nama_lgkp_ibu", "umur", "dusun", "kewarganegaraan"),
        )
    ),
    allows_twins=True,
)
