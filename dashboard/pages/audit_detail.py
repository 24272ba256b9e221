"""The details of an event of the audit log in words for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from dashboard import labels
from dashboard.words import Words
from geo.text import N_

NAME: Mapping[str, str] = {
    "account": N_("Akun"),
    "action": N_("Kegiatan"),
    "area": N_("Wilayah"),
    "at": N_("Titik keluarga nomor"),
    "before": N_("Sebelum"),
    "breaks": N_("Kelas"),
    "classes": N_("Jumlah kelas"),
    "deciles": N_("Desil"),
    "domains": N_("Bidang bantuan"),
    "encrypted": N_("Tersandi"),
    "file": N_("Berkas"),
    "files": N_("Berkas"),
    "gap": N_("Kesenjangan"),
    "hours": N_("Jam"),
    "household": N_("Keluarga nomor"),
    "is_on": N_("Aktif"),
    "language": N_("Bahasa"),
    "layer": N_("Lapisan"),
    "level": N_("Tingkat"),
    "method": N_("Cara membagi kelas"),
    "needs": N_("Kebutuhan"),
    "not_received": N_("Belum dapat"),
    "page": N_("Halaman"),
    "period": N_("Periode"),
    "plan": N_("Rencana"),
    "question": N_("Pertanyaan"),
    "received": N_("Pernah dapat"),
    "replaced_events": N_("Catatan yang digantikan"),
    "replaced_hash": N_("Sidik catatan yang digantikan"),
    "role": N_("Peran"),
    "rows": N_("Baris"),
    "since": N_("Sejak tanggal"),
    "sort": N_("Urutan"),
    "statuses": N_("Status"),
    "term_is_number": N_("Mencari dengan angka"),
    "tile": N_("Petak peta"),
    "until": N_("Sampai tanggal"),
    "user": N_("Pengguna"),
    "what": N_("Apa"),
}
"""What the names of details, and of a view's parts, are called; others stay as they are."""
VALUE: Mapping[str, Mapping[str, str]] = {
    "breaks": labels.BREAK_NAME,
    "domains": labels.DOMAIN,
    "level": labels.LEVEL,
    "method": labels.METHOD,
    "needs": labels.NEED,
    "role": labels.ROLE,
    "statuses": labels.STATUS,
    "what": {
        "audit": N_("Catatan audit"),
        "code": N_("Kode kedua"),
        "database": N_("Basis data"),
        "everywhere": N_("Semua peramban"),
        "gaps": N_("Kesenjangan bantuan"),
        "password": N_("Kata sandi"),
        "user add": N_("Akun dibuat"),
        "user disable": N_("Akun ditutup"),
        "user enable": N_("Akun dibuka"),
        "user logout-all": N_("Semua sesi diakhiri"),
        "user reset": N_("Kata sandi diatur ulang"),
    },
}
_YES, _NO = N_("ya"), N_("tidak")


def write_detail(detail: Mapping[str, Any] | None, words: Words) -> str:
    """Return the details of an event in one line.

    Parameters
    ----------
    detail
        As recorded. Of the address of a view each part is told; an empty value is left out.
    words
        Of the reader. What this program knows no word for stays as it was recorded.
    """
    told: dict[str, str] = {}
    parts = []
    for name, value in (detail or {}).items():
        if name == "households":
            parts.append(words.say(N_("{count} keluarga"), count=len(value)))
        elif name == "view":
            told |= {key: _write(key, part.split(","), words) for key, part in parse_qsl(value)}
        elif value not in ("", None):
            told[name] = _write(name, value, words)
    named = [f"{words.say(NAME.get(name, name))}: {written}" for name, written in told.items()]
    return "; ".join([*named, *parts])


def _write(name: str, value: Any, words: Words) -> str:
    if isinstance(value, bool):
        return words.say(_YES if value else _NO)
    if isinstance(value, Mapping):
        return ", ".join(f"{words.say(NAME.get(key, key))} {part}" for key, part in value.items())
    if isinstance(value, list):
        return ", ".join(_write(name, part, words) for part in value)
    known = VALUE.get(name, {}).get(str(value))
    return words.say(known) if known else str(value)
