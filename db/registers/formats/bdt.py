"""BDT 2015: one row per person, with the columns of the household repeated on each."""

from __future__ import annotations

from db.registers.formats import codes, dtks
from db.registers.formats._format import Field, Format, normalise_name
from db.registers.formats.kentongan import ORIGIN

_REGION = (
    Field("region_province", "Kode Provinsi", ("kode_provinsi",)),
    Field("region_regency", "Kode Kab/Kota", ("kode_kab_kota",)),
    Field("region_district", "Kode Kecamatan", ("kode_kecamatan",)),
    Field("region_village", "Kode Desa/Kelurahan", ("kode_desa_kelurahan",)),
    Field("area_name", "Desa/Kelurahan", ("desa_kelurahan",)),
)
_OWNED = (
    *("tabung gas 5,5kg", "lemari es", "ac", "pemanas air", "telepon rumah", "televisi"),
    *("emas dan tabungan", "laptop/komputer", "sepeda", "sepeda motor", "mobil", "perahu"),
    *("motor tempel", "perahu motor", "kapal", "aset tidak bergerak"),
)
_OF_HOUSEHOLD = (
    *("ruta_6", "provinsi", "kab_kota", "kecamatan", "nama_sls", "jumlah_keluarga"),
    *("status_lahan", "kondisi_dinding", "kondisi_atap", "jumlah_kamar_tidur", "jenis_kloset"),
    *("cara_memperoleh_air_minum", "tempat_buang_tinja", "nomor_hp_yang_aktif"),
    *("jumlah_ruangan_rumah_yang_ditempati", "luas_aset_tidak_bergerak", "status_kks"),
    *("kepemilikan_rumah_di_tempat_lain", "status_art_yang_memiliki_usaha", "status_kip"),
    *("status_bpjs_mandiri", "status_jamsostek", "status_asuransi_kesehatan_lainnya"),
    *("status_rastra", "status_kur", "no_urut_art_wanita_usia_subur", "usia_suami", "usia_istri"),
    *("kepesertaan_kb", "metode_kontrasepsi", "lama_menggunakan_kontrasepsi_tahun"),
    *("lama_menggunakan_kontrasepsi_bulan", "tempat_pelayanan_kb", "alasan_utama_tidak_ber_kb"),
    "status_ingin_punya_anak_lagi",
    *(normalise_name(f"Kepemilikan {name}") for name in _OWNED),
    *(
        normalise_name(f"Jumlah {name} yang dimiliki")
        for name in ("sapi", "kerbau", "kuda", "babi", "kambing/domba")
    ),
)
_OF_PERSON = (
    *("nomor_urut_art", "nomor_urut_keluarga", "hubungan_dengan_kepala_keluarga"),
    *("umur_anggota_rumah_tangga_tahun", "kepemilikan_akta_buku_nikah", "tercantum_di_dalam_kk"),
    *("kepemilikan_kartu_identitas", "status_kehamilan", "pendidikan_tertinggi"),
    *("kelas_tertinggi", "jumlah_jam_kerja"),
)
_HOUSEHOLD_FIELDS = (
    Field("external_id", "ID rumah tangga", ("id_rumah_tangga",)),
    *_REGION,
    Field("address", "Alamat", ("alamat",)),
    Field("head_name", "Nama KRT", ("nama_krt",)),
    Field("member_count", "Jumlah ART", ("jumlah_art",)),
    Field("house_ownership", "Status bangunan", ("status_bangunan",), dtks.OWNERSHIP),
    Field("floor_area_m2", "Luas lantai", ("luas_lantai",)),
    Field("floor_material", "Lantai terluas", ("lantai_terluas",), dtks.FLOOR),
    Field("wall_material", "Dinding terluas", ("dinding_terluas",), dtks.WALL),
    Field("roof_material", "Atap terluas", ("atap_terluas",), dtks.ROOF),
    Field("drinking_water", "Sumber air minum", ("sumber_air_minum",), dtks.WATER),
    Field("lighting", "Sumber penerangan", ("sumber_penerangan_utama",), dtks.LIGHTING),
    Field("electricity_va", "Daya terpasang", ("daya_terpasang",), dtks.POWER),
    Field("cooking_fuel", "Bahan bakar memasak", ("bahan_bakar_memasak",), dtks.FUEL),
    Field("toilet", "Fasilitas BAB", ("fasilitas_bab",), dtks.TOILET),
    dtks.flag("pkh", "Status PKH", ("status_pkh",), codes.yes_means("pkh")),
    dtks.flag("kis", "Status KIS", ("status_kis",), codes.yes_means("pbi_jkn")),
    Field("percentile", "Percentile", ("percentile",)),
    Field("nik", "NIK", ("nik",)),
    Field("row_relationship", "HubKRT", ("hubkrt",)),
    Field("sex", "Jenis kelamin", ("jenis_kelamin",)),
    ORIGIN,
)
_PERSON_FIELDS = (
    Field("household_key", "ID rumah tangga", ("id_rumah_tangga",)),
    *_REGION,
    Field("address", "Alamat", ("alamat",)),
    Field("name", "Nama ART", ("nama_art",)),
    Field("nik", "NIK", ("nik",)),
    Field("relationship", "HubKRT", ("hubkrt",), dtks.RELATIONSHIP),
    Field("sex", "Jenis kelamin", ("jenis_kelamin",), codes.SEX),
    Field("marital_status", "Status perkawinan", ("status_perkawinan",), dtks.MARITAL),
    Field("disability", "Jenis cacat", ("jenis_cacat",), dtks.DISABILITY),
    Field("chronic_illness", "Penyakit kronis", ("penyakit_kronis",), dtks.ILLNESS),
    Field("schooling", "Partisipasi sekolah", ("partisipasi_sekolah",), dtks.SCHOOLING),
    Field("education", "Ijazah tertinggi", ("ijazah_tertinggi",), dtks.DIPLOMA),
    Field("is_working", "Bekerja", ("bekerja_seminggu_yg_lalu",), codes.WORKING),
    Field("industry", "Lapangan usaha", ("lapangan_usaha",), dtks.INDUSTRY, ""),
    Field("work", "Status dalam pekerjaan", ("status_dalam_pekerjaan",), dtks.WORK),
    ORIGIN,
)


def _names(fields: tuple[Field, ...]) -> set[str]:
    return {name for one in fields for name in one.names}


HOUSEHOLDS = Format(
    "bdt2015",
    "BDT 2015 (rumah tangga)",
    "households",
    _HOUSEHOLD_FIELDS,
    (("external_id",), ("head_name",), ("region_village",), ("row_relationship",)),
    ignored=frozenset({*_OF_HOUSEHOLD, *_OF_PERSON, *_names(_PERSON_FIELDS)}),
    numbering="bps",
    only=("row_relationship", frozenset(("1", "01"))),
)
PERSONS = Format(
    "bdt2015",
    "BDT 2015 (anggota)",
    "persons",
    _PERSON_FIELDS,
    (("household_key",), ("name",), ("relationship",)),
    ignored=frozenset({*_OF_HOUSEHOLD, *_OF_PERSON, *_names(_HOUSEHOLD_FIELDS)}),
    numbering="bps",
)
