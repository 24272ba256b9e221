"""What is written as HTML says what was drawn, and nothing typed by people becomes markup."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from dash import dcc, html
from hypothesis import given
from hypothesis import strategies as st

from dashboard.markup import write_html

# Without the two signs that an HTML parser is bound to change.
texts = st.text(st.characters(codec="utf-8", exclude_characters="\r\x00"), max_size=60)


class Reader(HTMLParser):
    """Reads back tags, attributes and text."""

    def __init__(self, written: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(written)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


@given(texts, texts)
def test_any_text_comes_back_as_text(text: str, title: str) -> None:
    read = Reader(write_html(html.Span(text, title=title)))
    assert read.tags == [("span", {"title": title})]
    assert read.text == text


def test_a_hostile_name_is_no_markup() -> None:
    name = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
    read = Reader(write_html(html.Tr([html.Td(name)], **{"data-href": name})))
    assert [tag for tag, _ in read.tags] == ["tr", "td"]
    assert read.text == name


def test_attributes_are_written_as_html_names_them() -> None:
    written = write_html(
        html.Label(
            "a",
            className="b c",
            htmlFor="d",
            tabIndex=-1,
            hidden=True,
            style={"backgroundColor": "#fff", "--share": "0.5"},
            disable_n_clicks=True,
            **{"aria-label": "e"},
        )
    )
    assert Reader(written).tags == [
        (
            "label",
            {
                "class": "b c",
                "for": "d",
                "tabindex": "-1",
                "hidden": None,
                "style": "background-color:#fff;--share:0.5",
                "aria-label": "e",
            },
        )
    ]


def test_nothing_is_written_for_nothing() -> None:
    assert write_html(None) == ""
    assert write_html([None, "", [], 0]) == "0"
    assert write_html([html.Br(), html.Img(src="a.png", alt="")]) == '<br><img alt="" src="a.png">'


def test_what_has_no_text_form_is_refused() -> None:
    with pytest.raises(TypeError):
        write_html(dcc.Graph())
