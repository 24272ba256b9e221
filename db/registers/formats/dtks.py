"""DTKS (SIKS-NG): households and their members, coded in the numbers of BDT 2015."""

from __future__ import annotations

from db.registers.formats import codes
from db.registers.formats._format import FLAG, Codes, Field, Format
from db.registers.formats.kentongan import ORIGIN

OWNERSHIP = codes.merge(codes.number("own", "rent", "free", "official", "other"), codes.OWNERSHIP)
FLOOR = codes.merge(
    codes.number(
        "marble", "ceramic", "vinyl", "tile", "wood", "cement", "bamboo", "wood", "earth", "other"
    ),
    codes.FLOOR,
)
WALL = codes.merge(
    codes.number("brick", "plastered_bamboo", "wood", "bamboo", "wood", "bamboo", "other"),
    codes.WALL,
)
ROOF = codes.merge(
    codes.number(
        "concrete", "tile", "tile", "tile", "asbestos", "zinc", "wood", "bamboo", "thatch", "other"
    ),
    codes.ROOF,
)
WATER = codes.merge(
    codes.number(
        "bottled",
        "bottled",
        "piped",
        "piped",
        "borehole",
        "protected_well",
        "unprotected_well",
        "protected_spring",
        "unprotected_spring",
        "surface",
        "rain",
        "other",
    ),
    codes.WATER,
)
LIGHTING = codes.merge(codes.number("pln", "non_pln", "none"), codes.LIGHTING)
POWER = codes.merge(codes.number("450", "900", "1300", "2200", "3500", "unmetered"), codes.POWER)
FUEL = codes.merge(
    codes.number(
        "electricity",
        "lpg",
        "lpg_3kg",
        "gas",
        "kerosene",
        "charcoal",
        "charcoal",
        "firewood",
        "none",
    ),
    codes.FUEL,
)
TOILET = codes.merge(codes.number("own", "shared", "public", "none"), codes.TOILET)

RELATIONSHIP = codes.merge(
    codes.number("head", "spouse", "child", "other", "grandchild", "parent", "other", "other"),
    codes.RELATIONSHIP,
)
MARITAL = codes.merge(codes.number("single", "married", "divorced", "widowed"), codes.MARITAL)
SCHOOLING = codes.merge(codes.number("not_yet", "attending", "finished", start=0), codes.SCHOOLING)
DIPLOMA = codes.merge(
    codes.number(
        "none",
        "primary",
        "lower_secondary",
        "upper_secondary",
        "higher",
        "higher",
        "higher",
        start=0,
    ),
    codes.DIPLOMA,
)
WORK = codes.merge(
    codes.number(
        "self_employed",
        "self_employed",
        "self_employed",
        "employee",
        "civil_servant",
        "farm_labourer",
        "casual_labourer",
        "family_worker",
    ),
    codes.WORK,
)
INDUSTRY = codes.merge(
    codes.number(
        "farmer",
        "farmer",
        "farmer",
        "fisher",
        "fisher",
        "farmer",
        "farmer",
        "",
        "",
        "",
        "",
        "trader",
    ),
    codes.INDUSTRY,
)
DISABILITY = codes.merge(
    codes.number(
        "",
        "physical",
        "visual",
        "hearing",
        "speech",
        "multiple",
        "multiple",
        "multiple",
        "multiple",
        "multiple",
        "intellectual",
        "mental",
        "multiple",
        start=0,
    ),
    codes.DISABILITY,
)
ILLNESS = codes.merge(
    codes.number("", "hypertension", "rheumatism", "asthma", "heart", "diabetes", "tuberculosis",
                 "stroke", "cancer", "other", start=0),
    codes.ILLNESS,
)  # fmt: skip


def flag(key: str, title: str, names: tuple[str, ...], table: Codes) -> Field:
    """Make the field of a column that says whether a programme is received."""
    return Field(f"{FLAG}{key}", title, names, table)


_REGION = (
    Field("region_province", "KDPROP", ("kdprop",)),
    Field("region_regency", "KDKAB", ("kdkab",)),
    Field("region_district", "KDKEC", ("kdkec",)),
    Field("region_village", "KDDESA", ("kddesa",)),
)
_IGNORED = (
    *("ruta6", "nopesertapbdt", "nopesertapkh", "nopesertakks2016", "nopesertapbi", "pesertakip"),
    *("nama_sls", "jumlah_keluarga", "sta_lahan", "kondisi_dinding", "kondisi_atap"),
    *("jumlah_kamar", "nomor_meter_air", "cara_peroleh_airminum", "cara_proleh_airminum"),
    *("nomor_pln", "nomor_gas", "kloset", "buang_tinja", "ada_tabung_gas", "ada_lemari_es"),
    *("ada_ac", "ada_pemanas", "ada_telpon", "ada_telepon", "ada_tv", "ada_emas", "ada_laptop"),
    *("ada_sepeda", "ada_motor", "ada_mobil", "ada_perahu", "ada_motor_tempel", "ada_kapal"),
    *("ada_perahu_motor", "aset_tak_bergerak", "luas_atb", "rumah_lain", "jumlah_sapi"),
    *("jumlah_kerbau", "jumah_kerbau", "jumlah_kuda", "jumlah_babi", "jumlah_kambing"),
    *("sta_art_usaha", "sta_kks", "sta_kip", "sta_bpjs_mandiri", "sta_jamsostek", "sta_asuransi"),
    *("sta_rastra", "sta_raskin", "sta_kur", "sta_keberadaan_rt", "adapbdt", "nokartudebit"),
    *("id_pengurus", "nama_pengurus", "nik_pengurus", "no_kks", "status_kesejahteraan"),
    *("foto_rumah", "foto_dinding", "foto_lantai", "foto_atap", "foto_jamban", "foto_dapur"),
    *("foto_krt", "foto_ktp", "foto_kk"),
)

HOUSEHOLDS = Format(
    "dtks_ruta",
    "DTKS rumah tangga",
    "households",
    (
        Field("external_id", "IDBDT", ("idbdt", "id_bdt", "iddtks")),
        *_REGION,
        Field("area_code", "Kode wilayah", ("kodewilayah",)),
        Field("address", "Alamat", ("alamat",)),
        Field("head_name", "Nama KRT", ("nama_krt",)),
        Field("kk", "Nomor KK", ("nokk", "no_kk")),
        Field("member_count", "Jumlah ART", ("jumlah_art",)),
        Field("house_ownership", "Status bangunan", ("sta_bangunan",), OWNERSHIP),
        Field("floor_area_m2", "Luas lantai", ("luas_lantai",)),
        Field("floor_material", "Lantai", ("lantai",), FLOOR),
        Field("wall_material", "Dinding", ("dinding",), WALL),
        Field("roof_material", "Atap", ("atap",), ROOF),
        Field("drinking_water", "Sumber air minum", ("sumber_airminum", "sumber_air_minum"), WATER),
        Field("lighting", "Sumber penerangan", ("sumber_penerangan",), LIGHTING),
        Field("electricity_va", "Daya", ("daya",), POWER),
        Field("cooking_fuel", "Bahan bakar memasak", ("bb_masak", "bahan_bakar_masak"), FUEL),
        Field("toilet", "Fasilitas BAB", ("fasbab", "fas_bab"), TOILET),
        flag("pkh", "Status PKH", ("sta_pkh",), codes.yes_means("pkh")),
        flag("adapkh", "Ada PKH", ("adapkh",), codes.yes_means("pkh")),
        flag("adabpnt", "Ada BPNT", ("adabpnt",), codes.yes_means("bpnt")),
        flag("kis", "Status KIS", ("sta_kis",), codes.yes_means("pbi_jkn")),
        Field("lon", "Bujur", ("long", "longitude")),
        Field("lat", "Lintang", ("lat", "latitude")),
        Field("percentile", "Percentile", ("percentile", "persentil")),
        ORIGIN,
    ),
    (("external_id",), ("head_name",), ("region_village", "area_code")),
    ignored=frozenset(_IGNORED),
    numbering="bps",
    allows_twins=True,
)

PERSONS = Format(
    "dtks_art",
    "DTKS anggota rumah tangga",
    "persons",
    (
        Field("external_id", "IDARTBDT", ("idartbdt", "id_art_bdt")),
        Field("household_key", "IDBDT", ("idbdt", "id_bdt", "iddtks")),
        *_REGION,
        Field("name", "Nama", ("nama",)),
        Field("sex", "Jenis kelamin", ("jnskel", "jenis_kelamin"), codes.SEX),
        Field("birth_date", "Tanggal lahir", ("tgllahir", "tanggal_lahir")),
        Field("nik", "NIK", ("nik",)),
        Field("kk", "Nomor KK", ("nokk", "no_kk")),
        Field("relationship", "Hubungan dengan KRT", ("hub_krt",), RELATIONSHIP),
        Field("other_relationship", "HubKRT", ("hubkrt",), RELATIONSHIP),
        Field("marital_status", "Status kawin", ("sta_kawin",), MARITAL),
        Field("disability", "Jenis cacat", ("jenis_cacat",), DISABILITY),
        Field("chronic_illness", "Penyakit kronis", ("penyakit_kronis",), ILLNESS),
        Field("schooling", "Partisipasi sekolah", ("partisipasi_sekolah",), SCHOOLING),
        Field("education", "Ijazah tertinggi", ("ijazah_tertinggi",), DIPLOMA),
        Field("is_working", "Bekerja", ("sta_bekerja",), codes.WORKING),
        Field("industry", "Lapangan usaha", ("lapangan_usaha",), INDUSTRY, ""),
        Field("work", "Status pekerjaan", ("status_pekerjaan",), WORK),
        ORIGIN,
    ),
    (("household_key",), ("name",), ("external_id", "nik")),
    ignored=frozenset(
        (
            *("ruta6", "nopesertapbdt", "nopesertapbdtart", "nopesertapkh", "nopesertakks2016"),
            *("nopesertapbi_org", "noartpkh", "noartpbdt", "noartkks2016", "noartpbi_org"),
            *("tmplahir", "nuk", "hubkel", "umur", "ada_akta_nikah", "ada_dikk"),
            *("ada_kartu_identitas", "sta_hamil", "pendidikan_tertinggi", "kelas_tertinggi"),
            *("jumlah_jamkerja", "sta_keberadaan_art", "sta_kepesertaan_pbi", "ada_kks"),
            *("ada_pbi", "ada_kip", "ada_pkh", "ada_rastra", "anak_diluar_rt"),
            "namagadis_ibukandung",
        )
    ),
    numbering="bps",
    allows_twins=True,
)
