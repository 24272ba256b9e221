"""National register files into the database: each row comes to what it was labelled with."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from db.catalogue import load_catalogue
from db.ledger import Ledger
from db.registers import IMPORTERS, import_households
from db.registers.undo import undo_batch
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
    assert ledger.new == outcomes["taken"] + outcomes["noted"]
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


OTHERS = [(kind, key) for kind, key in EVERY if kind != "households"]


@pytest.mark.parametrize(("kind", "key"), OTHERS)
def test_a_file_of_each_other_kind_goes_to_the_families_it_speaks_of(
    regency: Connection, tmp_path: Path, kind: str, key: str
) -> None:
    houses = make_households(40)
    families = tmp_path / "families.csv"
    of = "dtks_ruta" if key in ("dtks_art", "bdt2015") else "p3ke_keluarga"
    if key.startswith("dtsen"):
        of = "dtsen_keluarga"
    if key == "kentongan":
        of = "kentongan"
    write_sample("households", of, families, households=houses, with_faults=False)
    import_households(regency, families, source_code="reg", source_name="reg", as_of=AS_OF)
    before = shown(regency)
    path = tmp_path / ("file.csv")
    expected = write_sample(kind, key, path, households=houses)

    ledger = bring(regency, kind, path)
    outcomes = Counter(row.outcome for row in expected)
    assert ledger.read == len(expected) - outcomes["passed_over"]
    kept = {row[0]: row[1] for row in regency.execute(_KEPT)}
    # A recipient of whom only the name is left, for the NIK is masked, may be anybody.
    unknown = [number for number, reason in kept.items() if "tidak ditemukan" in reason]
    assert len(unknown) == (key == "daftar_penerima")
    assert ledger.rejected == outcomes["rejected"] + len(unknown)
    for row in expected:
        if row.row_number in unknown:
            continue
        for reason in row.reasons:  # one in review has a reason of its own besides
            assert reason in kept[row.row_number], row

    again = bring(regency, kind, path)
    assert (again.new, again.matched) == (0, 0)
    assert again.unchanged == ledger.new + ledger.matched + ledger.unchanged
    for done in (again, ledger):
        assert done.batch_id
        undo_batch(regency, done.batch_id)
    assert shown(regency) == before


def bring(conn: Connection, kind: str, path: Path) -> Ledger:
    source = "reg" if kind == "persons" else kind
    ledger: Ledger = IMPORTERS[kind](
        conn, path, source_code=source, source_name=source, as_of=AS_OF
    )
    assert ledger.is_balanced
    return ledger


def shown(conn: Connection) -> list[list[object]]:
    hidden = "- 'batch_id' - 'shown_location' - 'shown_3857'"
    return [
        list(conn.scalars(text(f"SELECT to_jsonb(t) {hidden} FROM {name} AS t ORDER BY id")))
        for name in ("household", "person", "aid")
    ]
