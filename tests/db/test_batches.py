"""Batches: what each source said is kept, the strongest is shown, and a batch can be taken back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text

from db.registers import import_aid, import_households, import_stats
from db.registers.acts import InvalidAct, verify_households, write_act
from db.registers.golden import set_precedence
from db.registers.origins import list_field_origins
from db.registers.review import DecisionRefused, decide, undo_decision
from db.registers.undo import UndoRefused, undo_batch
from tests.db.plan_samples import make_plan
from tests.db.test_registers import (
    AID,
    BUDI,
    HEADER,
    SARI,
    SITI,
    Write,
    load,
    outcomes,
    regency,
    write,
)

__all__ = ["regency", "write"]

TABLES = ("household", "person", "household_need", "aid", "area_stat")


def snapshot(conn: Connection) -> dict[str, list[Any]]:
    """Everything that is shown, without what only says which batch it came with."""
    return {
        table: conn.scalars(
            text(f"SELECT to_jsonb(t) - 'batch_id' FROM {table} AS t ORDER BY to_jsonb(t)::text")
        ).all()
        for table in TABLES
    }


def batch_of(conn: Connection) -> int:
    return int(conn.scalars(text("SELECT max(id) FROM import_batch")).one())


@contextmanager
def taken_back(conn: Connection) -> Iterator[None]:
    """Write what is taken back at the end."""
    inner = conn.begin_nested()
    yield
    inner.rollback()


LATER = SITI.replace(";1;4;", ";3;5;").replace("Krajan 1", "Dusun Baru 7").replace("K1", "X9")


def test_a_batch_is_taken_back_whole(regency: Connection, write: Write) -> None:
    before = snapshot(regency)
    load(regency, write(HEADER, SITI, BUDI, SARI))
    report = undo_batch(regency, batch_of(regency), user="local")
    assert report.removed["households"] == 3
    assert snapshot(regency) == before
    assert regency.scalar(text("SELECT count(*) FROM household_bitmap")) == 0
    state = regency.execute(text("SELECT state, undone_by FROM import_batch")).one()
    assert tuple(state) == ("undone", "local")
    with pytest.raises(UndoRefused, match="sudah dibatalkan"):
        undo_batch(regency, batch_of(regency))


def test_what_a_later_batch_said_stays_when_an_earlier_one_goes(
    regency: Connection, write: Write
) -> None:
    load(regency, write(HEADER, SITI, BUDI))
    first = batch_of(regency)
    load(regency, write(HEADER, LATER), source="other", as_of=date(2026, 9, 30))
    undo_batch(regency, first)
    row = regency.execute(
        text("SELECT head_name, decile, address, source, external_id FROM household")
    ).one()
    assert tuple(row) == ("Siti Aminah", 3, "Dusun Baru 7", "other", "X9")
    heads = regency.execute(text("SELECT name, nik FROM person")).one()
    assert tuple(heads) == ("Siti Aminah", "3510015212800001")


def test_undoing_the_later_batch_brings_the_earlier_one_back(
    regency: Connection, write: Write
) -> None:
    load(regency, write(HEADER, SITI, BUDI))
    before = snapshot(regency)
    load(regency, write(HEADER, LATER, SARI), source="other", as_of=date(2026, 9, 30))
    assert snapshot(regency) != before
    undo_batch(regency, batch_of(regency))
    assert snapshot(regency) == before


@settings(
    max_examples=25, deadline=None, phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(
    files=st.lists(
        st.tuples(
            st.sampled_from(["reg", "other", "third"]),
            st.integers(1, 4),
            st.lists(
                st.tuples(
                    st.sampled_from([SITI, BUDI, SARI]),
                    st.sampled_from(["", "1", "5", "9"]),
                    st.sampled_from(["", "food", "latrine"]),
                ),
                min_size=1, max_size=3, unique_by=lambda row: row[0],
            ),
        ),
        min_size=1, max_size=4, unique_by=lambda file: file[:2],
    ),
    back=st.integers(0, 3),
)  # fmt: skip
def test_undo_is_as_if_the_batch_had_never_come(
    regency: Connection, write: Write, files: list[Any], back: int
) -> None:
    """Importing all and undoing one shows what importing the others does.

    A file that says nothing new (same source, same date) leaves no record, so it isn't among them.
    """

    def bring(chosen: list[Any]) -> list[int]:
        batches = []
        for number, (source, month, rows) in enumerate(chosen):
            lines = [change(line, decile, need) for line, decile, need in rows]
            file = write(HEADER, *lines, name=f"f{number}.csv")
            load(regency, file, source=source, as_of=date(2026, month, 1))
            batches.append(batch_of(regency))
        return batches

    undone = back % len(files)
    with taken_back(regency):
        bring([one for number, one in enumerate(files) if number != undone])
        expected = without_ids(snapshot(regency))
    with taken_back(regency):
        batch = bring(files)[undone]
        undo_batch(regency, batch)
        assert without_ids(snapshot(regency)) == expected


def change(line: str, decile: str, need: str) -> str:
    cells = line.split(";")
    cells[8], cells[11] = decile, need
    return ";".join(cells)


def without_ids(shown: dict[str, list[Any]]) -> dict[str, list[Any]]:
    hidden = {"id", "household_id", "shown_location", "shown_3857"}
    return {
        table: sorted(({k: v for k, v in row.items() if k not in hidden} for row in rows), key=repr)
        for table, rows in shown.items()
    }


def test_aid_of_a_later_batch_keeps_a_batch_and_is_named(regency: Connection, write: Write) -> None:
    load(regency, write(HEADER, SITI, BUDI))
    households = batch_of(regency)
    load(regency, write(AID, "K1;;;pkh;2026;600000;diterima;"), import_aid, "aid")
    aid = batch_of(regency)
    before = snapshot(regency)
    with pytest.raises(UndoRefused) as refused:
        undo_batch(regency, households)
    [row] = refused.value.rows
    assert (row.head_name, row.batches) == ("Siti Aminah", (aid,))
    assert snapshot(regency) == before
    undo_batch(regency, aid)
    undo_batch(regency, households)
    assert regency.scalar(text("SELECT count(*) FROM household")) == 0


def test_a_plan_keeps_its_households_and_is_named(regency: Connection, write: Write) -> None:
    load(regency, write(HEADER, SITI, BUDI))
    before = snapshot(regency)
    siti = regency.scalars(text("SELECT id FROM household WHERE head_name LIKE 'Siti%'")).one()
    plan = make_plan(regency, [siti], name="Gelombang satu")
    with pytest.raises(UndoRefused, match="1 keluarga") as refused:
        undo_batch(regency, batch_of(regency))
    [row] = refused.value.rows
    assert (row.head_name, row.plans, row.batches) == ("Siti Aminah", "Gelombang satu", ())
    assert "{plans}" in row.reason
    assert snapshot(regency) == before
    regency.execute(text("DELETE FROM plan WHERE id = :plan"), {"plan": plan})
    undo_batch(regency, batch_of(regency))
    assert regency.scalar(text("SELECT count(*) FROM household")) == 0


def test_aid_and_statistics_are_taken_back(regency: Connection, write: Write) -> None:
    load(regency, write(HEADER, SITI))
    load(regency, write(AID, "K1;;;pkh;2026;600000;diterima;"), import_aid, "aid")
    stats = "kode_wilayah,indikator,nama,satuan,periode,nilai"
    load(regency, write(stats, "35.10.01,sekolah,Sekolah,persen,2025,8.1"), import_stats, "bps")
    before = snapshot(regency)
    load(
        regency,
        write(AID, "K1;;;pkh;2026;700000;;", "K1;;;bpnt;2026;1;;"),
        import_aid,
        "aid",
        as_of=date(2026, 8, 1),
    )
    undo_batch(regency, batch_of(regency))
    assert snapshot(regency) == before
    load(
        regency,
        write(stats, "35.10.01,sekolah,,,2025,9.9", "35.10,sekolah,,,2025,7"),
        import_stats,
        "bps",
        as_of=date(2026, 8, 1),
    )
    assert snapshot(regency) != before
    undo_batch(regency, batch_of(regency))
    assert snapshot(regency) == before


def test_an_older_file_completes_but_does_not_replace(regency: Connection, write: Write) -> None:
    load(regency, write(HEADER, SITI.replace(";food", ";")))
    older = LATER.replace(";food", ";latrine")
    file = write(HEADER, older)
    assert outcomes(load(regency, file, source="old", as_of=date(2020, 1, 1))) == (0, 1, 0, 0)
    row = regency.execute(text("SELECT decile, address, source FROM household")).one()
    assert tuple(row) == (1, "Krajan 1", "reg")
    assert outcomes(load(regency, file, source="old", as_of=date(2020, 1, 1))) == (0, 0, 1, 0)


def test_precedence_of_a_field_is_a_setting(regency: Connection, write: Write) -> None:
    load(regency, write(HEADER, SITI))
    load(regency, write(HEADER, LATER), source="other", as_of=date(2026, 9, 30))
    household = regency.scalars(text("SELECT id FROM household")).one()
    assert regency.scalar(text("SELECT decile FROM household")) == 3
    set_precedence(regency, "decile", "reg", 1)
    row = regency.execute(text("SELECT decile, address FROM household")).one()
    assert tuple(row) == (1, "Dusun Baru 7")
    said = [o for o in list_field_origins(regency, household) if o.field == "decile"]
    assert [(o.source, o.value, o.is_winner, o.is_ranked) for o in said] == [
        ("reg", 1, True, True),
        ("other", 3, False, False),
    ]
    set_precedence(regency, "decile", "reg", None)
    assert regency.scalar(text("SELECT decile FROM household")) == 3


# --- Review -------------------------------------------------------------------------------------

MISTYPED = (
    "P1;3510010107150001;Siti Aminah;3510015212807777;Krajan 1;35.10.01.2001;114,01;-8,01;2;4;;"
)


@pytest.fixture
def waiting(regency: Connection, write: Write) -> Connection:
    load(regency, write(HEADER, SITI, BUDI))
    ledger = load(regency, write(HEADER, MISTYPED), source="p3ke", as_of=date(2026, 9, 1))
    assert (ledger.review, ledger.read) == (1, 1)
    return regency


def test_a_likely_row_waits_with_its_candidate(waiting: Connection) -> None:
    row = waiting.execute(text("SELECT * FROM import_row")).one()
    assert (row.outcome, row.area_code, row.checked["head_name"]) == (
        *("review", "35.10.01.2001", "Siti Aminah"),
    )
    candidate = waiting.execute(text("SELECT * FROM match_candidate")).one()
    assert candidate.kind == "match"
    assert candidate.reasons["name"] == "same"


def test_a_case_that_the_key_finds_says_how_its_fields_agree(
    regency: Connection, write: Write
) -> None:
    load(regency, write(HEADER, SITI))
    other = SITI.replace("3510015212800001", "3510015212807777").replace("Krajan 1", "Krajan 9")
    assert load(regency, write(HEADER, other)).review == 1
    kind, score, reasons = regency.execute(
        text("SELECT kind, score, reasons FROM match_candidate")
    ).one()
    assert (kind, score) == ("nik_changed", 1.0)
    assert (reasons["nik"], reasons["name"], reasons["birth_date"]) == (
        *("similar", "same", "missing"),
    )


def candidate_of(conn: Connection) -> int:
    return int(conn.scalars(text("SELECT household_id FROM match_candidate")).one())


@pytest.mark.parametrize(("decision", "households"), [("joined", 2), ("new", 3), ("split", 3)])
def test_a_decision_writes_the_row_and_can_be_taken_back(
    waiting: Connection, decision: Any, households: int
) -> None:
    batch, before = batch_of(waiting), snapshot(waiting)
    went_to = decide(waiting, batch, 1, decision, candidate_of(waiting), user="ani")
    assert (went_to == candidate_of(waiting)) == (decision == "joined")
    assert waiting.scalar(text("SELECT count(*) FROM household")) == households
    decile = waiting.scalar(text("SELECT decile FROM household WHERE id = :id"), {"id": went_to})
    assert decile == 2
    ledger = waiting.scalars(text("SELECT ledger FROM import_batch ORDER BY id DESC")).first()
    assert ledger is not None
    assert (ledger["review"], ledger["matched"] + ledger["new"]) == (0, 1)
    with pytest.raises(DecisionRefused, match="sudah diputuskan oleh ani"):
        decide(waiting, batch, 1, "new", user="budi")
    undo_decision(waiting, batch, 1, user="ani")
    assert snapshot(waiting) == before
    decide(waiting, batch, 1, decision, candidate_of(waiting), user="ani")
    undo_batch(waiting, batch)
    assert snapshot(waiting) == before


def test_nobody_decides_outside_their_area_or_for_a_stranger(waiting: Connection) -> None:
    batch = batch_of(waiting)
    with pytest.raises(DecisionRefused, match="di luar wilayah"):
        decide(waiting, batch, 1, "new", user="ani", area="35.10.01.2002")
    with pytest.raises(DecisionRefused, match="diusulkan"):
        decide(waiting, batch, 1, "joined", 999_999, user="ani")
    with pytest.raises(DecisionRefused, match="tidak menunggu"):
        decide(waiting, batch, 2, "new", user="ani")
    undo_batch(waiting, batch)
    with pytest.raises(DecisionRefused, match="sudah dibatalkan"):
        decide(waiting, batch, 1, "new", user="ani")


# --- Desks --------------------------------------------------------------------------------------


def test_a_decree_verifies_and_stands_above_files(regency: Connection, write: Write) -> None:
    load(regency, write(HEADER, SARI))
    before = snapshot(regency)
    ids = regency.scalars(text("SELECT id FROM household")).all()
    batch = verify_households(
        regency, ids, "verified", "188/45/2026", date(2026, 11, 1), user="desa"
    )
    assert regency.scalar(text("SELECT status FROM household")) == "verified"
    newer = SARI.replace(";belum;", ";ditolak;")
    load(regency, write(HEADER, newer), as_of=date(2027, 1, 1))
    row = regency.execute(text("SELECT status, source FROM household")).one()
    assert tuple(row) == ("verified", "reg")
    undo_batch(regency, batch_of(regency))
    undo_batch(regency, batch)
    assert snapshot(regency) == before
    assert regency.scalar(text("SELECT count(*) FROM verification")) == 0


def test_a_decision_without_a_decree_is_refused(regency: Connection, write: Write) -> None:
    load(regency, write(HEADER, SARI))
    ids = regency.scalars(text("SELECT id FROM household")).all()
    for status, number, day, area, reason in (
        ("verified", " ", date(2026, 1, 1), None, "nomor surat"),
        ("verified", "1", date(2999, 1, 1), None, "masa depan"),
        ("graduated", "1", date(2026, 1, 1), None, "tidak dapat berubah"),
        ("verified", "1", date(2026, 1, 1), "35.10.01.2001", "di luar wilayah"),
        ("gone", "1", date(2026, 1, 1), None, "tidak dikenal"),
    ):
        with pytest.raises(InvalidAct, match=reason):
            verify_households(regency, ids, status, number, day, user="x", area=area)


def test_a_repaired_position_is_an_act_that_can_be_taken_back(
    regency: Connection, write: Write
) -> None:
    load(regency, write(HEADER, SITI))
    before = snapshot(regency)
    household = regency.scalars(text("SELECT id FROM household")).one()
    values = {household: {"location": "SRID=4326;POINT(114.02 -8.02)"}}
    batch = write_act(regency, "repair", values, user="x", note="tukar")
    moved = regency.scalar(text("SELECT ST_AsText(location) FROM household"))
    assert moved == "POINT(114.02 -8.02)"
    undo_batch(regency, batch)
    shown = snapshot(regency)
    # The displaced position is drawn anew: the old one isn't kept.
    assert without_ids(shown) == without_ids(before)


def import_confined(conn: Connection, file: Path, **more: Any) -> Any:
    return import_households(conn, file, area="35.10.01.2001", user="desa", **more)


def test_an_operator_writes_in_their_own_desa_only(regency: Connection, write: Write) -> None:
    load(regency, write(HEADER, BUDI))
    elsewhere = BUDI.replace("3510012002", "3510012001").replace("114.06", "114.01")
    ledger = load(regency, write(HEADER, SITI, SARI, elsewhere), import_confined)
    assert outcomes(ledger) == (1, 0, 0, 2)
    reasons = regency.scalars(text("SELECT reason FROM import_row ORDER BY row_number")).all()
    assert "di luar wilayah kerja Anda" in reasons[0]
    assert "tercatat di luar wilayah kerja Anda" in reasons[1]


def test_what_was_known_before_batches_were_kept_survives_an_import_and_its_undo(
    regency: Connection, write: Write
) -> None:
    load(regency, write(HEADER, SITI))
    regency.execute(text("UPDATE household SET batch_id = NULL"))
    regency.execute(
        text("UPDATE person SET batch_id = NULL, schooling = 'finished', disability = 'none'")
    )
    before = snapshot(regency)
    load(regency, write(HEADER, LATER), source="other", as_of=date(2026, 9, 30))
    known = regency.execute(text("SELECT schooling, disability FROM person")).one()
    assert tuple(known) == ("finished", "none")
    undo_batch(regency, batch_of(regency))
    assert snapshot(regency) == before


def test_what_only_the_batch_said_of_a_head_goes_with_it(regency: Connection, write: Write) -> None:
    load(regency, write(HEADER, SITI))
    first = batch_of(regency)
    unnumbered = LATER.replace("3510015212800001", "").replace("Dusun Baru 7", "Krajan 1")
    ledger = load(regency, write(HEADER, unnumbered), source="other", as_of=date(2026, 9, 30))
    if ledger.review:
        decide(regency, batch_of(regency), 1, "joined", candidate_of(regency), user="ani")
    assert regency.scalars(text("SELECT nik FROM person")).all() == ["3510015212800001"]
    undo_batch(regency, first)
    assert regency.execute(text("SELECT name, nik FROM person")).all() == [("Siti Aminah", None)]


def test_who_works_elsewhere_by_now_takes_nothing_back(regency: Connection, write: Write) -> None:
    load(regency, write(HEADER, SITI), import_confined)
    batch = batch_of(regency)
    with pytest.raises(UndoRefused, match="orang lain"):
        undo_batch(regency, batch, user="desa", area="35.10.01.2002")
    undo_batch(regency, batch, user="desa", area="35.10.01.2001")


def test_an_operator_does_not_learn_who_stands_in_another_desa(
    regency: Connection, write: Write
) -> None:
    load(regency, write(HEADER, BUDI))
    rows = (";3510011212800002;;bpnt;2026;;;", ";3510011212800099;;bpnt;2026;;;")
    load(regency, write(AID, *rows), import_aid, "aid", user="desa", area="35.10.01.2001")
    reasons = set(regency.scalars(text("SELECT reason FROM import_row")))
    assert reasons == {"Keluarga seperti ini tidak ada di wilayah kerja Anda."}


def test_an_act_on_invented_families_is_invented(regency: Connection, write: Write) -> None:
    load(regency, write(HEADER, SARI))
    regency.execute(text("UPDATE source SET is_synthetic = true WHERE kind = 'register'"))
    ids = regency.scalars(text("SELECT id FROM household")).all()
    verify_households(regency, ids, "verified", "1", date(2026, 1, 1), user="desa")
    assert regency.scalar(text("SELECT is_synthetic FROM source WHERE code = 'verifikasi'"))
