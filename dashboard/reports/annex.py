"""The annex of a decree: the frozen list of those who receive, as it was approved.

A decree of an Indonesian regency is written in Indonesian, so its annex is too, whatever language
the reader's screen has.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from babel.dates import format_date
from babel.numbers import format_decimal

from dashboard.reports.typeset import typeset

_LOCALE = "id"


@dataclass(frozen=True, slots=True)
class AnnexRow:
    """One household of the list.

    Attributes
    ----------
    number
        Its number in the list, which is its rank in the plan.
    nik
        Of the head; masked where the reader may not see it, None where it is not known.
    name, address, rt, rw
        As they stood when the list was frozen; None where unknown or not shown.
    desa, kecamatan
        Names, the desa with its kind.
    amount_idr
        What it is to receive.
    """

    number: int
    nik: str | None
    name: str
    address: str | None
    rt: str | None
    rw: str | None
    desa: str
    kecamatan: str
    amount_idr: int | None


@dataclass(frozen=True, slots=True)
class Annex:
    """What stands around the list.

    Attributes
    ----------
    regency
        Its name.
    programme, agency, plan_name, period
        Of the plan.
    decree_number, decree_date
        Of the decree; None while there is none, and a line is left to write them on.
    list_hash
        Fingerprint of the frozen list.
    approved_by, approved_at
        Who approved the plan, and the day.
    made_at
        The moment the file names as its own; the same moment gives the same bytes.
    notices
        Sentences under the list: whom it is for, what it may be used for, that it is invented.
    mark
        A warning at the top, such as that the data are synthetic.
    """

    regency: str
    programme: str
    agency: str
    plan_name: str
    period: str
    decree_number: str | None
    decree_date: date | None
    list_hash: str
    approved_by: str
    approved_at: date
    made_at: datetime
    notices: tuple[str, ...] = ()
    mark: str | None = None


def draw_annex(annex: Annex, rows: Sequence[AnnexRow]) -> bytes:
    """Draw the annex as PDF: the list by kecamatan, each with its sum, and a recapitulation.

    Parameters
    ----------
    annex
        What stands around the list.
    rows
        In any order; they are set by kecamatan, desa and number.

    Returns
    -------
    bytes
        The same for the same input.
    """
    return typeset("annex.typ", describe_annex(annex, rows), made_at=annex.made_at)


def describe_annex(annex: Annex, rows: Sequence[AnnexRow]) -> dict[str, Any]:
    """Return what ``annex.typ`` sets: texts, in the order of the paper."""
    ordered = sorted(rows, key=lambda row: (row.kecamatan, row.desa, row.number))
    groups = [
        _to_group(name, list(found))
        for name, found in groupby(ordered, key=lambda row: row.kecamatan)
    ]
    return {
        "title": f"Lampiran keputusan: penerima {annex.programme}, {annex.plan_name}",
        "regency": annex.regency,
        "programme": annex.programme,
        "agency": annex.agency,
        "plan": annex.plan_name,
        "period": annex.period,
        "decree_number": annex.decree_number,
        "decree_date": annex.decree_date and _to_day(annex.decree_date),
        "hash": annex.list_hash,
        "approved": f"{annex.approved_by}, {_to_day(annex.approved_at)}",
        "notices": list(annex.notices),
        "mark": annex.mark,
        "groups": groups,
        "count": _to_number(len(ordered)),
        "sum": _to_sum(ordered),
    }


def _to_group(name: str, rows: list[AnnexRow]) -> dict[str, Any]:
    return {
        "name": name,
        "count": _to_number(len(rows)),
        "desa_count": len({row.desa for row in rows}),
        "sum": _to_sum(rows),
        "rows": [_to_cells(row) for row in rows],
    }


def _to_cells(row: AnnexRow) -> list[str]:
    place = "/".join(part or "–" for part in (row.rt, row.rw)) if row.rt or row.rw else "–"
    return [
        _to_number(row.number), row.nik or "–", row.name, row.address or "–", place, row.desa,
        _to_number(row.amount_idr) if row.amount_idr is not None else "–",
    ]  # fmt: skip


def _to_sum(rows: Iterable[AnnexRow]) -> str:
    return _to_number(sum(row.amount_idr or 0 for row in rows))


def _to_number(value: int) -> str:
    return format_decimal(value, locale=_LOCALE)


def _to_day(day: date) -> str:
    return format_date(day, "d MMMM y", locale=_LOCALE)
