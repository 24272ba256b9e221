"""Lists that come from the field: recipients as an agency keeps them, positions of a survey."""

from __future__ import annotations

from db.registers.formats._format import Field, Format
from db.registers.formats.kentongan import ORIGIN

AID = Format(
    "daftar_penerima",
    "Daftar penerima bantuan",
    "aid",
    (
        Field("nik", "NIK", ("nik", "no_nik", "nik_kepala_keluarga", "nomor_induk_kependudukan")),
        Field("kk", "Nomor KK", ("no_kk", "nomor_kk", "kk", "nomor_kartu_keluarga")),
        Field(
            "head_name",
            "Nama",
            ("nama_penerima", "nama_kepala_keluarga", "nama_kpm", "nama_lengkap", "nama", "name"),
        ),
        Field("address", "Alamat", ("alamat", "alamat_lengkap", "address")),
        Field("birth_date", "Tanggal lahir", ("tanggal_lahir", "tgl_lahir")),
        Field(
            "area_code",
            "Kode desa",
            ("kode_desa", "kode_kelurahan", "kode_desa_kelurahan", "kode_wilayah", "area_code"),
        ),
        Field("area_name", "Desa", ("desa", "kelurahan", "desa_kelurahan", "nama_desa")),
        Field(
            "programme_code",
            "Program",
            ("programme_code", "kode_program", "program", "nama_program", "jenis_bantuan"),
        ),
        Field("period", "Periode", ("period", "periode", "tahun", "tahun_anggaran")),
        Field(
            "amount_idr",
            "Nilai bantuan (Rp)",
            ("nilai_bantuan", "nilai", "nominal", "jumlah_bantuan", "jumlah_rp", "besaran"),
        ),
        Field("status", "Status", ("status_bantuan", "status", "keterangan")),
        ORIGIN,
    ),
    (("nik", "kk", "head_name"), ("head_name", "nik")),
    ignored=frozenset(
        ("rt", "rw", "dusun", "kecamatan", "kabupaten", "provinsi", "no_hp", "no_rekening", "bank")
    ),
    allows_twins=True,
)

SURVEY = Format(
    "survei",
    "Survei lapangan (KoboToolbox, ODK)",
    "points",
    (
        Field(
            "external_id",
            "Kunci keluarga",
            ("id_keluarga", "kunci_keluarga", "external_id", "household_key", "id_rumah_tangga"),
        ),
        Field("nik", "NIK", ("nik", "nik_kepala_keluarga", "nik_krt", "no_nik")),
        Field("kk", "Nomor KK", ("no_kk", "nomor_kk", "kk", "nomor_kartu_keluarga")),
        Field(
            "head_name",
            "Nama kepala keluarga",
            ("nama_kepala_keluarga", "nama_krt", "kepala_keluarga", "nama_kk", "nama", "name"),
        ),
        Field("address", "Alamat", ("alamat", "address")),
        Field("area_code", "Kode desa", ("kode_desa", "kode_kelurahan", "area_code", "desa_code")),
        Field("lat", "Lintang", ("gps_latitude", "location_latitude", "latitude", "lat")),
        Field("lon", "Bujur", ("gps_longitude", "location_longitude", "longitude", "lon")),
        Field(
            "accuracy_m",
            "Akurasi (m)",
            ("gps_precision", "gps_accuracy", "location_accuracy", "precision", "accuracy"),
        ),
        Field("gps", "GPS", ("gps", "geopoint", "lokasi", "location", "koordinat", "titik_gps")),
        Field(
            "surveyed_at",
            "Waktu survei",
            ("end", "submissiondate", "submission_time", "today", "start", "tanggal_survei"),
        ),
        ORIGIN,
    ),
    (("external_id", "nik", "kk", "head_name"), ("lat", "gps"), ("lon", "gps")),
    ignored=frozenset(
        (
            *("id", "uuid", "instanceid", "meta_instanceid", "validation_status", "notes", "tags"),
            *("status", "submitted_by", "version", "index", "deviceid", "device_id", "username"),
            *("phonenumber", "gps_altitude", "location_altitude", "altitude", "submitterid"),
            *("submittername", "attachmentspresent", "attachmentsexpected", "reviewstate", "edits"),
            *("formversion", "key", "instancename", "simserial", "subscriberid"),
        )
    ),
    is_grouped=True,
    allows_twins=True,
)
