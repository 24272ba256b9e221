"""The project's own formats, for lists that a regency makes itself."""

from __future__ import annotations

from db.registers.formats import codes
from db.registers.formats._format import Field, Format

_HOUSEHOLD_KEYS = ("id_keluarga", "kunci_keluarga", "nomor_keluarga", "household_id")
_KK = ("no_kk", "nomor_kk", "nomor_kartu_keluarga", "family_card")
_DESA = ("desa_code", "kode_desa", "kode_kelurahan", "kode_desa_kelurahan", "kode_wilayah")
_POSITION = (
    Field("lon", "Bujur", ("lon", "longitude", "bujur", "long", "lng")),
    Field("lat", "Lintang", ("lat", "latitude", "lintang")),
    Field("accuracy_m", "Akurasi (m)", ("accuracy_m", "akurasi_m", "akurasi", "accuracy")),
    Field(
        "location_source",
        "Sumber posisi",
        ("location_source", "sumber_posisi", "sumber_lokasi"),
    ),
)
ORIGIN = Field("origin_row", "Baris asal", ("baris_asal", "origin_row"))
"""Which rejected row a corrected one comes from."""

HOUSEHOLDS = Format(
    "kentongan",
    "Kentongan: keluarga",
    "households",
    (
        Field("external_id", "Kunci keluarga", ("external_id", *_HOUSEHOLD_KEYS, "household_key")),
        Field("kk", "Nomor KK", ("kk", *_KK)),
        Field(
            "head_name",
            "Nama kepala keluarga",
            ("head_name", "nama_kepala_keluarga", "kepala_keluarga", "nama", "name"),
        ),
        Field(
            "nik",
            "NIK kepala keluarga",
            ("nik", "head_nik", "nik_kepala_keluarga", "nik_kepala"),
        ),
        Field(
            "birth_date",
            "Tanggal lahir",
            ("birth_date", "head_birth_date", "tanggal_lahir", "tgl_lahir"),
        ),
        Field("sex", "Jenis kelamin", ("sex", "head_sex", "jenis_kelamin", "kelamin")),
        Field("address", "Alamat", ("address", "alamat")),
        Field("rt", "RT", ("rt",)),
        Field("rw", "RW", ("rw",)),
        Field("area_code", "Kode desa", ("area_code", *_DESA)),
        *_POSITION,
        Field("decile", "Desil", ("decile", "desil", "desil_kesejahteraan")),
        Field(
            "member_count",
            "Jumlah anggota",
            ("member_count", "jumlah_anggota", "jumlah_anggota_keluarga", "members"),
        ),
        Field(
            "floor_area_m2",
            "Luas lantai (m²)",
            ("floor_area_m2", "luas_lantai", "luas_lantai_m2", "floor_area"),
        ),
        Field(
            "electricity_va",
            "Daya listrik (VA)",
            ("electricity_va", "daya", "daya_listrik", "daya_va", "daya_listrik_va"),
        ),
        Field("needs", "Kebutuhan", ("needs", "kebutuhan")),
        Field("status", "Status", ("status", "status_verifikasi")),
        Field(
            "house_ownership",
            "Status rumah",
            ("house_ownership", "status_rumah", "kepemilikan_rumah"),
            codes.OWNERSHIP,
            is_free=True,
        ),
        Field(
            "floor_material",
            "Lantai",
            ("floor_material", "lantai", "jenis_lantai"),
            codes.FLOOR,
            is_free=True,
        ),
        Field(
            "wall_material",
            "Dinding",
            ("wall_material", "dinding", "jenis_dinding"),
            codes.WALL,
            is_free=True,
        ),
        Field(
            "roof_material",
            "Atap",
            ("roof_material", "atap", "jenis_atap"),
            codes.ROOF,
            is_free=True,
        ),
        Field(
            "drinking_water",
            "Air minum",
            ("drinking_water", "air_minum", "sumber_air_minum"),
            codes.WATER,
            is_free=True,
        ),
        Field(
            "lighting",
            "Penerangan",
            ("lighting", "penerangan", "sumber_penerangan"),
            codes.LIGHTING,
            is_free=True,
        ),
        Field(
            "cooking_fuel",
            "Bahan bakar memasak",
            ("cooking_fuel", "bahan_bakar", "bahan_bakar_memasak"),
            codes.FUEL,
            is_free=True,
        ),
        Field(
            "toilet", "Jamban", ("toilet", "jamban", "fasilitas_bab"), codes.TOILET, is_free=True
        ),
        ORIGIN,
    ),
    (("external_id", "nik"), ("head_name",), ("area_code", "lon"), ("area_code", "lat")),
)

_PERSON_FIELDS = (
    Field("external_id", "Kunci orang", ("external_id", "id_individu", "id_anggota", "person_id")),
    Field("household_key", "Kunci keluarga", ("household_key", *_HOUSEHOLD_KEYS)),
    Field(
        "household_nik",
        "NIK kepala keluarga",
        ("household_nik", "nik_kepala_keluarga", "nik_kepala", "head_nik"),
    ),
    Field("kk", "Nomor KK", ("kk", *_KK)),
    Field("nik", "NIK", ("nik", "nomor_induk_kependudukan", "nik_anggota")),
    Field("name", "Nama", ("name", "nama", "nama_anggota", "nama_lengkap")),
    Field("birth_date", "Tanggal lahir", ("birth_date", "tanggal_lahir", "tgl_lahir")),
    Field("sex", "Jenis kelamin", ("sex", "jenis_kelamin", "kelamin"), codes.SEX),
    Field(
        "relationship",
        "Hubungan dengan kepala keluarga",
        ("relationship", "hubungan", "hubungan_keluarga", "hubungan_dengan_kepala_keluarga"),
        codes.RELATIONSHIP,
        "other",
    ),
    Field(
        "marital_status",
        "Status kawin",
        ("marital_status", "status_kawin", "status_perkawinan"),
        codes.MARITAL,
    ),
    Field("schooling", "Sekolah", ("schooling", "sekolah", "status_sekolah"), codes.SCHOOLING),
    Field(
        "education",
        "Pendidikan",
        ("education", "pendidikan", "ijazah", "pendidikan_terakhir"),
        codes.DIPLOMA,
    ),
    Field("work", "Pekerjaan", ("work", "pekerjaan", "jenis_pekerjaan"), codes.WORK, "other"),
    Field("disability", "Disabilitas", ("disability", "disabilitas", "cacat"), codes.DISABILITY),
    Field(
        "chronic_illness",
        "Penyakit menahun",
        ("chronic_illness", "penyakit_menahun", "penyakit_kronis"),
        codes.ILLNESS,
    ),
    Field("area_code", "Kode desa", ("area_code", *_DESA)),
    Field("address", "Alamat", ("address", "alamat")),
    Field("life_status", "Status hidup", ("life_status", "status_hidup"), codes.LIFE),
    ORIGIN,
)
PERSONS = Format(
    "kentongan",
    "Kentongan: anggota keluarga",
    "persons",
    _PERSON_FIELDS,
    (("name",), ("household_key", "household_nik", "kk", "nik")),
)

AID = Format(
    "kentongan",
    "Kentongan: bantuan",
    "aid",
    (
        Field(
            "external_id",
            "Kunci keluarga",
            ("external_id", "id_keluarga", "kunci_keluarga", "household_key", "household_id"),
        ),
        Field(
            "household_source",
            "Sumber keluarga",
            ("household_source", "sumber_keluarga", "kode_sumber_keluarga"),
        ),
        Field(
            "nik", "NIK kepala keluarga", ("nik", "head_nik", "nik_kepala_keluarga", "nik_kepala")
        ),
        Field("kk", "Nomor KK", ("kk", "no_kk", "nomor_kk", "nomor_kartu_keluarga")),
        Field("person_nik", "NIK penerima", ("person_nik", "nik_penerima", "nik_anggota")),
        Field(
            "programme_code",
            "Kode program",
            ("programme_code", "programme", "program_code", "program", "kode_program"),
        ),
        Field("period", "Periode", ("period", "periode", "tahun", "year")),
        Field(
            "amount_idr",
            "Nilai bantuan (Rp)",
            ("amount_idr", "amount", "nilai", "nilai_rp", "jumlah_rp", "nominal"),
        ),
        Field("status", "Status", ("status", "status_bantuan")),
        ORIGIN,
    ),
    (("external_id", "nik", "kk", "person_nik"), ("programme_code",), ("period",)),
)

POINTS = Format(
    "kentongan",
    "Kentongan: titik GPS",
    "points",
    (
        Field("external_id", "Kunci keluarga", ("external_id", *_HOUSEHOLD_KEYS, "household_key")),
        Field("nik", "NIK", ("nik", "nik_kepala_keluarga", "nik_kepala", "head_nik")),
        Field("kk", "Nomor KK", ("kk", *_KK)),
        Field(
            "head_name",
            "Nama kepala keluarga",
            ("head_name", "nama_kepala_keluarga", "kepala_keluarga", "nama_krt", "nama", "name"),
        ),
        Field("address", "Alamat", ("address", "alamat")),
        Field("area_code", "Kode desa", ("area_code", *_DESA)),
        *_POSITION,
        Field("surveyed_at", "Waktu survei", ("surveyed_at", "waktu_survei", "tanggal", "waktu")),
        ORIGIN,
    ),
    (("external_id", "nik", "kk", "head_name"), ("lon",), ("lat",)),
)
