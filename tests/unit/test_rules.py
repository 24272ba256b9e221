"""Rules: read into one form, refused in the words that are wrong, said in sentences."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.words import words_of
from db.catalogue_programmes import PROGRAMMES as CATALOGUE
from db.registers.formats import codes
from geo.rules import (
    FIELDS,
    MEMBER_PARTS,
    AidCondition,
    FieldCondition,
    InvalidRule,
    MemberCondition,
    Names,
    Rule,
    describe_rule,
)
from geo.rules.model import write_canonical
from tests.rule_samples import Json, read, rules, rules_as_json

many = settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])


def decile(op: str, value: object) -> Json:
    return {"field": "decile", "op": op, "value": value}


# --- One form ------------------------------------------------------------------------------------


@many
@given(rule=rules)
def test_what_is_written_is_read_again(rule: Rule) -> None:
    again = read(json.loads(json.dumps(rule.to_json())))
    assert again == rule
    assert again.key == rule.key


@many
@given(data=rules_as_json, seed=st.randoms(use_true_random=False))
def test_equal_rules_are_equal_bytes(data: Json, seed: random.Random) -> None:
    other: Json = {}
    for name in seed.sample(sorted(data), len(data)):
        conditions = [*data[name], *data[name][:1]]
        seed.shuffle(conditions)
        other[name] = [dict(seed.sample(sorted(one.items()), len(one))) for one in conditions]
    assert write_canonical(read(other).to_json()) == write_canonical(read(data).to_json())
    assert read(other).key == read(data).key


def test_the_basis_is_not_part_of_the_key() -> None:
    rule: Json = {"all": [decile("<=", 4)]}
    one, other = read(rule | {"basis": "published"}), read(rule)
    assert one != other
    assert one.key == other.key
    assert len(one.key) == 12


def test_a_choice_of_one_is_that_one() -> None:
    assert read({"all": [decile("in", [3, 3])]}) == read({"all": [decile("=", 3)]})


def test_a_rule_says_what_it_asks() -> None:
    rule = read(
        {
            "all": [decile("<=", 4), {"member": {"age_min": 60}, "at_least": 2}],
            "none": [{"aid": "pkh", "years": 1}],
            "any": [{"field": "status", "op": "=", "value": "verified"}],
        }
    )
    assert rule.names_status
    assert rule.none == (AidCondition("pkh", True, 1),)
    assert MemberCondition((("age_min", 60),), 2) in rule.all
    assert FieldCondition("decile", "<=", 4) in rule.all
    assert not read({"all": [decile("<=", 4)]}).names_status


def test_the_catalogue_s_rules_are_rules() -> None:
    for row in CATALOGUE:
        rule = read(row.eligibility, own=row.code)
        assert rule.all
        assert rule.basis in ("published", "default")
        assert row.served_years is None or row.served_years in (1, 10)


# --- Refused -------------------------------------------------------------------------------------

BAD: list[tuple[Any, str]] = [
    # Not a rule at all
    (None, "tidak dapat dibaca"),
    ([decile("<=", 4)], "tidak dapat dibaca"),
    ({}, "belum berisi syarat"),
    ({"all": []}, "belum berisi syarat"),
    ({"first": [decile("<=", 4)]}, "belum berisi syarat"),
    ({"every": [decile("<=", 4)]}, "“every”"),
    ({"all": decile("<=", 4)}, "bukan daftar syarat"),
    ({"all": [decile("<=", 4)], "basis": "rumour"}, "“rumour”"),
    ({"all": [decile("=", n % 10 + 1) for n in range(41)]}, None),
    ({"any": [{"member": {"age_min": n}} for n in range(41)]}, "memuat 41 syarat"),
    # Not a condition
    ({"all": ["decile"]}, "“decile”"),
    ({"all": [{}]}, "tepat satu"),
    ({"all": [{"need": "food", "aid": "pkh"}]}, "tepat satu"),
    ({"all": [{"need": "food", "years": 2}]}, "“years”"),
    ({"all": [decile("<=", 4) | {"x": 1}]}, "“x”"),
    # Fields that are none
    ({"all": [{"field": "wealth", "op": "=", "value": 1}]}, "“wealth”"),
    ({"all": [{"field": 7, "op": "=", "value": 1}]}, "“7”"),
    *(
        ({"all": [{"field": name, "op": "=", "value": "x"}]}, f"“{name}” menunjuk orang")
        for name in ("name", "nik", "NIK", "kk", "address", "head_name", "birth_date", "location")
    ),
    ({"all": [{"member": {"nik": "3510"}}]}, "“nik” menunjuk orang"),
    ({"all": [{"field": "decile; DROP TABLE household", "op": "=", "value": 1}]}, "DROP"),
    # Comparisons and values
    ({"all": [decile("~", 4)]}, "“~” tidak dapat dipakai untuk Desil"),
    ({"all": [{"field": "decile", "value": 4}]}, "tidak dapat dipakai untuk Desil"),
    ({"all": [{"field": "toilet", "op": "<=", "value": "own"}]}, "“<=”"),
    ({"all": [decile("<=", 11)]}, "Desil harus 1 sampai 10, bukan 11"),
    ({"all": [decile("<=", 0)]}, "Desil harus 1 sampai 10"),
    ({"all": [decile("<=", "4")]}, "Desil harus bilangan bulat, bukan “4”"),
    ({"all": [decile("<=", 2.5)]}, "Desil harus bilangan bulat, bukan “2.5”"),
    ({"all": [decile("<=", True)]}, "Desil harus bilangan bulat"),
    ({"all": [decile("<=", None)]}, "Desil harus bilangan bulat"),
    ({"all": [decile("in", 4)]}, "pilih sedikitnya satu"),
    ({"all": [decile("in", [])]}, "pilih sedikitnya satu"),
    ({"all": [{"field": "toilet", "op": "=", "value": "gold"}]}, "“gold” bukan pilihan untuk"),
    ({"all": [{"field": "toilet", "op": "in", "value": ["own", "gold"]}]}, "“gold”"),
    ({"all": [{"field": "toilet", "op": "=", "value": ["own"]}]}, "bukan pilihan untuk Jamban"),
    # Needs and programmes
    ({"all": [{"need": "love"}]}, "Kebutuhan “love” tidak dikenal"),
    ({"all": [{"need": None}]}, "Kebutuhan"),
    ({"all": [{"aid": "lottery"}]}, "Program “lottery” tidak dikenal"),
    ({"all": [{"no_aid": "pkh", "years": 0}]}, "Jumlah tahun harus 1 sampai 50, bukan 0"),
    ({"all": [{"no_aid": "pkh", "years": "dua"}]}, "Jumlah tahun harus bilangan bulat"),
    ({"all": [{"no_aid": "spm"}]}, "“spm” tidak boleh menanyakan bantuannya sendiri"),
    ({"first": [{"aid": "spm", "years": 1}], "all": [decile("<=", 4)]}, "bantuannya sendiri"),
    # Members
    ({"all": [{"member": {}}]}, "belum menyebut anggota"),
    ({"all": [{"member": "child"}]}, "belum menyebut anggota"),
    ({"all": [{"member": {"height": 3}}]}, "“height” tidak dikenal"),
    ({"all": [{"member": {"age_min": 9, "age_max": 3}}]}, "9 tahun melebihi"),
    ({"all": [{"member": {"age_min": -1}}]}, "Usia paling rendah harus 0 sampai"),
    ({"all": [{"member": {"disability": False}}]}, "Penyandang disabilitas"),
    ({"all": [{"member": {"sex": "x"}}]}, "“x” bukan pilihan untuk Jenis kelamin"),
    ({"all": [{"member": {"sex": "male"}, "at_least": 0}]}, "Jumlah anggota harus 1 sampai 20"),
    ({"all": [{"member": {"sex": "male"}, "at_most": 2}]}, "“at_most”"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "words"), BAD)
def test_what_is_no_rule_is_refused_in_its_words(data: Any, words: str | None) -> None:
    with pytest.raises(InvalidRule) as refused:
        read(data, own="spm")
    assert refused.value.status == 400
    if words:
        assert words in str(refused.value)


def all_of(*conditions: Json) -> Json:
    return {"all": list(conditions)}


WOMAN: Json = {"field": "head_sex", "op": "=", "value": "female"}
TODDLER: Json = {"member": {"age_max": 4, "sex": "male"}}
CONTRADICTIONS: list[tuple[Json, tuple[str, ...]]] = [
    (
        all_of(decile("<=", 2), decile(">=", 5)),
        ("“Desil paling tinggi 2” dan “Desil paling rendah 5” saling meniadakan",),
    ),
    (all_of(decile("=", 2), decile("!=", 2)), ("tepat 2", "bukan 2")),
    (all_of(decile("in", [1, 2]), decile("in", [3, 4])), ("1, 2", "3, 4")),
    (all_of(decile("<=", 2), decile("!=", 1), decile("!=", 2)), ("syarat tentang Desil",)),
    (all_of(WOMAN, WOMAN | {"value": "male"}), ("Perempuan", "Laki-laki")),
    (all_of(decile("<=", 3)) | {"none": [decile("<=", 3)]}, ("bukan: Desil paling tinggi 3",)),
    (all_of(decile("<=", 3)) | {"none": [decile("<=", 4)]}, ("bukan: Desil paling tinggi 4",)),
    (all_of({"need": "food"}) | {"none": [{"need": "food"}]}, ("Kebutuhan: food",)),
    (all_of(TODDLER) | {"none": [{"member": {"age_max": 6}}]}, ("bukan: Ada anggota",)),
    (all_of({"aid": "pkh"}, {"no_aid": "pkh"}), ("Pernah menerima pkh", "Belum pernah")),
    (all_of({"aid": "pkh", "years": 1}, {"no_aid": "pkh", "years": 2}), ("1 tahun", "2 tahun")),
    (all_of({"aid": "pkh", "years": 1}) | {"none": [{"aid": "pkh"}]}, ("bukan: Pernah",)),
    (all_of(decile("<=", 2)) | {"any": [decile("=", 5), decile(">=", 7)]}, ("tepat 5",)),
    (all_of(decile("<=", 2)) | {"first": [decile("=", 5)]}, ("tepat 5",)),
]


@pytest.mark.parametrize(("data", "words"), CONTRADICTIONS)
def test_a_rule_that_cant_be_true_is_refused_with_what_is_wrong(
    data: Json, words: tuple[str, ...]
) -> None:
    with pytest.raises(InvalidRule, match="tidak akan pernah benar") as refused:
        read(data)
    for word in words:
        assert word in str(refused.value)


POSSIBLE: list[Json] = [
    all_of(decile(">=", 2), decile("<=", 2)),
    all_of({"aid": "pkh"}, {"no_aid": "pkh", "years": 1}),
    all_of({"aid": "pkh", "years": 3}, {"no_aid": "pkh", "years": 1}),
    all_of({"member": {"age_max": 6}}) | {"none": [TODDLER]},
    all_of({"member": {"age_max": 6}}, {"member": {"age_min": 60}}),
    all_of(decile("<=", 4)) | {"none": [decile("<=", 2)]},
    all_of(decile("<=", 2)) | {"any": [decile("=", 5), decile("=", 1)]},
]


@pytest.mark.parametrize("data", POSSIBLE)
def test_a_rule_that_can_be_true_is_read(data: Json) -> None:
    assert read(data)


def test_the_example_of_the_documentation_is_a_rule() -> None:
    page = (Path(__file__).parents[2] / "docs" / "rules.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```json\n(.*?)```", page, re.DOTALL)
    assert set(read(json.loads(example)).to_json()) == {"all", "any", "none", "first", "basis"}
    for key in (*FIELDS, *MEMBER_PARTS):
        assert f"`{key}`" in page


# --- Said ----------------------------------------------------------------------------------------


def test_a_rule_in_sentences() -> None:
    rule = read(
        {
            "all": [
                decile("<=", 4),
                {"member": {"age_min": 7, "age_max": 18, "schooling": "attending"}},
                {"no_aid": "pkh", "years": 2},
                {"field": "floor_area_m2", "op": "<=", "value": 36},
            ],
            "any": [
                {"need": "latrine"},
                {"field": "toilet", "op": "in", "value": ["none", "public"]},
            ],
            "none": [{"member": {"disability": True}, "at_least": 2}, {"aid": "spm"}],
            "first": [WOMAN],
        }
    )
    names = Names({"pkh": "PKH", "spm": "SPM"}, {"latrine": "Belum punya jamban"})
    said = {
        part.list: (str(part.heading), {str(one) for one in part.conditions})
        for part in describe_rule(rule, names)
    }
    assert said == {
        "all": (
            "Semua syarat ini dipenuhi",
            {
                "Desil paling tinggi 4",
                "Ada anggota: berusia 7–18 tahun, Sekolah: Masih sekolah",
                "Tidak menerima PKH dalam 2 tahun terakhir",
                "Luas lantai paling tinggi 36 m²",
            },
        ),
        "any": (
            "Sedikitnya satu dari ini dipenuhi",
            {"Kebutuhan: Belum punya jamban", "Jamban salah satu dari: Tidak ada, Jamban umum"},
        ),
        "none": (
            "Tidak satu pun dari ini berlaku",
            {"Ada sedikitnya 2 anggota: Penyandang disabilitas", "Pernah menerima SPM"},
        ),
        "first": (
            "Didahulukan bila salah satu ini berlaku",
            {"Jenis kelamin kepala keluarga: Perempuan"},
        ),
    }
    english = {
        words_of("en").say_phrase(one) for p in describe_rule(rule, names) for one in p.conditions
    }
    assert "Did not receive PKH in the last 2 years" in english
    assert "Has a member: aged 7–18, School: At school" in english


@many
@given(rule=rules)
def test_every_rule_can_be_said_in_both_languages(rule: Rule) -> None:
    for language in ("id", "en"):
        words = words_of(language)
        for part in describe_rule(rule):
            for phrase in (part.heading, *part.conditions):
                said = words.say_phrase(phrase)
                assert said
                assert "{" not in said


def test_a_refusal_is_translated_to_its_last_word() -> None:
    with pytest.raises(InvalidRule) as refused:
        read(all_of(decile("<=", 2), decile(">=", 5)))
    said = words_of("en").say_fault(refused.value)
    assert said.startswith(
        "This rule can never be true: “Decile at most 2” and “Decile at least 5”"
    )


# --- The catalogue of fields ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("table", "field"),
    [
        (codes.OWNERSHIP, FIELDS["house_ownership"]),
        (codes.FLOOR, FIELDS["floor_material"]),
        (codes.WALL, FIELDS["wall_material"]),
        (codes.ROOF, FIELDS["roof_material"]),
        (codes.WATER, FIELDS["drinking_water"]),
        (codes.LIGHTING, FIELDS["lighting"]),
        (codes.FUEL, FIELDS["cooking_fuel"]),
        (codes.TOILET, FIELDS["toilet"]),
        (codes.SEX, FIELDS["head_sex"]),
        (codes.MARITAL, FIELDS["head_marital_status"]),
        (codes.SEX, MEMBER_PARTS["sex"]),
        (codes.MARITAL, MEMBER_PARTS["marital_status"]),
        (codes.RELATIONSHIP, MEMBER_PARTS["relationship"]),
        (codes.SCHOOLING, MEMBER_PARTS["schooling"]),
        (codes.DIPLOMA, MEMBER_PARTS["education"]),
    ],
)
def test_whatever_a_register_can_hold_can_be_asked(table: dict[str, str], field: Any) -> None:
    assert set(table.values()) - {""} - set(field.choices) == set()
