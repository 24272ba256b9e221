"""The programmes a new database starts with, as data; see :mod:`db.catalogue` for its rules.

Facts come from the press and the agencies named in ``source``; a regency edits all of them.

An eligibility rule is data too, as :mod:`geo.rules` reads it; its ``basis`` is ``published`` where
the rule was, ``default`` where this project chose one. ``served_years`` says for how long a
household counts as served: for good (None) where nobody is served twice, for a year where aid is
given by the year. ``excludes`` names programmes that a household should not get beside this one; no
list of them was published, so the three pairs are this project's proposal.
"""

from __future__ import annotations

from typing import Any, NamedTuple

_POOR: dict[str, Any] = {"field": "decile", "op": "<=", "value": 4}
_POOREST: dict[str, Any] = {"field": "decile", "op": "<=", "value": 2}
_STUDY = "Kajian UGDK Banyuwangi"


class ProgrammeRow(NamedTuple):
    """One programme; ``unit_cost_idr`` is None where no figure was published."""

    code: str
    name: str
    domain: str
    agency: str
    given_to: str
    unit_cost_idr: int | None
    unit_cost_note: str | None
    description: str
    eligibility: dict[str, Any]
    source: str
    served_years: int | None = 1
    excludes: tuple[str, ...] = ()
    is_public_money: bool = True


PROGRAMMES: tuple[ProgrammeRow, ...] = (
    ProgrammeRow(
        "kanggo_riko",
        "Kanggo Riko",
        "business",
        "Dinas Pemberdayaan Masyarakat dan Desa",
        "household",
        2_500_000,
        "Per keluarga, 2024, dari Alokasi Dana Desa; kelurahan tidak mendapat.",
        "Alat atau barang dagangan untuk memulai atau menambah usaha rumahan keluarga miskin. "
        "Perempuan pencari nafkah didahulukan; yang pernah menerima tidak menerima lagi.",
        {
            "basis": "published",
            "all": [_POOR],
            "first": [{"field": "head_sex", "op": "=", "value": "female"}],
        },
        "pawartajatim.com 28 Mei 2024; jatimnow.com dan merdeka.com 15 Agustus 2018",
        served_years=None,
        excludes=("mitra_mapan",),
    ),
    ProgrammeRow(
        "rantang_kasih",
        "Rantang Kasih",
        "food",
        "Dinas Sosial",
        "person",
        7_190_000,
        "Per lansia per tahun, sekitar: Rp 6,1 miliar untuk 848 orang pada 2024. "
        "Satu porsi Rp 12.000 (2018), dua kali sehari.",
        "Makanan matang dua kali sehari dari warung terdekat untuk lansia miskin yang hidup "
        "sendiri.",
        {"basis": "published", "all": [_POOR, {"need": "elderly_alone"}]},
        "Antara Jatim 3 Juli 2024; kabarbanyuwangi 17 Januari 2025; merdeka.com 11 April 2018",
    ),
    ProgrammeRow(
        "garda_ampuh",
        "Garda Ampuh",
        "education",
        "Dinas Pendidikan",
        "person",
        2_400_000,
        "Per anak per tahun, 2023.",
        "Mengajak anak putus sekolah kembali belajar, juga anak yang terancam putus sekolah, "
        "yatim piatu, dan penyandang disabilitas.",
        {
            "basis": "published",
            "all": [{"member": {"age_min": 7, "age_max": 18}}],
            "any": [{"need": "back_to_school"}, {"need": "disability_care"}],
        },
        "BPK Jatim; Antara Jatim; banyuwanginet.com 29 Maret 2023",
    ),
    ProgrammeRow(
        "uang_saku",
        "Uang saku dan transpor pelajar",
        "education",
        "Dinas Pendidikan",
        "person",
        None,
        "Per hari: SD Rp 5.000, SMP Rp 10.000, SMA Rp 15.000, ditambah transpor Rp 5.000.",
        "Uang saku dan ongkos ke sekolah bagi pelajar miskin yang terancam berhenti, di kecamatan "
        "dengan angka sekolah rendah. Bagian dari Garda Ampuh.",
        {
            "basis": "default",
            "all": [
                _POOREST,
                {"member": {"age_min": 7, "age_max": 18, "schooling": "attending"}},
            ],
        },
        "Antara Jatim; BPK Jatim",
        excludes=("siswa_asuh_sebaya",),
    ),
    ProgrammeRow(
        "banyuwangi_cerdas",
        "Banyuwangi Cerdas",
        "education",
        "Dinas Pendidikan",
        "person",
        None,
        "Rp 15 miliar seluruhnya (2018); besaran per orang tidak diterbitkan.",
        "Beasiswa bagi pelajar berprestasi dari keluarga miskin, sampai jenjang sarjana.",
        {
            "basis": "default",
            "all": [
                _POOR,
                {"member": {"age_min": 15, "age_max": 23, "schooling": "attending"}},
            ],
        },
        "IDN Times 21 September 2018",
    ),
    ProgrammeRow(
        "siswa_asuh_sebaya",
        "Siswa Asuh Sebaya",
        "education",
        "Dinas Pendidikan",
        "person",
        None,
        "Rp 26,68 miliar untuk lebih dari 300.000 pelajar sejak 2011.",
        "Pelajar membantu teman sekolahnya yang miskin: sepatu, buku, sepeda, kacamata.",
        {"basis": "published", "all": [_POOR, {"need": "school_costs"}]},
        "sindonews.com 13 Oktober 2023",
        is_public_money=False,
    ),
    ProgrammeRow(
        "pbi_jkn",
        "PBI JKN",
        "health",
        "Dinas Sosial",
        "household",
        None,
        None,
        "Iuran jaminan kesehatan dibayari pemerintah bagi keluarga miskin.",
        {"basis": "default", "all": [_POOR], "first": [{"need": "health_insurance"}]},
        _STUDY,
        excludes=("spm",),
    ),
    ProgrammeRow(
        "spm",
        "Surat Pernyataan Miskin (SPM)",
        "health",
        "Dinas Kesehatan",
        "person",
        None,
        "Per kasus.",
        "Berobat dengan surat pernyataan miskin bagi warga miskin yang sakit tanpa jaminan "
        "kesehatan.",
        {
            "basis": "published",
            "all": [_POOR, {"need": "health_insurance"}, {"need": "chronic_care"}],
        },
        _STUDY,
    ),
    ProgrammeRow(
        "bpnt",
        "BPNT (Kartu Sembako)",
        "food",
        "Kementerian Sosial",
        "household",
        None,
        None,
        "Bantuan pangan nontunai bulanan bagi keluarga miskin terdaftar.",
        {"basis": "default", "all": [_POOR], "first": [{"need": "food"}]},
        _STUDY,
    ),
    ProgrammeRow(
        "pkh",
        "PKH (Program Keluarga Harapan)",
        "cash",
        "Kementerian Sosial",
        "household",
        None,
        "52.687 keluarga penerima di Banyuwangi.",
        "Bantuan tunai bersyarat bagi keluarga miskin dengan ibu hamil, anak kecil, pelajar, "
        "lansia, atau penyandang disabilitas.",
        {
            "basis": "published",
            "all": [_POOR],
            "any": [
                {"member": {"age_max": 6}},
                {"member": {"schooling": "attending"}},
                {"member": {"age_min": 60}},
                {"need": "disability_care"},
            ],
        },
        f"{_STUDY} (Peraturan Daerah 2/2021)",
    ),
    ProgrammeRow(
        "mitra_mapan",
        "Mitra Mapan",
        "business",
        "Dinas Koperasi dan Usaha Mikro",
        "household",
        None,
        None,
        "Usaha yang sudah mapan mendampingi usaha kecil keluarga miskin.",
        {"basis": "default", "all": [_POOR, {"need": "business_capital"}]},
        _STUDY,
        is_public_money=False,
    ),
    ProgrammeRow(
        "bedah_rumah",
        "Bedah Rumah",
        "housing",
        "Dinas Perumahan dan Permukiman",
        "household",
        None,
        "340 rumah dalam satu tahun; biaya per rumah tidak diterbitkan.",
        "Perbaikan rumah tidak layak huni: rumah satu-satunya di atas tanah yang sah, penghasilan "
        "paling tinggi upah minimum, sepuluh tahun terakhir tanpa bantuan rumah.",
        {
            "basis": "published",
            "all": [
                {"need": "uninhabitable_house"},
                {"field": "house_ownership", "op": "=", "value": "own"},
            ],
        },
        "goindonesia.id",
        served_years=10,
    ),
    ProgrammeRow(
        "jamban_sehat",
        "Jamban Sehat",
        "housing",
        "Dinas Kesehatan",
        "household",
        None,
        None,
        "Jamban keluarga bagi yang belum punya jamban sendiri atau tangki septik.",
        {"basis": "published", "all": [_POOR, {"need": "latrine"}]},
        _STUDY,
        served_years=None,
    ),
    ProgrammeRow(
        "asn_peduli",
        "ASN Peduli",
        "cash",
        "Badan Kepegawaian Daerah",
        "household",
        None,
        "Sumbangan sukarela; dilaporkan terpisah dari uang pemerintah.",
        "Sumbangan pegawai negeri bagi keluarga yang tertimpa wabah atau keadaan darurat.",
        {"basis": "default", "all": [_POOREST]},
        _STUDY,
        is_public_money=False,
    ),
)
