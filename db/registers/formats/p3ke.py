"""P3KE: by-name-by-address lists of families and of their members, coded in words."""

from __future__ import annotations

from db.registers.formats import codes
from db.registers.formats._format import FLAG, Codes, Field, Format
from db.registers.formats.kentongan import ORIGIN

# One column holds both how far somebody came and whether he is still on his way.
_LEVELS = (("sd", "primary"), ("sltp", "lower_secondary"), ("slta", "upper_secondary"))
_SCHOOLING: Codes = {
    "tidak_belum_sekolah": "not_yet",
    "tdk_tamat_sd_sederajat": "dropped_out",
    "tidak_tamat_sd_sederajat": "dropped_out",
    **{f"masih_{level}_sederajat": "attending" for level, _ in _LEVELS},
    **{f"tamat_{level}_sederajat": "finished" for level, _ in _LEVELS},
    "masih_pt_akademi": "attending",
    "tamat_pt_akademi": "finished",
}
_EDUCATION: Codes = {
    "tidak_belum_sekolah": "none",
    "tdk_tamat_sd_sederajat": "none",
    "tidak_tamat_sd_sederajat": "none",
    "masih_sd_sederajat": "none",
    "tamat_sd_sederajat": "primary",
    "masih_sltp_sederajat": "primary",
    "tamat_sltp_sederajat": "lower_secondary",
    "masih_slta_sederajat": "lower_secondary",
    "tamat_slta_sederajat": "upper_secondary",
    "masih_pt_akademi": "upper_secondary",
    "tamat_pt_akademi": "higher",
}

_PLACE = (
    Field("area_code", "Kode Kemdagri", ("kode_kemdagri", "kode_kemendagri", "kode_desa")),
    Field("area_name", "Desa/Kelurahan", ("desa_kelurahan", "desa", "kelurahan")),
)
_RECEIVED = (
    Field(f"{FLAG}pkh", "Penerima PKH", ("penerima_pkh",), codes.yes_means("pkh")),
    Field(f"{FLAG}bpnt", "Penerima BPNT", ("penerima_bpnt", "penerima_bnpt"),
          codes.yes_means("bpnt")),
    Field(f"{FLAG}sembako", "Penerima SEMBAKO", ("penerima_sembako",), codes.yes_means("bpnt")),
)  # fmt: skip
_IGNORED = {
    *("provinsi", "kabupaten_kota", "kecamatan", "padan_dukcapil"),
    *("penerima_bpum", "penerima_bst", "resiko_stunting", "risiko_stunting"),
}

HOUSEHOLDS = Format(
    "p3ke_keluarga",
    "P3KE keluarga",
    "households",
    (
        Field("external_id", "ID Keluarga P3KE", ("id_keluarga_p3ke", "id_keluarga")),
        *_PLACE,
        Field("decile", "Desil Kesejahteraan", ("desil_kesejahteraan", "desil")),
        Field("address", "Alamat", ("alamat",)),
        Field("head_name", "Kepala Keluarga", ("kepala_keluarga", "nama_kepala_keluarga")),
        Field("nik", "NIK", ("nik", "nik_kepala_keluarga")),
        Field("sex", "Jenis Kelamin", ("jenis_kelamin",)),
        Field("birth_date", "Tanggal Lahir", ("tanggal_lahir",)),
        Field("house_ownership", "Kepemilikan Rumah", ("kepemilikan_rumah",), codes.OWNERSHIP),
        Field("roof_material", "Jenis Atap", ("jenis_atap",), codes.ROOF),
        Field("wall_material", "Jenis Dinding", ("jenis_dinding",), codes.WALL),
        Field("floor_material", "Jenis Lantai", ("jenis_lantai",), codes.FLOOR),
        Field("lighting", "Sumber Penerangan", ("sumber_penerangan",), codes.LIGHTING),
        Field("cooking_fuel", "Bahan Bakar Memasak", ("bahan_bakar_memasak",), codes.FUEL),
        Field("drinking_water", "Sumber Air Minum", ("sumber_air_minum",), codes.WATER),
        Field(
            "toilet",
            "Memiliki Fasilitas Buang Air Besar",
            ("memiliki_fasilitas_buang_air_besar", "fasilitas_buang_air_besar"),
            codes.TOILET,
        ),
        *_RECEIVED,
        ORIGIN,
    ),
    (("external_id",), ("head_name",), ("area_code",)),
    ignored=frozenset(_IGNORED | {"pekerjaan", "pendidikan",
                                  "memiliki_simpanan_uang_perhiasan_ternak_lainnya"}),
    is_numbering_sure=True,
)  # fmt: skip

PERSONS = Format(
    "p3ke_individu",
    "P3KE individu",
    "persons",
    (
        Field("household_key", "ID Keluarga P3KE", ("id_keluarga_p3ke", "id_keluarga")),
        *_PLACE,
        Field("address", "Alamat", ("alamat",)),
        Field("external_id", "ID Individu", ("id_individu",)),
        Field("name", "Nama", ("nama",)),
        Field("nik", "NIK", ("nik",)),
        Field("sex", "Jenis Kelamin", ("jenis_kelamin",), codes.SEX),
        Field(
            "relationship",
            "Hubungan dengan Kepala Keluarga",
            ("hubungan_dengan_kepala_keluarga",),
            codes.RELATIONSHIP,
        ),
        Field("birth_date", "Tanggal Lahir", ("tanggal_lahir",)),
        Field("marital_status", "Status Kawin", ("status_kawin",), codes.MARITAL),
        Field("work", "Pekerjaan", ("pekerjaan",), codes.WORK, "other"),
        Field("schooling", "Pendidikan", ("pendidikan",), _SCHOOLING),
        Field("education", "Pendidikan", ("pendidikan",), _EDUCATION),
        ORIGIN,
    ),
    (("household_key",), ("name",), ("external_id", "nik")),
    ignored=frozenset(
        _IGNORED
        | {"desil_kesejahteraan", "penerima_bpnt", "penerima_pkh", "penerima_sembako"}
        | {"usia_7_tahun", "usia_7_12_tahun", "usia_13_15_tahun", "usia_16_18_tahun"}
        | {"usia_19_21_tahun", "usia_22_59_tahun", "usia_60_tahun", "penerima_bnpt"}
    ),
    is_numbering_sure=True,
)
