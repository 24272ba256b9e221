"""What became of a plan's targets: recorded by page and file, corrected, counted, given as aid."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from db.plans.delivery import DeliveryRefused, InvalidDelivery, Recorder, Said, record_outcomes
from db.plans.delivery_file import FaultyRows, record_file
from db.plans.progress import (
    list_deliveries,
    list_history,
    list_plans_of_household,
    list_progress,
)
from db.plans.queries import PlanNotFound
from geo.errors import InvalidFile
from tests.db.plan_samples import AGENCY, choose_households, expire, hand, make_plan

TODAY = date.today()
PLANNER = Recorder("perencana", "planner")
HEADER = "Nomor;NIK;Nama;Hasil;Tanggal;Catatan"


@pytest.fixture
def households(demo_conn: Connection) -> list[int]:
    return choose_households(demo_conn, 8)


@pytest.fixture
def plan(demo_conn: Connection, households: list[int]) -> int:
    return make_plan(demo_conn, households, due_on=TODAY - timedelta(days=3))


def say(conn: Connection, plan: int, household: int, outcome: str, **more: object) -> int:
    values = {"on": TODAY, "note": None} | more
    return record_outcomes(conn, plan, [Said(household, outcome, **values)], by=PLANNER)  # type: ignore[arg-type]


def list_aid(conn: Connection, household: int) -> list[tuple[object, ...]]:
    rows = conn.execute(
        text(
            "SELECT programme_code, period, amount_idr, status, source, as_of FROM aid"
            " WHERE household_id = :id AND programme_code = 'kanggo_riko' ORDER BY id"
        ),
        {"id": household},
    )
    return [tuple(row) for row in rows]


def test_a_delivery_becomes_aid_and_a_correction_takes_it_back(
    demo_conn: Connection, plan: int, households: list[int]
) -> None:
    one = households[0]
    before = demo_conn.scalar(text("SELECT aid FROM household WHERE id = :id"), {"id": one})
    assert say(demo_conn, plan, one, "delivered") == 1
    assert list_aid(demo_conn, one) == [
        ("kanggo_riko", "2026", 2_500_000, "received", "delivery", TODAY)
    ]
    given = demo_conn.scalar(text("SELECT aid FROM household WHERE id = :id"), {"id": one})
    assert given != before
    assert say(demo_conn, plan, one, "refused", note="tidak bersedia") == 1
    assert list_aid(demo_conn, one) == []
    assert demo_conn.scalar(text("SELECT aid FROM household WHERE id = :id"), {"id": one}) == before
    assert [row.outcome for row in list_history(demo_conn, plan, one)] == ["refused", "delivered"]
    assert demo_conn.scalar(text("SELECT is_synthetic FROM source WHERE code = 'delivery'"))


def test_an_outcome_recorded_by_mistake_is_taken_back(
    demo_conn: Connection, plan: int, households: list[int]
) -> None:
    one = households[0]
    say(demo_conn, plan, one, "delivered", note="keliru")
    assert say(demo_conn, plan, one, "open") == 1
    line = next(x for x in list_deliveries(demo_conn, plan).lines if x.household == one)
    assert (line.outcome, line.outcome_on, line.outcome_by, line.outcome_note) == (None,) * 4
    assert list_aid(demo_conn, one) == []
    assert [row.outcome for row in list_history(demo_conn, plan, one)] == ["open", "delivered"]
    assert say(demo_conn, plan, one, "open") == 0


def test_the_same_said_again_changes_nothing(
    demo_conn: Connection, plan: int, households: list[int]
) -> None:
    one = households[0]
    say(demo_conn, plan, one, "delivered", note="di balai desa")
    assert say(demo_conn, plan, one, "delivered", note="di balai desa") == 0
    assert len(list_history(demo_conn, plan, one)) == 1
    yesterday = TODAY - timedelta(days=1)
    assert say(demo_conn, plan, one, "delivered", on=yesterday) == 1
    assert [row[-1] for row in list_aid(demo_conn, one)] == [yesterday]


def test_what_a_file_said_of_the_same_aid_stays_when_a_delivery_is_taken_back(
    demo_conn: Connection, plan: int, households: list[int]
) -> None:
    one, other = households[:2]
    source = demo_conn.scalar(text("SELECT code FROM source WHERE kind = 'aid' LIMIT 1")) or (
        demo_conn.scalar(text("SELECT source FROM household LIMIT 1"))
    )
    known = text(
        "INSERT INTO aid (household_id, programme_code, period, amount_idr, status, source, as_of)"
        " VALUES (:id, 'kanggo_riko', '2026', 1000000, 'planned', :source, '2026-01-02')"
    )
    demo_conn.execute(known, {"id": one, "source": source})
    before = list_aid(demo_conn, one)
    say(demo_conn, plan, one, "delivered")
    assert list_aid(demo_conn, one) == [
        ("kanggo_riko", "2026", 2_500_000, "received", "delivery", TODAY)
    ]
    say(demo_conn, plan, one, "moved")
    assert list_aid(demo_conn, one) == before
    say(demo_conn, plan, other, "delivered")
    assert len(list_aid(demo_conn, other)) == 1


def test_coverage_is_of_the_frozen_list_and_late_areas_come_first(
    demo_conn: Connection, households: list[int]
) -> None:
    areas = list(
        demo_conn.scalars(
            text("""
        SELECT area_code FROM household GROUP BY 1 HAVING count(*) > 8 ORDER BY 1 LIMIT 3
    """)
        )
    )
    chosen = [choose_households(demo_conn, 4, area=area) for area in areas]
    everyone = [one for part in chosen for one in part]
    plan = make_plan(demo_conn, everyone, due_on=TODAY - timedelta(days=1))
    for one in [*chosen[0], *chosen[1][:3], chosen[2][0]]:
        say(demo_conn, plan, one, "delivered")
    say(demo_conn, plan, chosen[1][3], "not_found")
    lines = list_progress(demo_conn, plan, "desa")
    assert [(line.area, line.is_late) for line in lines] == [
        (areas[2], True), (areas[0], False), (areas[1], False),
    ]  # fmt: skip
    late = lines[0]
    assert (late.targets, late.delivered, late.left_open) == (4, 1, 3)
    assert late.delivered_pct == 25
    whole = list_progress(demo_conn, plan, "kabupaten")
    assert sum(line.targets for line in whole) == 12
    assert sum(line.delivered for line in whole) == 8
    for level in ("kecamatan", "desa"):
        for line in list_progress(demo_conn, plan, level):
            parts = (line.delivered, line.refused, line.moved, line.not_found, line.left_open)
            assert line.targets == sum(parts)


def test_the_map_follows(demo_conn: Connection, plan: int, households: list[int]) -> None:
    def count(flag: str) -> int:
        return int(demo_conn.execute(
            text("SELECT coalesce(sum(bit_count(bits::bit varying)), 0) FROM household_bitmap"
                 " WHERE flag = :flag"), {"flag": f"{flag}:{plan}"}
        ).scalar_one())  # fmt: skip

    assert (count("plan"), count("plan_left")) == (8, 8)
    say(demo_conn, plan, households[0], "moved")
    assert (count("plan"), count("plan_left")) == (8, 7)
    say(demo_conn, plan, households[0], "open")
    assert (count("plan"), count("plan_left")) == (8, 8)


@pytest.mark.parametrize(
    ("outcome", "day", "note", "why"),
    [
        ("lost", TODAY, None, "tidak dikenal"),
        ("delivered", TODAY + timedelta(days=3), None, "belum tiba"),
        ("delivered", TODAY - timedelta(days=90), None, "sebelum rencana"),
        ("delivered", TODAY, "x" * 301, "300 huruf"),
    ],
)
def test_what_cant_be_is_refused_and_nothing_is_recorded(
    demo_conn: Connection, plan: int, households: list[int], outcome: str, day: date,
    note: str | None, why: str,
) -> None:  # fmt: skip
    good = Said(households[0], "delivered", TODAY)
    bad = Said(households[1], outcome, day, note)
    with pytest.raises(InvalidDelivery, match=why):
        record_outcomes(demo_conn, plan, [good, bad], by=PLANNER)
    assert list_aid(demo_conn, households[0]) == []
    assert list_history(demo_conn, plan, households[0]) == ()


def test_somebody_of_an_area_records_there_only(
    demo_conn: Connection, plan: int, households: list[int]
) -> None:
    areas = dict(
        demo_conn.execute(
            text("SELECT household_id, area_code FROM plan_target WHERE plan_id = :plan"),
            {"plan": plan},
        ).all()  # type: ignore[arg-type]
    )
    one = households[0]
    own = Recorder("operator", "village_operator", areas[one])
    other = Recorder("operator", "village_operator", "35.10.99.2001")
    said = [Said(one, "delivered", TODAY)]
    with pytest.raises(DeliveryRefused, match="di luar wilayah"):
        record_outcomes(demo_conn, plan, said, by=other)
    assert record_outcomes(demo_conn, plan, said, by=own) == 1
    stranger = Said(10**9, "delivered", TODAY)
    with pytest.raises(DeliveryRefused, match="1 sasaran"):
        record_outcomes(demo_conn, plan, [*said, stranger], by=PLANNER)


def test_an_agency_records_while_it_holds_the_list(
    demo_conn: Connection, plan: int, households: list[int]
) -> None:
    demo_conn.execute(
        text("INSERT INTO app_user (name, display_name, role, agency, password_hash,"
             " must_change_password) VALUES ('dpmd', 'DPMD', 'agency', :agency, '!', false)"),
        {"agency": AGENCY},
    )  # fmt: skip
    agency = Recorder("dpmd", "agency")
    said = [Said(households[0], "delivered", TODAY)]
    with pytest.raises(DeliveryRefused, match="tidak terbuka"):
        record_outcomes(demo_conn, plan, said, by=agency)
    handover = hand(demo_conn, plan)
    assert record_outcomes(demo_conn, plan, said, by=agency) == 1
    expire(demo_conn, handover)
    with pytest.raises(DeliveryRefused, match="tidak terbuka"):
        record_outcomes(demo_conn, plan, [Said(households[1], "moved", TODAY)], by=agency)


@pytest.mark.parametrize("state", ["draft", "proposed", "closed"])
def test_nothing_is_recorded_before_approval_or_after_the_end(
    demo_conn: Connection, households: list[int], state: str
) -> None:
    plan = make_plan(demo_conn, households, state=state)
    with pytest.raises(DeliveryRefused, match="disetujui"):
        say(demo_conn, plan, households[0], "delivered")
    with pytest.raises(PlanNotFound):
        say(demo_conn, 10**9, households[0], "delivered")


def test_the_card_tells_the_plans_of_a_household(
    demo_conn: Connection, plan: int, households: list[int]
) -> None:
    say(demo_conn, plan, households[2], "moved")
    (found,) = list_plans_of_household(demo_conn, households[2])
    assert (found.id, found.programme, found.rank) == (plan, "Kanggo Riko", 3)
    assert (found.outcome, found.outcome_on) == ("moved", TODAY)


def write(path: Path, rows: list[str], header: str = HEADER) -> Path:
    file = path / "isi.csv"
    file.write_text("\r\n".join([header, *rows]), encoding="utf-8")
    return file


def list_niks(conn: Connection, plan: int) -> dict[int, str]:
    return {line.number: str(line.nik) for line in list_deliveries(conn, plan).lines}


def test_a_filled_file_is_recorded(demo_conn: Connection, plan: int, tmp_path: Path) -> None:
    nik = list_niks(demo_conn, plan)
    day = f"{TODAY:%d-%m-%Y}"
    file = write(tmp_path, [
        f"1;{nik[1]};A;Diserahkan;{day};di balai",
        f"2;'{nik[2]};B;MENOLAK;{TODAY.isoformat()};",
        f"3.0;{nik[3]};C;pindah;{day};",
        f"4;{nik[4][:4]}********{nik[4][-4:]};D;Tidak  ditemukan;{day};",
        f"5;{nik[5]};E;;;",
    ])  # fmt: skip
    report = record_file(demo_conn, plan, file, by=PLANNER, file_name="isi.csv")
    assert (report.read, report.changed, report.unchanged, report.empty) == (5, 4, 0, 1)
    lines = list_deliveries(demo_conn, plan).lines
    assert [line.outcome for line in lines[:5]] == [
        "delivered", "refused", "moved", "not_found", None,
    ]  # fmt: skip
    history = list_history(demo_conn, plan, lines[0].household)
    assert (history[0].file_name, history[0].note) == ("isi.csv", "di balai")
    again = record_file(demo_conn, plan, file, by=PLANNER, file_name="isi.csv")
    assert (again.changed, again.unchanged) == (0, 4)


def test_a_file_with_faults_is_refused_whole_and_says_each(
    demo_conn: Connection, plan: int, tmp_path: Path
) -> None:
    nik = list_niks(demo_conn, plan)
    day = f"{TODAY:%d-%m-%Y}"
    late = f"{TODAY + timedelta(days=9):%d-%m-%Y}"
    file = write(tmp_path, [
        f"1;{nik[1]};A;Diserahkan;{day};",
        f"2;{nik[3]};B;Diserahkan;{day};",
        f"999;{nik[3]};C;Diserahkan;{day};",
        f"x;{nik[3]};C;Diserahkan;{day};",
        f"3;{nik[3]};C;dibuang;{day};",
        f"4;{nik[4]};D;Diserahkan;besok;",
        f"5;{nik[5]};E;;{day};",
        f"6;3,51E+15;F;Diserahkan;{day};",
        f"7;{nik[7]};G;Diserahkan;{late};",
        f"1;{nik[1]};A;Menolak;{day};",
        f"8;{nik[8]};H;Diserahkan;{day};x;y",
    ])  # fmt: skip
    with pytest.raises(FaultyRows, match="10 baris") as fault:
        record_file(demo_conn, plan, file, by=PLANNER, file_name="isi.csv")
    said = {row.row: row.reason for row in fault.value.rows}
    words = ("NIK tidak cocok", "tidak ada dalam daftar", "bukan angka", "tidak dikenal",
             "tidak terbaca", "hasilnya kosong", "NIK tidak cocok", "belum tiba", "baris lain",
             "Jumlah sel")  # fmt: skip
    assert list(said) == list(range(2, 12))
    for reason, word in zip(said.values(), words, strict=True):
        assert word in reason
    assert all(line.outcome is None for line in list_deliveries(demo_conn, plan).lines)


def test_a_file_of_something_else_is_refused(
    demo_conn: Connection, plan: int, tmp_path: Path
) -> None:
    file = write(tmp_path, ["1;x"], header="Nomor;Nama")
    with pytest.raises(InvalidFile, match="Kolom ini tidak ada"):
        record_file(demo_conn, plan, file, by=PLANNER, file_name="isi.csv")
