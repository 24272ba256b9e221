"""The frame of pages about rules: their style, and the ways between the desks."""

from __future__ import annotations

from markupsafe import Markup

from dashboard.pages.data_parts import list_ways
from dashboard.pages.document import Sheet, draw_document


def draw_rule_page(sheet: Sheet, title: str, body: Markup, *, module: str | None = None) -> str:
    """Draw a page about rules."""
    ways = list_ways(sheet)
    return draw_document(sheet, title, body, ways=ways, styles=("rule.css",), module=module)
