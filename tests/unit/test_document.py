"""The frame of pages that the server draws."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from markupsafe import Markup

from dashboard.app import _NOT_LOADED_BY_DASH
from dashboard.pages.document import Head, Sheet, Way, draw_document, draw_paging, draw_table
from dashboard.words import words_of

ZONE = ZoneInfo("Asia/Jakarta")


def make_sheet(language: str = "id", token: str = "t<oken", **asked: str) -> Sheet:
    return Sheet(words_of(language), ZONE, "/data/things", asked, token)


def test_a_page_has_its_ways_and_the_way_out() -> None:
    sheet = make_sheet(page="2")
    page = draw_document(sheet, "A & B", "<p>body</p>", ways=[Way(sheet.link("/data"), "Kembali")])
    assert "<title>A &amp; B · Kentongan</title>" in page and "<h1>A &amp; B</h1>" in page
    assert '<a href="/data" aria-current="page">Kembali</a><a href="/account">Akun</a>' in page
    assert 'href="/data/things?page=2&amp;language=en"' in page
    assert re.search(r'action="/logout"><input [^>]*value="t&lt;oken"><button>Keluar<', page)
    assert "type=module" not in page and 'type="module"' not in page
    assert "/logout" not in draw_document(make_sheet(token=""), "A", "")


def test_links_stay_in_the_readers_language() -> None:
    sheet = make_sheet("en")
    assert sheet.link("/data", {"q": 'a"b'}) == "/data?q=a%22b&amp;language=en"
    assert 'href="/account?language=en"' in draw_document(sheet, "A", "")


def test_a_page_may_bring_a_module() -> None:
    page = draw_document(make_sheet(), "A", "", module="data.mjs")
    assert re.search(r'<script type="module" src="/assets/\w+/data.mjs"></script>', page)


def test_the_map_does_not_load_the_frames_stylesheet() -> None:
    assert re.match(_NOT_LOADED_BY_DASH, "document.css")


def test_cells_are_safe_and_know_their_heads() -> None:
    heads = (Head("Nomor", "number"), Head("Peran"))
    link = Markup('<a href="/x">1</a>')
    table = draw_table(make_sheet(), "Akun", heads, [[link, "<b>"], [None, ""]])
    assert f'<td class="number" data-title="Nomor">{link}</td>' in table
    assert '<td class="text" data-title="Peran">&lt;b&gt;</td>' in table
    with pytest.raises(ValueError, match="zip"):
        draw_table(make_sheet(), "Akun", heads, [["one"]])


def test_paging_keeps_what_was_asked() -> None:
    sheet = make_sheet(user="a", page="2")
    paging = draw_paging(sheet, "Akun", 2, has_more=True)
    assert 'href="/data/things?user=a&amp;page=1" rel="prev"' in paging
    assert 'href="/data/things?user=a&amp;page=3" rel="next"' in paging
    assert draw_paging(make_sheet(), "Akun", 1, has_more=False) == ""


def test_moments_are_told_in_the_regencys_time() -> None:
    at = datetime(2026, 11, 24, 7, 5, 9, tzinfo=UTC)
    assert make_sheet().time(at) == "24 Nov 2026 14.05.09 WIB"
