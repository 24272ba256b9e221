"""The details of an event are words, not keys."""

from __future__ import annotations

from dataclasses import fields

import pytest

from dashboard.pages.audit_detail import NAME, write_detail
from dashboard.words import words_of
from geo.view import View


def test_a_view_is_told_part_by_part() -> None:
    detail = {
        "view": "area=35.10.01&deciles=1,2&needs=latrine",
        "level": "household",
        "households": [1, 2],
        "file": "",
    }
    told = write_detail(detail, words_of("id"))
    assert told.split("; ") == [
        "Wilayah: 35.10.01",
        "Desil: 1, 2",
        "Kebutuhan: Belum punya jamban",
        "Tingkat: Keluarga",
        "2 keluarga",
    ]
    assert "Decile: 1, 2" in write_detail(detail, words_of("en"))


@pytest.mark.parametrize(
    ("detail", "told"),
    [
        ({"what": "password"}, "Apa: Kata sandi"),
        ({"term_is_number": True}, "Mencari dengan angka: ya"),
        ({"rows": {"a": 1}}, "Baris: a 1"),
        ({"unheard_of": "x"}, "unheard_of: x"),
        (None, ""),
    ],
)
def test_values_are_told(detail: dict[str, object] | None, told: str) -> None:
    assert write_detail(detail, words_of("id")) == told


def test_every_part_of_a_view_has_a_name() -> None:
    assert {field.name for field in fields(View)} - set(NAME) == set()
