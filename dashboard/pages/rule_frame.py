"""The frame of pages about rules: their style, and the ways between them."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup

from dashboard.assets import address_of
from dashboard.pages.document import Sheet, Way, draw_document
from geo.text import N_

PROGRAMME_READERS = ("regent", "planner", "task_unit", "village_operator")
"""Roles that read the rules of programmes; only a planner changes them."""
ASKERS = ("planner", "task_unit", "village_operator")
"""Roles that ask questions of their own and keep views."""

_PAGES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "/programmes": (N_("Program"), PROGRAMME_READERS),
    "/questions": (N_("Pertanyaan"), ASKERS),
}


def draw_rule_page(sheet: Sheet, title: str, body: Markup, *, module: str | None = None) -> str:
    """Draw a page about rules."""
    style = Markup('<link rel="stylesheet" href="{}">').format(address_of("rule.css"))
    ways = [
        Way(sheet.link("/"), N_("Peta")),
        *(
            Way(sheet.link(path), name)
            for path, (name, roles) in _PAGES.items()
            if sheet.role in roles
        ),
    ]
    return draw_document(sheet, title, style + body, ways=ways, module=module)
