"""From a P3KE file to families and back: sent, corrected, reviewed by keys, taken back whole."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import text

from dashboard.settings import Settings
from db.catalogue import load_catalogue
from db.engine import make_engine, writing
from db.registers import import_households
from db.viewer import LOCAL_VIEWER
from tests.browser.conftest import OpenPage, Site, serve_with_worker
from tests.conftest import MakeDatabase, owner_of, str_of
from tests.registers.people import lay_out_villages, make_households
from tests.registers.samples import write_sample

HOUSES = make_households(12)
AS_OF = date(2026, 3, 31)
FOUND = 60_000
"""Milliseconds that a job may take on a busy machine."""


@pytest.fixture(scope="module")
def register_site(
    make_database: MakeDatabase, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """Serve nine of twelve families under the name of another register, with a worker beside."""
    folder = tmp_path_factory.mktemp("register")
    url = str_of(make_database("browser_register"))
    engine = make_engine(url, statement_timeout_ms=0)
    write_sample(
        "households", "kentongan", folder / "base.csv", households=HOUSES[:9], with_faults=False
    )
    with writing(engine, LOCAL_VIEWER) as conn:
        load_catalogue(conn)
        lay_out_villages(conn)
        import_households(
            conn, folder / "base.csv", source_code="dinsos", source_name="Dinsos", as_of=AS_OF
        )
    engine.dispose()
    settings = Settings(database_url=url, home=folder)
    with serve_with_worker(settings) as site:
        yield site


def write_p3ke(path: Path) -> None:
    """Write all twelve as P3KE does: three with other NIKs, two with a fault."""
    write_sample("households", "p3ke_keluarga", path, households=HOUSES, with_faults=False)
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row, serial in zip(rows[:3], ("7771", "7772", "7773"), strict=True):
        row["NIK"] = row["NIK"][:12] + serial
    rows[10]["Desil Kesejahteraan"] = "99"
    rows[11]["NIK"] = rows[11]["NIK"][:15]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def correct(path: Path) -> None:
    """Mend the two rows as an operator would, in the file that the page gave."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        sample = csv.Sniffer().sniff(file.readline(), delimiters=";,")
        file.seek(0)
        rows = list(csv.DictReader(file, dialect=sample))
    assert [row["Alasan"] for row in rows] == [
        "Desil harus angka 1 sampai 10.",
        "NIK: Nomor harus terdiri atas 16 angka.",
    ]
    rows[0]["Desil Kesejahteraan"] = "2"
    rows[1]["NIK"] = HOUSES[11].head.nik
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def send(page: Page, path: Path) -> None:
    page.goto("/data")
    page.get_by_label("Berkas: pilih, atau jatuhkan di sini").set_input_files(path)
    page.get_by_label("Nama sumber, misalnya DTSEN").fill("P3KE")
    page.get_by_role("button", name="Kirim", exact=True).click()
    page.wait_for_url("**/data/upload/*")
    page.get_by_role("button", name="Muat", exact=True).click()
    expect(page.locator(".job-state")).to_have_text("Selesai", timeout=FOUND)


def read_ledger(page: Page) -> dict[str, int]:
    return {
        outcome: int(page.locator(f".ledger .{outcome} dd").inner_text())
        for outcome in ("read", "matched", "new", "unchanged", "review", "rejected")
    }


def shown(site: Site) -> list[Any]:
    """What everybody sees, but for numbers and places that are drawn anew."""
    hidden = "- 'id' - 'household_id' - 'batch_id' - 'shown_location' - 'shown_3857'"
    with owner_of(site.engine).connect() as conn:
        return [
            sorted(conn.scalars(text(f"SELECT CAST(to_jsonb(t) {hidden} AS text) FROM {name} t")))
            for name in ("household", "person", "aid")
        ]


def count(site: Site, query: str) -> int:
    with owner_of(site.engine).connect() as conn:
        return int(conn.scalar(text(query)) or 0)


def undo(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_text("Batalkan kiriman…").click()
    page.get_by_label("Saya paham dan ingin membatalkannya.").check()
    page.get_by_role("button", name="Batalkan kiriman", exact=True).click()
    expect(page.locator(".job-state")).to_have_text("Selesai", timeout=FOUND)


def test_a_p3ke_file_comes_in_is_mended_reviewed_and_taken_back(
    register_site: Site, open_page: OpenPage, tmp_path: Path
) -> None:
    before = shown(register_site)
    page = open_page(register_site, role="planner")
    p3ke = tmp_path / "p3ke keluarga.csv"
    write_p3ke(p3ke)

    send(page, p3ke)
    assert read_ledger(page) == {
        "read": 12, "matched": 6, "new": 1, "unchanged": 0, "review": 3, "rejected": 2,
    }  # fmt: skip
    page.get_by_role("link", name="Buka kiriman ini").click()
    batch = page.url

    with page.expect_download() as download:
        page.get_by_role("link", name="Unduh yang ditolak (CSV)").click()
    mended = tmp_path / "dikoreksi.csv"
    download.value.save_as(mended)
    correct(mended)
    send(page, mended)
    assert read_ledger(page) == {
        "read": 2, "matched": 0, "new": 2, "unchanged": 0, "review": 0, "rejected": 0,
    }  # fmt: skip
    page.get_by_role("link", name="Buka kiriman ini").click()
    second = page.url
    assert count(register_site, "SELECT count(corrected_in) FROM import_row") == 2

    page.goto("/data/review")
    expect(page.locator("#desk-count")).to_have_text("3 baris menunggu")
    page.keyboard.press("s")
    expect(page.locator("#desk-count")).to_have_text("2 baris menunggu")
    page.keyboard.press("b")
    expect(page.locator("#desk-count")).to_have_text("1 baris menunggu")
    page.keyboard.press("p")
    expect(page.get_by_text("Tidak ada baris yang menunggu")).to_be_visible()
    wait_for_jobs(page, register_site)
    # Nine families, one new in the file, two mended; joined the first, apart the other two.
    assert count(register_site, "SELECT count(*) FROM household") == 14
    decided = "SELECT count(*) FROM import_row WHERE decision IN ('joined', 'new', 'split')"
    assert count(register_site, decided) == 3
    page.goto(batch)
    assert read_ledger(page) == {
        "read": 12, "matched": 7, "new": 3, "unchanged": 0, "review": 0, "rejected": 2,
    }  # fmt: skip

    undo(page, batch)
    page.goto(batch)
    expect(page.get_by_text("Dibatalkan", exact=True).first).to_be_visible()
    undo(page, second)
    assert shown(register_site) == before


def wait_for_jobs(page: Page, site: Site) -> None:
    """Wait until the worker has done all that was asked of it; the page has no more to show."""
    waiting = "SELECT count(*) FROM job WHERE state IN ('waiting', 'running')"
    for _ in range(300):
        if not count(site, waiting):
            return
        page.wait_for_timeout(100)
    raise AssertionError("the worker did not finish")
