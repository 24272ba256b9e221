"""DTSEN, the single national register since 2025: families and members, coded in words."""

from __future__ import annotations

from db.registers.formats import codes
from db.registers.formats._format import DIFFICULTY, FLAG, Field, Format
from db.registers.formats.kentongan import ORIGIN

_KK = Field("kk", "Nomor kartu keluarga", ("nomor_kartu_keluarga", "no_kartu_keluarga", "no_kk"))
_PBI = codes.yes_means("pbi_jkn")
_LIVESTOCK = ("sapi", "kerbau", "kuda", "babi", "kambing_domba")
_ASSETS = (
    *("tabung_gas", "lemari_es", "ac", "pemanas_air", "telepon_rumah", "tv_datar"),
    *("emas_perhiasan", "komputer_laptop_tablet", "sepeda_motor", "sepeda", "mobil", "perahu"),
    *("kapal_perahu_motor", "smartphone"),
)

HOUSEHOLDS = Format(
    "dtsen_keluarga",
    "DTSEN keluarga",
    "households",
    (
        _KK,
        Field("head_name", "Nama", ("nama_anggota_keluarga", "nama_kepala_keluarga")),
        Field("area_code", "Kode kelurahan/desa", ("kode_kelurahan_desa", "kode_desa_kelurahan")),
        Field("area_name", "Kelurahan/desa", ("kelurahan_desa", "desa_kelurahan")),
        Field("district_code", "Kode kecamatan", ("kode_kecamatan",)),
        Field("address", "Alamat", ("alamat",)),
        Field("decile", "Desil nasional", ("desil_nasional",)),
        Field("member_count", "Jumlah anggota", ("jumlah_anggota_keluarga",)),
        Field("floor_area_m2", "Luas lantai", ("luas_lantai",)),
        Field(
            "house_ownership", "Status rumah", ("status_kepemilikan_rumah",), codes.OWNERSHIP
        ),
        Field("floor_material", "Jenis lantai", ("jenis_lantai_terluas",), codes.FLOOR),
        Field("wall_material", "Jenis dinding", ("jenis_dinding_terluas",), codes.WALL),
        Field("roof_material", "Jenis atap", ("jenis_atap_terluas",), codes.ROOF),
        Field("drinking_water", "Sumber air minum", ("sumber_air_minum_utama",), codes.WATER),
        Field("lighting", "Sumber penerangan", ("sumber_penerangan_utama",), codes.LIGHTING),
        Field("electricity_va", "Daya terpasang", ("daya_terpasang",), codes.POWER),
        Field("cooking_fuel", "Bahan bakar", ("bahan_bakar_utama_memasak",), codes.FUEL),
        Field("toilet", "Fasilitas BAB", ("fasilitas_bab",), codes.TOILET),
        Field(f"{FLAG}pbi_nas", "PBI nasional", ("pbi_nas",), _PBI),
        Field(f"{FLAG}pbi_pemda", "PBI pemda", ("pbi_pemda",), _PBI),
        ORIGIN,
    ),
    (("kk",), ("head_name",), ("area_code",)),
    ignored=frozenset(
        (
            *("kode_provinsi", "provinsi", "kode_kabupaten_kota", "kabupaten_kota", "kecamatan"),
            *("id_pelanggan_pln", "desil_provinsi", "desil_kabupaten_kota", "jenis_kloset"),
            *("pembuangan_akhir_tinja", "kepemilikan_aset", "aset_tidak_bergerak_lahan_lainnya"),
            "aset_tidak_bergerak_rumah_lainnya",
            *(f"aset_bergerak_{name}" for name in _ASSETS),
            *(f"jumlah_ternak_{name}" for name in _LIVESTOCK),
        )
    ),
    numbering="bps",
    key_from="kk",
)  # fmt: skip

_DIFFICULTIES = {
    "penglihatan": "visual", "pendengaran": "hearing", "berjalan_atau_naik_tangga": "physical",
    "menggunakan_tangan_jari": "physical", "belajar_kemampuan_intelektual": "intellectual",
    "pengendalian_perilaku": "mental", "berbicara_komunikasi": "speech",
    "mengingat_berkonsentrasi": "intellectual", "kesedihan_depresi": "mental",
}  # fmt: skip

PERSONS = Format(
    "dtsen_anggota",
    "DTSEN anggota",
    "persons",
    (
        Field("nik", "NIK", ("nomor_induk_kependudukan", "nik")),
        _KK,
        Field("name", "Nama", ("nama",)),
        Field("birth_date", "Tanggal lahir", ("tanggal_lahir",)),
        Field("sex", "Jenis kelamin", ("jenis_kelamin",), codes.SEX),
        Field(
            "relationship",
            "Status hubungan keluarga",
            ("status_hubungan_keluarga",),
            codes.RELATIONSHIP,
            "other",
        ),
        Field("marital_status", "Status kawin", ("status_kawin",), codes.MARITAL),
        Field("schooling", "Partisipasi sekolah", ("partisipasi_sekolah",), codes.SCHOOLING),
        Field("education", "Ijazah", ("ijazah_tertinggi_yang_dimiliki",), codes.DIPLOMA),
        Field("is_working", "Status bekerja", ("status_bekerja",), codes.WORKING),
        Field(
            "industry",
            "Lapangan usaha",
            ("lapangan_usaha_dari_pekerjaan_utama",),
            codes.INDUSTRY,
            "",
        ),
        Field(
            "work",
            "Status dalam pekerjaan",
            ("status_dalam_pekerjaan_utama",),
            codes.WORK,
            "other",
        ),
        Field("stated_work", "Pekerjaan di KTP", ("pekerjaan_ktp",), codes.WORK, "other"),
        *(
            Field(
                f"{DIFFICULTY}{name}",
                name.replace("_", " ").capitalize(),
                (name,),
                codes.difficult_means(meaning),
            )
            for name, meaning in _DIFFICULTIES.items()
        ),
        Field("chronic_illness", "Penyakit kronis", ("penyakit_kronis",), codes.ILLNESS, "other"),
        Field("area_code", "Kode kelurahan/desa KTP", ("kode_kelurahan_desa_ktp",)),
        Field("area_name", "Kelurahan/desa KTP", ("kelurahan_desa_ktp",)),
        Field("district_code", "Kode kecamatan KTP", ("kode_kecamatan_ktp",)),
        Field("address", "Alamat KTP", ("alamat_ktp",)),
        ORIGIN,
    ),
    (("nik",), ("kk",), ("name",)),
    ignored=frozenset(
        (
            *("pbi_nas", "pbi_pemda", "jenjang_tertinggi_yang_diduduki", "pendidikan_akhir_ktp"),
            *("kelas_tertinggi_yang_diduduki", "kepemilikan_usaha", "jumlah_usaha"),
            *("lapangan_usaha_dari_usaha_utama", "omzet_usaha_utama", "kondisi_gizi"),
            "jumlah_pekerja_yang_dibayar_dari_usaha_utama",
            "jumlah_pekerja_yang_tidak_dibayar_dari_usaha_utama",
            *("mengurus_diri", "kode_provinsi_ktp", "provinsi_ktp", "kode_kabupaten_kota_ktp"),
            *("kabupaten_kota_ktp", "kecamatan_ktp", "rt_ktp", "rw_ktp", "dusun_ktp"),
        )
    ),
    numbering="bps",
    key_from="kk",
)
