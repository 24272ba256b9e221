"""Every format in every type of file: each row comes to what it was labelled with."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from db.registers.check_aid import AidChecker
from db.registers.check_households import HouseholdChecker
from db.registers.check_persons import PersonChecker
from db.registers.check_points import PointChecker
from db.registers.checks import RAGGED, Verdict
from db.registers.files import Table, open_table
from db.registers.formats import FORMATS
from tests.registers.people import make_places
from tests.registers.samples import BITS, EVERY, ExpectedRow, write_sample

AS_OF = date(2026, 6, 30)
ENDINGS = (".csv", ".xlsx", ".xls", ".ods")
PLACES = make_places()


def make_checker(table: Table, kind: str) -> Any:
    if kind == "households":
        return HouseholdChecker(PLACES, {}, table.format, programme_bits=BITS, as_of=AS_OF)
    if kind == "points":
        return PointChecker(PLACES, table.format, as_of=AS_OF)
    if kind == "aid":
        codes = {"pkh": "pkh", "bpnt": "bpnt"}
        return AidChecker(codes, table.format, places=PLACES, as_of=AS_OF)
    return PersonChecker(PLACES, table.format, as_of=AS_OF)


def read_all(path: Path, kind: str) -> tuple[Table, dict[int, ExpectedRow]]:
    """Read a file as an import does, into the shape of what was expected of it."""
    table = open_table(path, FORMATS[kind])
    checker = make_checker(table, kind)
    found = {}
    for chunk in table.iter_chunks(17):
        verdict = Verdict(len(chunk.raw))
        verdict.reject(chunk.ragged, RAGGED)
        block = checker.check(chunk, verdict)
        for at, number in enumerate(chunk.numbers):
            reasons = verdict.rejected.get(at) or verdict.noted.get(at) or []
            outcome = "noted" if at in verdict.noted else "taken"
            outcome = "rejected" if at in verdict.rejected else outcome
            values = {name: column[at] for name, column in block.items()}
            found[number] = ExpectedRow(number, "", outcome, tuple(reasons), values)
    return table, found


def assert_as_expected(found: dict[int, ExpectedRow], expected: list[ExpectedRow]) -> None:
    for row in expected:
        if row.outcome == "passed_over":
            assert row.row_number not in found
            continue
        got = found.pop(row.row_number)
        assert (got.outcome, got.reasons) == (row.outcome, row.reasons), row
        assert {name: got.values[name] for name in row.values} == dict(row.values), row
    assert not found


CASES = [
    (kind, key, ending)
    for at, (kind, key) in enumerate(EVERY)
    for ending in dict.fromkeys((".csv", ENDINGS[1 + at % 3], *(ENDINGS * (at < 2))))
]


@pytest.mark.parametrize(("kind", "key", "ending"), CASES)
def test_every_row_of_every_format(tmp_path: Path, kind: str, key: str, ending: str) -> None:
    path = tmp_path / f"register{ending}"
    expected = write_sample(kind, key, path)
    table, found = read_all(path, kind)
    assert table.format.key == key
    assert table.unknown_columns == []
    assert_as_expected(found, expected)
