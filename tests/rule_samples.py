"""Any rules: as JSON, with each condition that a rule can hold."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from db.catalogue import NEED_BITS, PROGRAMME_BITS
from geo.rules import FIELDS, MEMBER_PARTS, Field, InvalidRule, Rule, parse_rule

Json = dict[str, Any]
PROGRAMMES, NEEDS = sorted(PROGRAMME_BITS), sorted(NEED_BITS)
# Numbers as they occur in a register, so that conditions part it.
_LIKELY = {
    "decile": (1, 6), "member_count": (1, 8), "head_age": (20, 90), "floor_area_m2": (10, 120),
    "electricity_va": (0, 1300), "age_min": (0, 70), "age_max": (0, 90),
}  # fmt: skip


def read(data: object, *, own: str | None = None) -> Rule:
    """Read a rule against the programmes and needs that a new database has."""
    return parse_rule(data, programmes=PROGRAMMES, needs=NEEDS, own=own)


def _values(field: Field) -> st.SearchStrategy[Any]:
    if field.kind == "number":
        return st.integers(*_LIKELY[field.key])
    return st.sampled_from(sorted(field.choices or {})) if field.choices else st.just(True)


@st.composite
def _fields(draw: st.DrawFn) -> Json:
    field = FIELDS[draw(st.sampled_from(sorted(FIELDS)))]
    op = draw(st.sampled_from(field.ops))
    one = _values(field)
    value = draw(st.lists(one, min_size=1, max_size=4)) if op == "in" else draw(one)
    return {"field": field.key, "op": op, "value": value}


@st.composite
def _members(draw: st.DrawFn) -> Json:
    keys = draw(st.sets(st.sampled_from(sorted(MEMBER_PARTS)), min_size=1, max_size=3))
    parts = {key: draw(_values(MEMBER_PARTS[key])) for key in sorted(keys)}
    if parts.get("age_min", 0) > parts.get("age_max", 200):
        parts["age_min"], parts["age_max"] = parts["age_max"], parts["age_min"]
    at_least = draw(st.sampled_from([None, None, 1, 2, 3]))
    return {"member": parts} | ({} if at_least is None else {"at_least": at_least})


@st.composite
def _aid(draw: st.DrawFn) -> Json:
    kind = draw(st.sampled_from(["aid", "no_aid"]))
    years = draw(st.none() | st.integers(1, 4))
    return {kind: draw(st.sampled_from(PROGRAMMES))} | ({} if years is None else {"years": years})


conditions = st.one_of(
    _fields(), st.builds(lambda need: {"need": need}, st.sampled_from(NEEDS)), _members(), _aid()
)
_FEW = st.lists(conditions, max_size=2)


def _is_rule(data: Json) -> bool:
    try:
        read(data)
    except InvalidRule:
        return False
    return True


any_json: st.SearchStrategy[Json] = st.fixed_dictionaries(
    {"all": _FEW, "any": _FEW, "none": _FEW, "first": _FEW}
)
"""Made of conditions that can be read; as a whole a rule may contradict itself."""

rules_as_json = any_json.filter(_is_rule)
rules: st.SearchStrategy[Rule] = rules_as_json.map(read)
