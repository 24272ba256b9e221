"""Figures to draw the parts of the page with, and ways to read what was drawn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from dash.development.base_component import Component

from dashboard.words import words_of
from db.queries.catalogue import NeedItem, ProgrammeItem
from db.queries.households import AidLine, HouseholdCard, PersonLine, ProgrammeLine
from db.queries.sources import SourceNote
from db.queries.totals import Share, Summary
from geo.view import DOMAINS, STATUSES
from layers import Painting, Rows

DAY = date(2026, 6, 30)
SOURCE = SourceNote("r", "Register", DAY, "register")
PROGRAMMES = (
    ProgrammeItem("pkh", "PKH", "cash", "Dinas Sosial", 0),
    ProgrammeItem("rtlh", "Bedah Rumah", "housing", "Dinas Perumahan", 1),
)
NEEDS = (NeedItem("latrine", "Belum punya jamban", "housing", 0),)
WORDS = words_of("id")


def walk(part: Any) -> Iterator[Component]:
    if isinstance(part, Component):
        yield part
        part = getattr(part, "children", None)
    if isinstance(part, list | tuple):
        for child in part:
            yield from walk(child)
    elif isinstance(part, Component):
        yield from walk(part)


def read_text(part: Any) -> str:
    if isinstance(part, list | tuple):
        return " ".join(filter(None, map(read_text, part)))
    if isinstance(part, Component):
        return read_text(getattr(part, "children", None))
    return "" if part is None else str(part)


def props(part: Component, name: str) -> Any:
    return part.to_plotly_json()["props"].get(name)


def make_summary(**changes: Any) -> Summary:
    return replace(
        Summary(
            total=95,
            located=91,
            unlocated=4,
            person_count=301,
            family_count=2114,
            rate_pct=4.4938,
            by_decile={n: n if n < 5 else 0 for n in range(1, 11)},
            by_status=dict.fromkeys(STATUSES, 1),
            by_need=(Share("latrine", "Belum punya jamban", "housing", 13),),
            by_programme=(Share("pkh", "PKH", "cash", 40), Share("rtlh", "Bedah", "housing", 0)),
            by_domain=dict.fromkeys(DOMAINS, 1),
            without_aid=10,
        ),
        **changes,
    )


def make_painting(**changes: Any) -> Painting:
    row = {"code": "35.10.01", "name": "A", "kind": "kecamatan", "value": 8.06, "count": 1430}
    empty = row | {"code": "35.10.02", "value": None, "count": None}
    return replace(
        Painting(
            rows=Rows([row, empty], 2, (SOURCE,), "Belum ada."),
            breaks=(5.0, 8.0),
            class_of={"35.10.01": 2, "35.10.02": None},
            class_counts=(0, 0, 1),
            no_data_count=1,
            low=8.06,
            high=8.06,
        ),
        **changes,
    )


def make_card(**changes: Any) -> HouseholdCard:
    nothing = dict.fromkeys(HouseholdCard.__dataclass_fields__)
    aid = AidLine("2026-03", 300_000, "received", "Register", DAY, "Siti")
    person = PersonLine(
        1, "Siti", "3510015203900001", None, 36, "female", "head", "widowed", "finished",
        "primary", "farmer", None, "asthma",
    )  # fmt: skip
    fields = nothing | {
        "id": 7,
        "head_name": "Siti",
        "kk": "3510011204190001",
        "rt": "01",
        "rw": "02",
        "area_code": "35.10.01.2001",
        "desa": "Sobo",
        "kecamatan": "Muncar",
        "decile": 1,
        "member_count": 1,
        "status": "unverified",
        "as_of": DAY,
        "source": SOURCE,
        "persons": (person,),
        "programmes": (
            ProgrammeLine("pkh", "PKH", "cash", True, (aid,)),
            ProgrammeLine("rtlh", "Bedah Rumah", "housing", False, ()),
        ),
        "needs": (("latrine", "Belum punya jamban"),),
        "neighbours_at_point": 0,
    }
    return HouseholdCard(**(fields | changes))


def read_classes(part: Component) -> str:
    return " ".join(str(props(inner, "className") or "") for inner in walk(part))
