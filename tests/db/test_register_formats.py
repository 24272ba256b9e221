"""National register files into the database: each row comes to what it was labelled with."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from db.catalogue import load_catalogue
from db.registers import import_households
from tests.registers.people import lay_out_villages, make_households
from tests.registers.samples import EVERY, write_sample

AS_OF = date(2026, 6, 30)
_KEPT = text("SELECT row_number, reason FROM import_row")
KEYS = [key for kind, key in EVERY if kind == "households"]


@pytest.fixture
def regency(conn: Connection) -> Connection:
    """Four villages, two of whose codes are each other's in the other numbering."""
    load_catalogue(conn)
    lay_out_villages(conn)
    return conn


@pytest.mark.parametrize("key", KEYS)
def test_a_register_in_each_format(regency: Connection, tmp_path: Path, key: str) -> None:
    path = tmp_path / "register.csv"
    expected = [
        row for row in write_sample("households", key, path) if row.outcome != "passed_over"
    ]
    ledger = import_households(regency, path, source_code=key, source_name=key, as_of=AS_OF)
    outcomes = Counter(row.outcome for row in expected)
    assert ledger.is_balanced
    assert ledger.created == outcomes["taken"] + outcomes["noted"]
    assert ledger.rejected == outcomes["rejected"]
    kept = {row[0]: row[1] for row in regency.execute(_KEPT)}
    assert kept == {row.row_number: " ".join(row.reasons) for row in expected if row.reasons}
    stored = {
        row.external_id: row for row in regency.execute(text("SELECT * FROM household")).all()
    }
    for row in expected:
        if row.outcome in ("taken", "noted"):
            household = stored[row.values["external_id"]]
            for name in ("area_code", "decile", "floor_material", "toilet"):
                assert getattr(household, name) == row.values[name], row


def test_the_same_families_in_two_registers_meet_by_nik(
    regency: Connection, tmp_path: Path
) -> None:
    houses = make_households(12)
    for key in ("p3ke_keluarga", "bdt2015"):
        path = tmp_path / f"{key}.csv"
        write_sample("households", key, path, households=houses, with_faults=False)
        ledger = import_households(regency, path, source_code=key, source_name=key, as_of=AS_OF)
        assert ledger.rejected == 0
    assert regency.scalar(text("SELECT count(*) FROM household")) == len(houses)
