"""What every export has in common, and the rows the export tests share."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import strategies as st

from dashboard.exports import ExportMeta
from dashboard.exports._table import cell_value
from db.queries.sources import SourceNote
from layers import Column

COLUMNS = (
    Column("name", "Nama"),
    Column("nik", "NIK", "identity"),
    Column("count", "Keluarga miskin", "integer", "keluarga"),
    Column("rate", "Tingkat kemiskinan", "percent", "%", 2),
)
REGISTER = SourceNote("reg", "Register", date(2026, 6, 30), "register")
DEMO = SourceNote("demo", "Demo", date(2026, 1, 1), "register", is_synthetic=True)
DRAWN = SourceNote("drawn", "Batas", date(2026, 1, 1), "boundary", is_schematic=True)
META = ExportMeta(
    title="Tingkat kemiskinan, Banyumanis",
    sources=(REGISTER,),
    made_at=datetime(2026, 11, 23, 8, 30, tzinfo=UTC),
    filters=("Desil 1", "Status: terverifikasi"),
    classes="Kuantil, 2 kelas · kelas tetap: ≤ 5; > 5",
)

DANGEROUS = ["=1+1", "+62", "-x", "@SUM(A1)", "\tx", "\rx", "'=1", "''@", "＝1", "'", "'Aisyah"]
PLAIN = st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff")
TEXTS = st.one_of(
    st.text(st.one_of(PLAIN, st.sampled_from("\t\n"))),
    st.sampled_from([*DANGEROUS, 'a;b,"c"', "baris\nbaru", "http://x", "0123", "TRUE", "Ñ 🏠"]),
)
ROWS: st.SearchStrategy[list[dict[str, Any]]] = st.lists(
    st.fixed_dictionaries(
        {
            "name": TEXTS,
            "nik": st.from_regex(r"[0-9]{16}", fullmatch=True),
            "count": st.none() | st.integers(0, 10**9),
            "rate": st.none() | st.floats(0, 100),
        }
    ),
    max_size=6,
)


@pytest.mark.parametrize(
    ("sources", "notice"),
    [
        ((REGISTER,), None),
        ((REGISTER, DEMO), "Data sintetis"),
        ((REGISTER, DRAWN), "Batas skematik"),
        ((DRAWN, DEMO), "Batas skematik, data sintetis"),
    ],
)
def test_the_notice_follows_the_sources(
    sources: tuple[SourceNote, ...], notice: str | None
) -> None:
    assert ExportMeta("T", sources, META.made_at).notice == notice


def test_titles_carry_their_unit_in_the_readers_language() -> None:
    words = {"Keluarga miskin": "Poor families", "keluarga": "families"}
    meta = ExportMeta("T", (), META.made_at, translate=lambda text: words.get(text, text))
    assert meta.title_of(COLUMNS[2]) == "Poor families (families)"
    assert meta.title_of(COLUMNS[0]) == "Nama"


@pytest.mark.parametrize(
    ("column", "value", "cell"),
    [
        (COLUMNS[2], 3, 3),
        (COLUMNS[2], 0, 0),
        (COLUMNS[2], None, None),
        (COLUMNS[2], "< 5", "< 5"),
        (COLUMNS[3], Decimal("8.06"), 8.06),
        (COLUMNS[3], float("nan"), None),
        (COLUMNS[3], float("inf"), None),
        (COLUMNS[1], 3510015212800001, "3510015212800001"),
        (COLUMNS[0], True, "True"),
        (COLUMNS[0], date(2026, 1, 2), "2026-01-02"),
        (COLUMNS[0], ["pkh", "bpnt"], "pkh; bpnt"),
        (COLUMNS[0], {"b", "a"}, "a; b"),
    ],
)
def test_cells(column: Column, value: object, cell: object) -> None:
    assert cell_value(column, value) == cell
