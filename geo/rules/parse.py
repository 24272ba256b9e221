"""Reading a rule: whatever is not one is refused in the words that are wrong."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from typing import Any

from geo.errors import MapError
from geo.rules.contradictions import find_contradiction
from geo.rules.fields import (
    BASES,
    FIELDS,
    MEMBER_PARTS,
    MOST_CONDITIONS,
    MOST_MEMBERS,
    MOST_YEARS,
    Field,
)
from geo.rules.model import (
    LISTS,
    AidCondition,
    Condition,
    FieldCondition,
    MemberCondition,
    NeedCondition,
    Rule,
    in_order,
)
from geo.text import N_

_SHOWN = 60
"""Letters of a wrong word that are shown again."""

_UNREADABLE = N_("Aturan ini tidak dapat dibaca: “{what}” bukan daftar syarat.")
_PRIVATE = N_("“{what}” menunjuk orang atau rumah tertentu, jadi tidak boleh menjadi syarat.")
_ONE_KIND = N_("Syarat “{what}” harus berisi tepat satu hal yang ditanyakan.")
_NOT_HERE = N_("“{what}” tidak dikenal dalam syarat tentang {about}.")
_PRIVATE_WORDS = frozenset(
    {
        *("name", "nik", "kk", "address", "rt", "rw", "birth_date", "location", "id"),
        *("head_name", "external_id", "area_code", "nama", "alamat", "no_kk"),
    }
)


class InvalidRule(MapError):
    """A rule that can't be read, names what there isn't, or can't be true."""

    status = 400


def parse_rule(
    data: object,
    *,
    programmes: Collection[str],
    needs: Collection[str],
    own: str | None = None,
) -> Rule:
    """Read a rule from JSON.

    Parameters
    ----------
    data
        The parsed JSON: an object with any of the lists ``all``, ``any``, ``none`` and ``first``,
        and ``basis`` (``regency`` when it is left out).
    programmes, needs
        Codes that there are.
    own
        The programme whose rule it is. It may not ask for its own aid: whether a household was
        served, and for how long that holds, is said beside the rule.

    Returns
    -------
    Rule
        In its canonical form: conditions sorted, none twice.

    Raises
    ------
    InvalidRule
        With the words that are wrong; also when no household could ever meet the rule.
    """
    if not isinstance(data, Mapping):
        raise InvalidRule(_UNREADABLE, what=_show(data))
    for name in data:
        if name not in (*LISTS, "basis"):
            raise InvalidRule(N_("Bagian aturan “{what}” tidak dikenal."), what=_show(name))
    basis = data.get("basis", "regency")
    if not isinstance(basis, str) or basis not in BASES:
        raise InvalidRule(N_("Dasar aturan “{what}” tidak dikenal."), what=_show(basis))
    reader = _Reader(programmes, needs, own)
    lists = {name: reader.read_list(data.get(name, [])) for name in LISTS}
    count = sum(map(len, lists.values()))
    if count > MOST_CONDITIONS:
        raise InvalidRule(
            N_("Aturan ini memuat {count} syarat; paling banyak {most}."),
            count=count,
            most=MOST_CONDITIONS,
        )
    rule = Rule(**lists, basis=basis)
    _check_possible(rule)
    return rule


def _check_possible(rule: Rule) -> None:
    if not (rule.all or rule.any or rule.none):
        raise InvalidRule(
            N_("Aturan ini belum berisi syarat, jadi semua keluarga akan berhak. Tambahkan syarat.")
        )
    found = find_contradiction(rule)
    if found is None:
        return
    if found[1] is None:
        raise InvalidRule(
            N_("Aturan ini tidak akan pernah benar: syarat tentang {one} saling meniadakan."),
            one=found[0],
        )
    raise InvalidRule(
        N_("Aturan ini tidak akan pernah benar: “{one}” dan “{other}” saling meniadakan."),
        one=found[0],
        other=found[1],
    )


class _Reader:
    """Reads conditions, knowing the codes that there are."""

    def __init__(
        self, programmes: Collection[str], needs: Collection[str], own: str | None
    ) -> None:
        self._programmes, self._needs, self._own = programmes, needs, own
        self._kinds: dict[str, Callable[[Mapping[str, Any]], Condition]] = {
            "field": _read_field,
            "need": self._read_need,
            "member": _read_member,
            "aid": self._read_aid,
            "no_aid": self._read_aid,
        }

    def read_list(self, data: object) -> tuple[Condition, ...]:
        if not isinstance(data, list | tuple):
            raise InvalidRule(_UNREADABLE, what=_show(data))
        return in_order(self._read_condition(one) for one in data)

    def _read_condition(self, data: object) -> Condition:
        if not isinstance(data, Mapping):
            raise InvalidRule(_ONE_KIND, what=_show(data))
        kinds = [kind for kind in self._kinds if kind in data]
        if len(kinds) != 1:
            raise InvalidRule(_ONE_KIND, what=_show(dict(data)))
        return self._kinds[kinds[0]](data)

    def _read_need(self, data: Mapping[str, Any]) -> Condition:
        _check_names(data, ("need",), N_("kebutuhan"))
        need = data["need"]
        if not isinstance(need, str) or need not in self._needs:
            raise InvalidRule(N_("Kebutuhan “{what}” tidak dikenal."), what=_show(need))
        return NeedCondition(need)

    def _read_aid(self, data: Mapping[str, Any]) -> Condition:
        kind = "aid" if "aid" in data else "no_aid"
        _check_names(data, (kind, "years"), N_("bantuan"))
        programme = data[kind]
        if not isinstance(programme, str) or programme not in self._programmes:
            raise InvalidRule(N_("Program “{what}” tidak dikenal."), what=_show(programme))
        if programme == self._own:
            raise InvalidRule(
                N_(
                    "Aturan program “{what}” tidak boleh menanyakan bantuannya sendiri. Berapa lama"
                    " keluarga terhitung sudah dilayani diatur tersendiri."
                ),
                what=programme,
            )
        years = data.get("years")
        if years is not None:
            _check_whole(years, N_("Jumlah tahun"), 1, MOST_YEARS)
        return AidCondition(programme, kind == "aid", years)


def _read_field(data: Mapping[str, Any]) -> Condition:
    key = data["field"]
    field = FIELDS.get(key) if isinstance(key, str) else None
    if field is None:
        if isinstance(key, str) and key.lower() in _PRIVATE_WORDS:
            raise InvalidRule(_PRIVATE, what=_show(key))
        raise InvalidRule(N_("Kolom “{what}” tidak dikenal."), what=_show(key))
    _check_names(data, ("field", "op", "value"), field.title)
    op = data.get("op")
    if not isinstance(op, str) or op not in field.ops:
        raise InvalidRule(
            N_("Perbandingan “{what}” tidak dapat dipakai untuk {field}."),
            what=_show(op),
            field=field.title,
        )
    value = data.get("value")
    if op != "in":
        return FieldCondition(field.key, op, _read_value(field, value))
    if not isinstance(value, list | tuple) or not value:
        raise InvalidRule(
            N_("{field}: pilih sedikitnya satu nilai, bukan “{what}”."),
            what=_show(value),
            field=field.title,
        )
    several: list[Any] = sorted({_read_value(field, one) for one in value})
    # One of one is that one: the same rule must have one form.
    if len(several) == 1:
        return FieldCondition(field.key, "=", several[0])
    return FieldCondition(field.key, op, tuple(several))


def _read_value(field: Field, value: object) -> int | str:
    if field.kind == "number":
        return _check_whole(value, field.title, field.minimum, field.maximum)
    if not isinstance(value, str) or value not in (field.choices or {}):
        raise InvalidRule(
            N_("“{what}” bukan pilihan untuk {field}."), what=_show(value), field=field.title
        )
    return value


def _read_member(data: Mapping[str, Any]) -> Condition:
    about = N_("anggota keluarga")
    _check_names(data, ("member", "at_least"), about)
    member = data["member"]
    if not isinstance(member, Mapping) or not member:
        raise InvalidRule(
            N_("Syarat tentang anggota keluarga belum menyebut anggota yang mana."),
        )
    _check_names(member, tuple(MEMBER_PARTS), about)
    parts = tuple(
        (key, _read_part(part, member[key])) for key, part in MEMBER_PARTS.items() if key in member
    )
    ages = dict(parts)
    low, high = ages.get("age_min", 0), ages.get("age_max", ages.get("age_min", 0))
    if low > high:  # type: ignore[operator]
        raise InvalidRule(
            N_("Usia paling rendah {low} tahun melebihi usia paling tinggi {high} tahun."),
            low=low,
            high=high,
        )
    at_least = _check_whole(data.get("at_least", 1), N_("Jumlah anggota"), 1, MOST_MEMBERS)
    return MemberCondition(parts, at_least)


def _read_part(part: Field, value: object) -> int | str | bool:
    if part.kind != "flag":
        return _read_value(part, value)
    if value is not True:
        raise InvalidRule(
            N_("“{what}” bukan pilihan untuk {field}."), what=_show(value), field=part.title
        )
    return True


def _check_names(data: Mapping[str, Any], known: Collection[str], about: str) -> None:
    for name in data:
        if name not in known:
            private = isinstance(name, str) and name.lower() in _PRIVATE_WORDS
            raise InvalidRule(_PRIVATE if private else _NOT_HERE, what=_show(name), about=about)


def _check_whole(value: object, title: str, low: int, high: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise InvalidRule(
            N_("{field} harus bilangan bulat, bukan “{what}”."), what=_show(value), field=title
        )
    if not low <= value <= high:
        raise InvalidRule(
            N_("{field} harus {low} sampai {high}, bukan {what}."),
            what=_show(value),
            field=title,
            low=low,
            high=high,
        )
    return value


def _show(wrong: object) -> str:
    if wrong is None:
        return ""
    text = wrong if isinstance(wrong, str) else json.dumps(wrong, default=str, ensure_ascii=False)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
