"""The catalogue of what a rule may ask: the fields of a household, and the parts of a member.

Names, numbers, addresses and positions are none of them, so no question finds a certain person.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from geo import register_words as words
from geo.text import N_

NUMBER_OPS = ("<=", ">=", "=", "!=", "in")
CHOICE_OPS = ("=", "!=", "in")
BASES: Mapping[str, str] = {
    "published": N_("Menurut ketentuan yang diterbitkan"),
    "default": N_("Usulan awal program ini, belum ditetapkan"),
    "regency": N_("Ditetapkan kabupaten"),
}
"""Where a rule comes from."""

MOST_CONDITIONS = 40
MOST_YEARS = 50
MOST_MEMBERS = 20
OLDEST = 130


@dataclass(frozen=True, slots=True)
class Field:
    """What can be asked of a household, of its head, or of a member.

    Attributes
    ----------
    key
        As in the rule.
    title
        Marked for translation, as are ``unit``, ``group`` and the titles of the choices.
    kind
        ``number`` (whole), ``choice`` or ``flag`` (true only).
    group
        Under which heading a builder lists it.
    unit
        Of a number; empty where its title says all.
    choices
        Code to title, in the order in which they are offered.
    minimum, maximum
        Of a number, both allowed.
    """

    key: str
    title: str
    kind: Literal["number", "choice", "flag"]
    group: str
    unit: str = ""
    choices: Mapping[str, str] | None = None
    minimum: int = 0
    maximum: int = 0

    @property
    def ops(self) -> tuple[str, ...]:
        """The comparisons that make sense of it."""
        return NUMBER_OPS if self.kind == "number" else CHOICE_OPS

    def title_of(self, code: str) -> str:
        """Return what a choice is called; a code that the catalogue doesn't hold is itself."""
        return (self.choices or {}).get(code, code)


_FAMILY, _HOUSE, _HEAD = N_("Keluarga"), N_("Rumah"), N_("Kepala keluarga")
_MEMBER = N_("Anggota")
_YEARS = N_("tahun")


def _some(names: Mapping[str, str], *codes: str) -> dict[str, str]:
    return {code: names[code] for code in codes}


_AREA_KIND = {"desa": N_("Desa"), "kelurahan": N_("Kelurahan")}
_FLOOR = _some(
    words.FLOOR,
    *("earth", "bamboo", "wood", "cement", "tile", "vinyl", "ceramic", "marble", "other"),
)
_WALL = _some(words.MATERIAL, "bamboo", "plastered_bamboo", "wood", "zinc", "brick", "other")
_ROOF = _some(
    words.MATERIAL,
    *("thatch", "bamboo", "wood", "zinc", "asbestos", "asbestos_or_zinc", "tile", "concrete"),
    "other",
)

_ALL = (
    Field("decile", N_("Desil"), "number", _FAMILY, minimum=1, maximum=10),
    Field("member_count", N_("Jumlah anggota"), "number", _FAMILY, N_("orang"), maximum=63),
    Field("status", N_("Status"), "choice", _FAMILY, choices=words.STATUS),
    Field("area_kind", N_("Tinggal di"), "choice", _FAMILY, choices=_AREA_KIND),
    Field("head_sex", N_("Jenis kelamin kepala keluarga"), "choice", _HEAD, choices=words.SEX),
    Field(
        "head_marital_status",
        N_("Status kawin kepala keluarga"),
        "choice",
        _HEAD,
        choices=words.MARITAL_STATUS,
    ),
    Field("head_age", N_("Usia kepala keluarga"), "number", _HEAD, _YEARS, maximum=OLDEST),
    Field("house_ownership", N_("Status rumah"), "choice", _HOUSE, choices=words.HOUSE_OWNERSHIP),
    Field("floor_area_m2", N_("Luas lantai"), "number", _HOUSE, "m²", maximum=10_000),
    Field("floor_material", N_("Lantai"), "choice", _HOUSE, choices=_FLOOR),
    Field("wall_material", N_("Dinding"), "choice", _HOUSE, choices=_WALL),
    Field("roof_material", N_("Atap"), "choice", _HOUSE, choices=_ROOF),
    Field("toilet", N_("Jamban"), "choice", _HOUSE, choices=words.TOILET),
    Field("drinking_water", N_("Air minum"), "choice", _HOUSE, choices=words.WATER),
    Field("lighting", N_("Penerangan"), "choice", _HOUSE, choices=words.LIGHTING),
    Field("electricity_va", N_("Daya listrik"), "number", _HOUSE, "VA", maximum=100_000),
    Field("cooking_fuel", N_("Bahan bakar memasak"), "choice", _HOUSE, choices=words.FUEL),
)
FIELDS: Mapping[str, Field] = {field.key: field for field in _ALL}
"""Of a household and its head."""

_PARTS = (
    Field("age_min", N_("Usia paling rendah"), "number", _MEMBER, _YEARS, maximum=OLDEST),
    Field("age_max", N_("Usia paling tinggi"), "number", _MEMBER, _YEARS, maximum=OLDEST),
    Field("sex", N_("Jenis kelamin"), "choice", _MEMBER, choices=words.SEX),
    Field(
        "relationship",
        N_("Hubungan dengan kepala keluarga"),
        "choice",
        _MEMBER,
        choices=words.RELATIONSHIP,
    ),
    Field("marital_status", N_("Status kawin"), "choice", _MEMBER, choices=words.MARITAL_STATUS),
    Field("schooling", N_("Sekolah"), "choice", _MEMBER, choices=words.SCHOOLING),
    Field("education", N_("Pendidikan tertinggi"), "choice", _MEMBER, choices=words.EDUCATION),
    Field("disability", N_("Penyandang disabilitas"), "flag", _MEMBER),
    Field("chronic_illness", N_("Sakit menahun"), "flag", _MEMBER),
)
MEMBER_PARTS: Mapping[str, Field] = {part.key: part for part in _PARTS}
"""Of one living member, who must meet every part that a condition names."""
