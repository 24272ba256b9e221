"""The column titles of the national formats, as their files carry them."""

from __future__ import annotations


def _split(titles: str) -> list[str]:
    return titles.replace("\n", "").split(";")


P3KE_KELUARGA = _split("""
ID Keluarga P3KE;Provinsi;Kabupaten/Kota;Kecamatan;Desa/Kelurahan;Kode Kemdagri;
Desil Kesejahteraan;Alamat;Kepala Keluarga;NIK;Padan Dukcapil;Jenis Kelamin;Tanggal Lahir;
Pekerjaan;Pendidikan;Kepemilikan Rumah;Memiliki Simpanan Uang/Perhiasan/Ternak/Lainnya;
Jenis Atap;Jenis Dinding;Jenis Lantai;Sumber Penerangan;Bahan Bakar Memasak;Sumber Air Minum;
Memiliki Fasilitas Buang Air Besar;Penerima BPNT;Penerima BPUM;Penerima BST;Penerima PKH;
Penerima SEMBAKO;Resiko Stunting
""")
P3KE_INDIVIDU = _split("""
ID Keluarga P3KE;Provinsi;Kabupaten/Kota;Kecamatan;Desa/Kelurahan;Kode Kemdagri;
Desil Kesejahteraan;Alamat;ID Individu;Nama;NIK;Padan Dukcapil;Jenis Kelamin;
Hubungan dengan Kepala Keluarga;Tanggal Lahir;Status Kawin;Pekerjaan;Pendidikan;Usia < 7 Tahun;
Usia 7-12 Tahun;Usia 13-15 Tahun;Usia 16-18 Tahun;Usia 19-21 Tahun;Usia 22-59 Tahun;
Usia 60+ Tahun;Penerima BPNT;Penerima BPUM;Penerima BST;Penerima PKH;Penerima SEMBAKO;
Resiko Stunting
""")
DTSEN_KELUARGA = _split("""
kode_provinsi;provinsi;kode_kabupaten_kota;kabupaten_kota;kode_kecamatan;kecamatan;
kode_kelurahan_desa;kelurahan_desa;alamat;nomor_kartu_keluarga;nama_anggota_keluarga;
id_pelanggan_pln;jumlah_anggota_keluarga;desil_nasional;desil_provinsi;desil_kabupaten_kota;
pbi_nas;pbi_pemda;status_kepemilikan_rumah;jenis_lantai_terluas;luas_lantai;
jenis_dinding_terluas;jenis_atap_terluas;sumber_air_minum_utama;sumber_penerangan_utama;
daya_terpasang;bahan_bakar_utama_memasak;fasilitas_bab;jenis_kloset;pembuangan_akhir_tinja;
kepemilikan_aset;aset_bergerak_tabung_gas;aset_bergerak_lemari_es;aset_bergerak_ac;
aset_bergerak_pemanas_air;aset_bergerak_telepon_rumah;aset_bergerak_tv_datar;
aset_bergerak_emas_perhiasan;aset_bergerak_komputer_laptop_tablet;aset_bergerak_sepeda_motor;
aset_bergerak_sepeda;aset_bergerak_mobil;aset_bergerak_perahu;aset_bergerak_kapal_perahu_motor;
aset_bergerak_smartphone;aset_tidak_bergerak_lahan_lainnya;aset_tidak_bergerak_rumah_lainnya;
jumlah_ternak_sapi;jumlah_ternak_kerbau;jumlah_ternak_kuda;jumlah_ternak_babi;
jumlah_ternak_kambing_domba
""")
DTSEN_ANGGOTA = _split("""
nomor_induk_kependudukan;nomor_kartu_keluarga;nama;tanggal_lahir;jenis_kelamin;
status_hubungan_keluarga;status_kawin;pbi_nas;pbi_pemda;partisipasi_sekolah;
jenjang_tertinggi_yang_diduduki;kelas_tertinggi_yang_diduduki;ijazah_tertinggi_yang_dimiliki;
pendidikan_akhir_ktp;status_bekerja;lapangan_usaha_dari_pekerjaan_utama;
status_dalam_pekerjaan_utama;kepemilikan_usaha;jumlah_usaha;lapangan_usaha_dari_usaha_utama;
jumlah_pekerja_yang_dibayar_dari_usaha_utama;jumlah_pekerja_yang_tidak_dibayar_dari_usaha_utama;
omzet_usaha_utama;pekerjaan_ktp;kondisi_gizi;penglihatan;pendengaran;berjalan_atau_naik_tangga;
menggunakan_tangan_jari;belajar_kemampuan_intelektual;pengendalian_perilaku;
berbicara_komunikasi;mengurus_diri;mengingat_berkonsentrasi;kesedihan_depresi;penyakit_kronis;
kode_provinsi_ktp;provinsi_ktp;kode_kabupaten_kota_ktp;kabupaten_kota_ktp;kode_kecamatan_ktp;
kecamatan_ktp;kode_kelurahan_desa_ktp;kelurahan_desa_ktp;rt_ktp;rw_ktp;dusun_ktp;alamat_ktp
""")
DTKS_RUTA = _split("""
IDBDT;RUTA6;NoPesertaPBDT;KDPROP;KDKAB;KDKEC;KDDESA;Alamat;NoPesertaPKH;NoPesertaKKS2016;
NoPesertaPBI;PesertaKIP;Nama_SLS;Nama_KRT;Jumlah_ART;Jumlah_Keluarga;Sta_bangunan;Sta_lahan;
Luas_lantai;Lantai;Dinding;Kondisi_dinding;Atap;Kondisi_atap;Jumlah_kamar;Sumber_airminum;
Nomor_meter_air;cara_peroleh_airminum;Sumber_penerangan;Daya;Nomor_PLN;bb_masak;Nomor_gas;
Fasbab;Kloset;Buang_tinja;Ada_tabung_gas;Ada_lemari_es;Ada_ac;Ada_pemanas;Ada_telpon;Ada_tv;
Ada_emas;Ada_laptop;Ada_sepeda;Ada_motor;Ada_mobil;Ada_perahu;Ada_motor_tempel;Ada_perahu_motor;
Ada_kapal;Aset_tak_bergerak;Luas_atb;Rumah_lain;Jumlah_sapi;Jumlah_kerbau;Jumlah_kuda;
Jumlah_babi;Jumlah_kambing;Sta_art_usaha;Sta_kks;Sta_kip;Sta_kis;Sta_bpjs_mandiri;Sta_jamsostek;
Sta_asuransi;Sta_pkh;Sta_rastra;Sta_kur;Sta_keberadaan_RT;Percentile
""")
DTKS_ART = _split("""
IDARTBDT;IDBDT;RUTA6;NoPesertaPBDT;NoPesertaPBDTART;KDPROP;KDKAB;KDKEC;KDDESA;NoPesertaPKH;
NoPesertaKKS2016;NoPesertaPBI_org;NoArtPKH;NoArtPBDT;NoArtKKS2016;NoArtPBI_org;Nama;JnsKel;
TmpLahir;TglLahir;HubKRT;NIK;NoKK;Hub_KRT;NUK;Hubkel;Umur;Sta_kawin;Ada_akta_nikah;Ada_diKK;
Ada_kartu_identitas;Sta_hamil;Jenis_cacat;Penyakit_kronis;Partisipasi_sekolah;
Pendidikan_tertinggi;Kelas_tertinggi;Ijazah_tertinggi;Sta_Bekerja;Jumlah_jamkerja;
Lapangan_usaha;Status_pekerjaan;Sta_keberadaan_art;Sta_kepesertaan_pbi;Ada_kks;Ada_pbi;Ada_kip;
Ada_pkh;Ada_rastra;Anak_diluar_rt;namagadis_ibukandung
""")
BDT2015 = _split("""
ruta_6 (1);ID rumah tangga (2);Provinsi (3);Kode Provinsi (4);Kab/Kota (5);Kode Kab/Kota (6);
Kecamatan (7);Kode Kecamatan (8);Desa/Kelurahan (9);Kode Desa/Kelurahan (10);Nama SLS (11);
Alamat (12);Nama KRT (13);Jumlah ART (14);Jumlah Keluarga (15);Status bangunan (16);
Status lahan (17);Luas lantai (18);Lantai terluas (19);Dinding terluas (20);
Kondisi Dinding (21);Atap Terluas (22);Kondisi Atap (23);Jumlah kamar tidur (24);
Sumber air minum (25);Cara memperoleh air minum (26);Sumber penerangan utama (27);
Daya terpasang (28);Bahan bakar memasak (29);Fasilitas BAB (30);Jenis kloset (31);
Tempat buang tinja (32);Kepemilikan tabung gas 5,5kg (33);Kepemilikan lemari es (34);
Kepemilikan ac (35);Kepemilikan pemanas air (36);Kepemilikan telepon rumah (37);
Kepemilikan televisi (38);Kepemilikan emas dan tabungan (39);Kepemilikan laptop/komputer (40);
Kepemilikan sepeda (41);Kepemilikan sepeda motor (42);Kepemilikan mobil (43);
Kepemilikan perahu (44);Kepemilikan motor tempel (45);Kepemilikan perahu motor (46);
Kepemilikan kapal (47);Nomor HP  yang aktif (48);Jumlah ruangan rumah yang ditempati (49);
Kepemilikan aset tidak bergerak (50);Luas aset tidak bergerak;Kepemilikan rumah di tempat lain;
Jumlah sapi yang dimiliki;Jumlah kerbau yang dimiliki;Jumlah kuda yang dimiliki;
Jumlah babi yang dimiliki;Jumlah kambing/domba yang dimiliki;Status ART yang memiliki usaha;
Status KKS;Status KIP;Status KIS;Status BPJS  mandiri;Status Jamsostek;
Status asuransi kesehatan lainnya;Status PKH;Status Rastra;Status KUR;
No Urut ART Wanita Usia Subur;Usia Suami;Usia Istri;Kepesertaan KB;Metode Kontrasepsi;
Lama menggunakan kontrasepsi (tahun);Lama menggunakan kontrasepsi (bulan);Tempat pelayanan KB;
Status ingin punya anak lagi;Alasan utama tidak ber KB;percentile;Nomor urut ART;Nama ART;NIK;
HubKRT;Nomor urut keluarga;Hubungan dengan kepala keluarga;jenis kelamin;
Umur anggota rumah tangga (tahun);Status perkawinan;Kepemilikan akta/buku nikah;
Tercantum di dalam KK;Kepemilikan kartu identitas;Status kehamilan;Jenis cacat;Penyakit kronis;
Partisipasi sekolah;Pendidikan tertinggi;Kelas tertinggi;Ijazah tertinggi;
Bekerja seminggu yg lalu;Jumlah jam kerja;Lapangan usaha;Status dalam pekerjaan
""")
