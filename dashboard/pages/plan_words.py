"""What the states, choices and acts of plans are called on their pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from db.plans.delivery_file import OUTCOME_WORDS
from geo.text import N_

PATH = "/plans"
READERS = ("planner", "regent", "task_unit", "village_operator")
"""Roles with pages of plans; those of an area see approved ones and their own households."""
FOLLOWERS = ("planner", "regent")
"""Roles that see every plan, its figures and its history."""

STATE: Mapping[str, str] = {
    "draft": N_("Draf"),
    "proposed": N_("Diusulkan"),
    "approved": N_("Disetujui"),
    "running": N_("Berjalan"),
    "closed": N_("Ditutup"),
}
"""The states of a plan in their order."""
STATE_NOTE: Mapping[str, str] = {
    "draft": N_("Pengaturan masih dapat diubah dan dihitung ulang."),
    "proposed": N_("Daftar dibekukan dan menunggu persetujuan orang lain."),
    "approved": N_("Daftar sudah tetap; perubahan register tidak mengubahnya."),
    "running": N_("Bantuan sedang disalurkan menurut daftar yang tetap."),
    "closed": N_("Rencana sudah selesai; daftarnya tinggal untuk dibaca."),
}
RANKING: Mapping[str, str] = {
    "decile": N_("Desil terendah dahulu"),
    "needs": N_("Kebutuhan terbanyak dahulu"),
    "waiting": N_("Yang menunggu terlama dahulu"),
    "weights": N_("Menurut bobot di bawah ini"),
}
CRITERION: Mapping[str, str] = {
    "decile": N_("Bobot desil"),
    "needs": N_("Bobot kebutuhan"),
    "waiting": N_("Bobot lama menunggu"),
}
SPLIT: Mapping[str, str] = {
    "none": N_("Tidak dibagi: urutan menentukan"),
    "need": N_("Sebanding dengan jumlah calon"),
    "equal": N_("Sama banyak"),
}
VILLAGES: Mapping[str, str] = {
    "all": N_("Desa dan kelurahan"),
    "desa": N_("Desa saja"),
    "kelurahan": N_("Kelurahan saja"),
}
OUTCOME: Mapping[str, str] = {
    "": N_("Belum dicatat"),
    **OUTCOME_WORDS,
}
TIE_RULE = N_(
    "Bila nilainya sama, yang lebih dahulu ialah desil terendah, lalu kebutuhan terbanyak, lalu"
    " yang menunggu terlama, lalu anggota terbanyak; terakhir undian yang dapat dihitung ulang"
    " siapa pun dari nomor keluarga dan benih “{lot}”."
)


@dataclass(frozen=True, slots=True)
class Act:
    """Something that is done with a plan.

    Attributes
    ----------
    button
        What its button says.
    doing, done
        Said of its job while it runs, and when it is over.
    was
        What stands in the history.
    """

    button: str
    doing: str
    done: str
    was: str


ACTS: Mapping[str, Act] = {
    "create": Act(
        N_("Simpan dan hitung"),
        N_("Menyiapkan rencana dan menghitung sasarannya…"),
        N_("Rencana dibuat."),
        N_("Rencana dibuat"),
    ),
    "save": Act(
        N_("Simpan dan hitung"),
        N_("Menyimpan pengaturan…"),
        N_("Pengaturan tersimpan."),
        N_("Pengaturan diubah"),
    ),
    "compute": Act(
        N_("Hitung sasaran"),
        N_("Menghitung sasaran…"),
        N_("Sasaran dihitung."),
        N_("Sasaran dihitung"),
    ),
    "propose": Act(
        N_("Usulkan"),
        N_("Membekukan daftar dan mengusulkan rencana…"),
        N_("Rencana diusulkan; daftarnya dibekukan."),
        N_("Diusulkan"),
    ),
    "withdraw": Act(
        N_("Tarik usulan"),
        N_("Menarik usulan…"),
        N_("Usulan ditarik; rencana kembali menjadi draf."),
        N_("Usulan ditarik"),
    ),
    "approve": Act(
        N_("Setujui"),
        N_("Memeriksa daftar dan menyimpan persetujuan…"),
        N_("Rencana disetujui."),
        N_("Disetujui"),
    ),
    "return": Act(
        N_("Kembalikan"),
        N_("Mengembalikan rencana…"),
        N_("Rencana dikembalikan kepada pengusul."),
        N_("Dikembalikan"),
    ),
    "start": Act(
        N_("Mulai penyaluran"),
        N_("Memulai penyaluran…"),
        N_("Penyaluran dimulai."),
        N_("Penyaluran dimulai"),
    ),
    "close": Act(
        N_("Tutup rencana"),
        N_("Menutup rencana…"),
        N_("Rencana ditutup."),
        N_("Ditutup"),
    ),
    "copy": Act(
        N_("Salin menjadi draf baru"),
        N_("Menyalin rencana…"),
        N_("Salinan dibuat."),
        N_("Disalin"),
    ),
    "delete": Act(
        N_("Hapus draf"),
        N_("Menghapus draf…"),
        N_("Draf dihapus."),
        N_("Dihapus"),
    ),
    "hand_over": Act(
        N_("Serahkan daftar"),
        N_("Menyerahkan daftar…"),
        N_("Daftar diserahkan."),
        N_("Daftar diserahkan"),
    ),
    "revoke": Act(
        N_("Cabut penyerahan"),
        N_("Mencabut penyerahan…"),
        N_("Penyerahan dicabut."),
        N_("Penyerahan dicabut"),
    ),
}
