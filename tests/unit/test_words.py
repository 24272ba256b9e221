"""Words and numbers on screen: the number forms, and a catalogue that is whole."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from string import Formatter

import pytest

from dashboard.words import NO_FIGURE, read_catalogue, words_of
from geo.errors import UnknownLayer

ROOT = Path(__file__).parents[2]
ROOMS = ("dashboard", "layers", "db", "geo")


def list_marked_sentences() -> Iterator[str]:
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "N_":
                    (sentence,) = node.args
                    assert isinstance(sentence, ast.Constant), f"{path}: N_ takes plain text"
                    yield sentence.value


def list_fields(sentence: str) -> set[str | None]:
    return {field for _, field, _, _ in Formatter().parse(sentence) if field is not None}


def test_every_sentence_has_an_english_one() -> None:
    assert set(list_marked_sentences()) - set(read_catalogue("en")) == set()


def test_the_catalogue_holds_nothing_stale() -> None:
    assert set(read_catalogue("en")) - set(list_marked_sentences()) == set()


def test_translations_keep_the_fields() -> None:
    for sentence, translation in read_catalogue("en").items():
        assert list_fields(translation) == list_fields(sentence), sentence


def test_there_are_no_compiled_catalogues() -> None:
    assert not list((ROOT / "dashboard").rglob("*.mo"))


@pytest.mark.parametrize(
    ("language", "number", "percent", "money", "day"),
    [
        ("id", "52.687", "8,06\N{NO-BREAK SPACE}%", "Rp2.500.000", "30 Jun 2026"),
        ("en", "52,687", "8.06%", "Rp2,500,000", "30 Jun 2026"),
    ],
)
def test_numbers_take_the_readers_form(
    language: str, number: str, percent: str, money: str, day: str
) -> None:
    words = words_of(language)
    assert words.number(52_687) == number
    assert words.percent(8.06) == percent
    assert words.rupiah(2_500_000) == money
    assert words.day(date(2026, 6, 30)) == day


def test_no_figure_is_not_zero() -> None:
    words = words_of("id")
    written = {words.number(None), words.percent(None), words.rupiah(None), words.day(None)}
    assert written == {NO_FIGURE}
    assert words.number(0) == "0"


@pytest.mark.parametrize(
    ("period", "written"),
    [("2026", "2026"), ("2026-03", "Mar 2026"), ("2026-S1", "Semester 1 2026"),
     ("2026-Q2", "Triwulan 2 2026")],
)  # fmt: skip
def test_periods_are_written_out(period: str, written: str) -> None:
    assert words_of("id").period(period) == written


def test_faults_are_translated_before_their_fields_are_filled() -> None:
    fault = UnknownLayer("{nope}")
    assert words_of("en").say_fault(fault) == "There is no map layer named “{nope}”."


def test_an_unknown_language_gets_indonesian() -> None:
    assert words_of("xx").language == "id"
