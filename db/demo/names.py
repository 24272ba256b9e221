"""Given names heard in eastern Java, to make up people with; no list of people stands behind."""

from __future__ import annotations

_MEN_FIRST = (
    "Achmad", "Abdul", "Agus", "Ahmad", "Arif", "Bambang", "Budi", "Buang", "Darsono", "Didik",
    "Djoko", "Eko", "Fathur", "Gunawan", "Hadi", "Hariyanto", "Hasan", "Heri", "Imam", "Jamal",
    "Jumadi", "Kasim", "Kusnadi", "Lukman", "Mat", "Misnadi", "Misbah", "Moh.", "Mulyono",
    "Nanang", "Nur", "Paiman", "Ponidi", "Purwanto", "Rahmat", "Rudi", "Saiful", "Samsul", "Sarno",
    "Satumin", "Slamet", "Sugeng", "Sukri", "Sumarno", "Suparman", "Supriyadi", "Sutrisno",
    "Suwarno", "Suyitno", "Syaiful", "Taufik", "Tohari", "Tukiman", "Untung", "Wagimin", "Wahyu",
    "Wayan", "Yanto", "Zainal",
)  # fmt: skip
_MEN_SECOND = (
    "", "Anam", "Arifin", "Basuki", "Bahri", "Cahyono", "Efendi", "Fauzi", "Firmansyah", "Hidayat",
    "Huda", "Ismail", "Junaidi", "Kurniawan", "Laksono", "Maulana", "Mubarok", "Mustofa", "Nugroho",
    "Prasetyo", "Pratama", "Ramadhan", "Rohman", "Rosyid", "Salim", "Santoso", "Setiawan",
    "Subagyo", "Sugianto", "Susanto", "Syafii", "Utomo", "Wahyudi", "Wibowo", "Widodo", "Yulianto",
)  # fmt: skip
_WOMEN_FIRST = (
    "Aisyah", "Ani", "Asih", "Bawon", "Dewi", "Dwi", "Eka", "Endang", "Fatimah", "Fitri", "Halimah",
    "Hartini", "Holifah", "Indah", "Ira", "Jamilah", "Juariyah", "Kartini", "Kasiyati", "Khotijah",
    "Lailatul", "Lestari", "Lilik", "Mariyam", "Martini", "Misnati", "Mistin", "Murtini", "Nanik",
    "Ngatini", "Nurul", "Painah", "Poniti", "Ratna", "Rini", "Rohani", "Rukmini", "Saminah",
    "Sarinten", "Siti", "Sri", "Sugiarti", "Sulastri", "Sumiati", "Sunarti", "Suprihatin",
    "Suryani", "Sutami", "Titik", "Tri", "Tumini", "Wahyuni", "Wartini", "Wiwik", "Yayuk",
    "Yuni", "Zubaidah",
)  # fmt: skip
_WOMEN_SECOND = (
    "", "Aminah", "Anggraini", "Astuti", "Damayanti", "Farida", "Handayani", "Hasanah", "Hidayati",
    "Istiqomah", "Kholifah", "Komariyah", "Kusuma", "Lestari", "Maharani", "Maisaroh", "Marlina",
    "Maulida", "Munawaroh", "Mutmainah", "Nurjanah", "Permatasari", "Pertiwi", "Purwanti", "Rahayu",
    "Rahmawati", "Rohmah", "Safitri", "Setyowati", "Susanti", "Susilowati", "Ulfa", "Utami",
    "Wahyuningsih", "Wati", "Widayati", "Wulandari", "Zahro",
)  # fmt: skip


def _combine(first: tuple[str, ...], second: tuple[str, ...]) -> tuple[str, ...]:
    pairs = [(one, two) for one in first for two in second if one != two]
    return tuple(f"{one} {two}".strip() for one, two in pairs)


MEN = _combine(_MEN_FIRST, _MEN_SECOND)
WOMEN = _combine(_WOMEN_FIRST, _WOMEN_SECOND)
ALL_NAMES = MEN + WOMEN
