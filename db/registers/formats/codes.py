"""What the codes of registers mean, in the words that the database uses.

The same word has different numbers in different questionnaires (a floor of soil is 9 in BDT 2015
and 8 in Regsosek), so each format names its own tables. Words are keyed as
:func:`.words.normalise_word` writes them. An empty meaning is a known "nothing".
"""

from __future__ import annotations

from types import MappingProxyType

from db.registers.formats._format import Codes


def number(*meanings: str, start: int = 1) -> Codes:
    """Make the table of a question whose answers are numbered in this order."""
    return MappingProxyType({str(n): value for n, value in enumerate(meanings, start)})


def words(table: str) -> Codes:
    """Make a table of lines ``meaning: word, word``; ``nothing`` is the empty meaning."""
    found: dict[str, str] = {}
    for line in table.strip().splitlines():
        meaning, _, spellings = line.partition(":")
        value = "" if meaning.strip() == "nothing" else meaning.strip()
        found |= dict.fromkeys(map(str.strip, spellings.split(",")), value)
    return MappingProxyType(found)


def merge(*tables: Codes) -> Codes:
    """Make one table of several; the first that has a word says what it means."""
    found: dict[str, str] = {}
    for table in reversed(tables):
        found |= table
    return MappingProxyType(found)


OWNERSHIP = words("""
    own: milik_sendiri, sendiri, own
    rent: kontrak_sewa, kontrak, sewa, sewa_kontrak, rent
    free: bebas_sewa, bebas_sewa_menumpang, menumpang, numpang, free
    official: dinas, rumah_dinas, official
    other: lainnya, other
""")
FLOOR = words("""
    marble: marmer_granit, marmer, granit, marble
    ceramic: keramik, keramik_granit_marmer_ubin_tegel_teraso, ceramic
    vinyl: parket_vinil_karpet, parket_vinil_permadani, parket_vinil, vinil, karpet
    tile: ubin_tegel_teraso, ubin_tegel, ubin, tegel, teraso, tile
    cement: semen, semen_bata_merah, bata_merah, plester, plesteran, cement
    wood: kayu_papan, kayu, papan, kayu_papan_kualitas_tinggi, kayu_papan_kualitas_rendah, wood
    bamboo: bambu, bamboo
    earth: tanah, earth
    other: lainnya, other
""")
WALL = words("""
    brick: tembok, tembok_bata, bata, brick
    plastered_bamboo: plesteran_anyaman_bambu_kawat, plesteran_anyaman_bambu, plesteran_anyaman
    wood: kayu_papan, kayu, papan, batang_kayu, kayu_papan_gypsum_grc_calciboard, wood
    wood: kayu_papan_gypsum_grc, kayu_papan_gipsum_grc_calciboard
    bamboo: bambu, anyaman_bambu, bamboo
    zinc: seng, zinc
    other: lainnya, other
""")
ROOF = words("""
    concrete: beton, beton_genteng_beton, concrete
    tile: genteng, genteng_keramik, genteng_metal, genteng_tanah_liat, tile
    asbestos: asbes, asbestos
    zinc: seng, zinc
    asbestos_or_zinc: asbes_seng, seng_asbes
    bamboo: bambu, bamboo
    wood: kayu_sirap, sirap, kayu, wood
    thatch: jerami_ijuk_rumbia_daun_daunan, jerami_ijuk_daun_daunan_rumbia, jerami_ijuk_rumbia
    thatch: rumbia, ijuk, jerami, thatch
    other: lainnya, other
""")
WATER = words("""
    bottled: air_kemasan_isi_ulang, air_kemasan_bermerk, air_kemasan_bermerek, air_kemasan
    bottled: air_isi_ulang, isi_ulang, kemasan, bottled
    piped: ledeng_pam, ledeng, leding, pam, leding_meteran, leding_eceran, ledeng_meteran, piped
    borehole: sumur_bor, sumur_bor_pompa, borehole
    protected_well: sumur_terlindung, protected_well
    unprotected_well: sumur_tidak_terlindung, sumur_tak_terlindung, unprotected_well
    protected_spring: mata_air_terlindung, protected_spring
    unprotected_spring: mata_air_tidak_terlindung, mata_air_tak_terlindung, unprotected_spring
    surface: air_permukaan_sungai_danau_dll, air_sungai_danau_waduk, air_permukaan, air_sungai
    surface: air_permukaan_sungai_danau_waduk_kolam_irigasi, surface
    rain: air_hujan, rain
    other: lainnya, other
""")
LIGHTING = words("""
    pln_metered: listrik_pln_meteran, listrik_pln_meter, listrik_pln_dengan_meteran, pln_metered
    pln_unmetered: listrik_pln_non_meteran, listrik_pln_non_meter, listrik_pln_tanpa_meteran
    pln: listrik_pln, pln
    non_pln: listrik_non_pln, non_pln
    none: bukan_listrik, tidak_ada_listrik, none
""")
POWER = words("""
    450: 450_watt, 450_va, 450
    900: 900_watt, 900_va, 900, paling_banyak_900_watt
    1300: 1_300_watt, 1300_watt, 1300_va, 1300, lebih_dari_900_watt
    2200: 2_200_watt, 2200_watt, 2200_va, 2200
    3500: lebih_dari_2_200_watt, lebih_dari_2200_watt, 3500
    nothing: tanpa_meteran, tidak_ada
""")
FUEL = words("""
    electricity: listrik, electricity
    lpg_3kg: gas_3_kg, elpiji_3_kg, gas_elpiji_3_kg, lpg_3kg
    lpg: gas_lebih_dari_3_kg, elpiji_5_5_kg_blue_gaz, elpiji_5_5_kg, elpiji_12_kg, lpg, gas_elpiji
    gas: gas_kota_biogas, gas_kota, biogas, gas_kota_meteran_pgn
    electricity_or_gas: listrik_gas
    kerosene: minyak_tanah, kerosene
    charcoal: arang, briket, charcoal
    firewood: kayu_bakar, firewood
    charcoal_or_wood: arang_kayu
    none: tidak_memasak_di_rumah, tidak_memasak, none
    other: lainnya, other
""")
TOILET = words("""
    own: milik_sendiri, sendiri, ada_hanya_keluarga_sendiri, own
    own: ada_digunakan_hanya_anggota_keluarga_sendiri
    shared: bersama, ada_bersama_keluarga_tertentu, shared
    shared: ada_digunakan_bersama_anggota_keluarga_dari_keluarga_tertentu
    public: umum, ada_di_mck_komunal, ada_di_mck_umum, mck_umum, mck_komunal, public
    public: ada_di_mck_umum_siapapun_menggunakan
    shared_or_public: umum_bersama, bersama_umum
    unused: ada_tidak_digunakan, ada_anggota_keluarga_tidak_menggunakan
    none: tidak_ada, tidak_ada_fasilitas, none
    other: lainnya
    nothing: kosong
""")

SEX = words("""
    male: l, laki_laki, laki, lk, male, m, 1, pria
    female: p, perempuan, pr, female, f, 2, wanita
""")
RELATIONSHIP = words("""
    head: kepala_keluarga, kepala_rumah_tangga, kepala, krt, head
    spouse: istri_suami, suami_istri, istri, suami, isteri, pasangan, spouse
    child: anak, anak_kandung, anak_tiri, anak_angkat, anak_tiri_angkat, anak_kandung_tiri, child
    grandchild: cucu, grandchild
    parent: orang_tua_mertua, orang_tua, orangtua, mertua, parent
    other: menantu, famili_lain, pembantu, sopir, lainnya, famili_lainnya, anggota_lainnya, other
    other: pembantu_rumah_tangga, pembantu_sopir, keponakan, saudara, saudara_kandung
""")
MARITAL = words("""
    single: belum_kawin, belum_menikah, belum_nikah, single
    married: kawin, kawin_nikah, menikah, nikah, kawin_tercatat, kawin_belum_tercatat, married
    divorced: cerai_hidup, cerai_hidup_tercatat, cerai_hidup_belum_tercatat, divorced
    widowed: cerai_mati, janda, duda, widowed
""")
SCHOOLING = words("""
    not_yet: tidak_belum_pernah_sekolah, belum_sekolah, tidak_belum_sekolah, not_yet
    not_yet: tidak_belum_pernah_bersekolah, belum_pernah_sekolah
    attending: masih_sekolah, masih_bersekolah, bersekolah, attending
    dropped_out: putus_sekolah, dropped_out
    finished: tidak_bersekolah_lagi, tidak_sekolah_lagi, tamat, finished
""")
DIPLOMA = words("""
    none: tidak_punya_ijazah, tidak_memiliki_ijazah, tidak_ada, tidak_belum_sekolah, none
    none: belum_tamat_sd_sederajat, tidak_tamat_sd_sederajat, tidak_belum_tamat_sd
    primary: sd_sederajat, sd, sd_sdlb, paket_a, mi, m_ibtidaiyah, tamat_sd_sederajat, primary
    lower_secondary: smp_sederajat, smp, sltp_sederajat, smp_smplb, paket_b, mts, m_tsanawiyah
    lower_secondary: tamat_sltp_sederajat, tamat_smp_sederajat, sltp
    upper_secondary: sma_sederajat, sma, smk, slta_sederajat, sma_smk_smalb, paket_c, ma, m_aliyah
    upper_secondary: tamat_slta_sederajat, tamat_sma_sederajat, slta, sma_smk
    higher: d1_d2_d3, d4_s1, s2_s3, d1, d2, d3, d4, s1, s2, s3, perguruan_tinggi, higher
    higher: diploma_i_ii, akademi_diploma_iii_s_muda, akademi_diploma_iii_sarjana_muda
    higher: diploma_iv_strata_i, strata_ii, strata_iii, profesi, diploma_iii, diploma_iv
""")
WORK = words("""
    farmer: petani, petani_pekebun, pekebun, peternak
    farm_labourer: buruh_tani, buruh_tani_perkebunan, pekerja_bebas_pertanian
    fisher: nelayan, nelayan_perikanan, buruh_nelayan_perikanan
    trader: pedagang, perdagangan, pedagang_keliling
    builder: tukang_batu, tukang_kayu, tukang_las_pandai_besi, konstruksi
    craftsperson: tukang_jahit, pengrajin, industri, perajin
    driver: sopir, transportasi, supir
    service_worker: tukang_cukur, penata_rias, mekanik, tukang_sol_sepatu
    self_employed: wiraswasta, berusaha_sendiri
    self_employed: berusaha_dibantu_buruh_tidak_tetap_tidak_dibayar
    self_employed: berusaha_dibantu_buruh_tetap_dibayar
    employee: pegawai_swasta, karyawan_swasta, buruh_karyawan_pegawai_swasta, karyawan_honorer
    civil_servant: pns_tni_polri, pejabat_negara, pegawai_negeri_sipil, pegawai_negeri_sipil_pns
    civil_servant: pns_tni_polri_bumn_bumd_anggota_legislatif, guru, perangkat_desa, pns
    civil_servant: tentara_nasional_indonesia, kepolisian_ri
    casual_labourer: pekerja_lepas, buruh_harian_lepas, buruh, pekerja_bebas_non_pertanian
    family_worker: pekerja_keluarga_tidak_dibayar, pekerja_keluarga
    homemaker: mengurus_rumah_tangga, ibu_rumah_tangga
    student: pelajar_mahasiswa, pelajar, mahasiswa
    retired: pensiunan
    not_working: tidak_belum_bekerja, belum_tidak_bekerja, tidak_bekerja, belum_bekerja
""")
INDUSTRY = words("""
    farmer: tanaman_padi_palawija, pertanian_tanaman_padi_palawija, hortikultura, perkebunan
    farmer: peternakan, kehutanan_pertanian_lain, kehutanan_pertanian_lainnya
    fisher: perikanan, perikanan_tangkap, perikanan_budidaya
    trader: perdagangan
""")
WORKING = words("""
    yes: ya, bekerja, 1
    no: tidak, tidak_bekerja, 2
""")
DISABILITY = words("""
    nothing: tidak_cacat, tidak_ada, tidak, bukan_penyandang_disabilitas
    physical: tuna_daksa_cacat_tubuh, tuna_daksa, cacat_tubuh, fisik, cacat_fisik, disabilitas_fisik
    visual: tuna_netra_buta, tuna_netra, cacat_netra_buta, disabilitas_penglihatan, netra
    hearing: tuna_rungu, disabilitas_pendengaran, rungu
    speech: tuna_wicara, disabilitas_wicara, wicara
    intellectual: cacat_mental_retardasi, disabilitas_intelektual, intelektual
    mental: mantan_penderita_gangguan_jiwa, cacat_mental_jiwa, disabilitas_mental, mental
    multiple: tuna_rungu_dan_wicara, cacat_rungu_wicara, cacat_fisik_dan_mental, ganda
    multiple: disabilitas_ganda, cacat_lainnya
""")
ILLNESS = words("""
    nothing: tidak_ada, tidak, tidak_memiliki
    hypertension: hipertensi, hipertensi_tekanan_darah_tinggi, darah_tinggi
    rheumatism: rematik
    asthma: asma
    heart: masalah_jantung, jantung
    diabetes: diabetes, diabetes_kencing_manis
    tuberculosis: tbc, tuberculosis_tbc, tuberkulosis
    stroke: stroke
    cancer: kanker_tumor_ganas, kanker_atau_tumor_ganas, kanker, leukemia
    other: lainnya, gagal_ginjal, haemophilia, hiv_aids, kolesterol, sirosis_hati, thalasemia
    other: alzheimer
""")
LIFE = words("""
    alive: hidup, aktif, h, alive, masih_hidup
    dead: meninggal, meninggal_dunia, mati, wafat, m, dead
    moved: pindah, pindah_keluar, p, moved, pindah_domisili
""")


def yes_means(meaning: str, *, yes: str = "1", no: str = "2") -> Codes:
    """Make the table of a yes-or-no question: words, and the numbers it has in its place."""
    return words(f"""
        {meaning}: ya, y, {yes}, ada, menerima, true, aktif
        nothing: tidak, t, {no}, 0, tidak_ada, tidak_menerima, false, tidak_aktif, kosong
    """)


def difficult_means(disability: str) -> Codes:
    """Make the table of a question on how well somebody sees, hears, walks and so on."""
    return words(f"""
        {disability}: banyak_kesulitan, ya_banyak_kesulitan, sama_sekali_tidak_bisa
        {disability}: ya_sama_sekali_tidak_bisa, tidak_bisa_sama_sekali, banyak_mengalami_kesulitan
        {disability}: ya_sering, sering, ya_sepenuhnya_dibantu
        nothing: sedikit_kesulitan, ya_sedikit_kesulitan, tidak, tidak_kesulitan, tidak_ada
        nothing: tidak_mengalami_kesulitan, sedikit_mengalami_kesulitan, jarang, tidak_pernah
        nothing: ya_jarang, tidak_ada_kesulitan
    """)
