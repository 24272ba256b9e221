"""The programmes and needs that the register knows, and whether a view asks for others."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select

from db.models import Need, Programme
from db.queries.published import check_published_view
from db.queries.rule_filters import find_plan_name, find_question
from geo.errors import InvalidView
from geo.gaps import split_gap
from geo.text import N_
from geo.view import View


@dataclass(frozen=True, slots=True)
class ProgrammeItem:
    """A programme as a choice of the filter."""

    code: str
    name: str
    domain: str
    agency: str
    bit: int


@dataclass(frozen=True, slots=True)
class NeedItem:
    """A need as a choice of the filter."""

    code: str
    name: str
    domain: str
    bit: int


def list_programmes(conn: Connection) -> tuple[ProgrammeItem, ...]:
    """Return every programme, in the order of its bit."""
    columns = (Programme.code, Programme.name, Programme.domain, Programme.agency, Programme.bit)
    return tuple(
        ProgrammeItem(*row) for row in conn.execute(select(*columns).order_by(Programme.bit))
    )


def list_agencies(conn: Connection) -> tuple[str, ...]:
    """Return the agencies that the programmes name, by name."""
    named = select(Programme.agency).where(Programme.agency != "").distinct()
    return tuple(conn.scalars(named.order_by(Programme.agency)))


def list_needs(conn: Connection) -> tuple[NeedItem, ...]:
    """Return every need, in the order of its bit."""
    columns = (Need.code, Need.name, Need.domain, Need.bit)
    return tuple(NeedItem(*row) for row in conn.execute(select(*columns).order_by(Need.bit)))


def check_filters(conn: Connection, view: View) -> None:
    """Refuse a view that its viewer can't ask, or with a programme or need that doesn't exist.

    Raises
    ------
    AccessDenied
        When the viewer sees no households, and the view shows some.
    InvalidView
        With the first unknown code, or a question or plan that is not there for this viewer.
    """
    check_published_view(conn, view)
    asked = {*view.received, *view.not_received}
    if view.gap is not None:
        asked.add(split_gap(view.gap)[0])
    if asked:
        _refuse_unknown(asked, {item.code for item in list_programmes(conn)}, N_("program"))
    if view.needs:
        _refuse_unknown(set(view.needs), {item.code for item in list_needs(conn)}, N_("kebutuhan"))
    _check_question(conn, view.question)
    _check_plan(conn, view.plan_number)


def _check_question(conn: Connection, key: str | None) -> None:
    if key is not None and find_question(conn, key) is None:
        raise InvalidView(N_("Pertanyaan ini tidak dikenal atau sudah lama. Ajukan lagi."))


def _check_plan(conn: Connection, number: int | None) -> None:
    if number is not None and find_plan_name(conn, number) is None:
        raise InvalidView(N_("Rencana nomor {number} tidak ditemukan."), number=number)


def _refuse_unknown(asked: set[str], known: set[str], kind: str) -> None:
    for code in sorted(asked - known):
        raise InvalidView(
            N_("Saringan menyebut {kind} “{code}” yang tidak dikenal."), kind=kind, code=code
        )
