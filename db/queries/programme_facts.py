"""What is known of a programme beside its rule: whom it belongs to, what it gives, what it costs."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select

from db.models import Programme
from geo.errors import MapError
from geo.text import N_


class ProgrammeNotFound(MapError):
    """A programme code that the register doesn't know."""

    status = 404

    def __init__(self, code: str) -> None:
        super().__init__(N_("Program “{code}” tidak dikenal."), code=code[:40])


@dataclass(frozen=True, slots=True)
class ProgrammeFacts:
    """A programme as its page names it; money in rupiah, None where no figure was published."""

    code: str
    name: str
    domain: str
    agency: str
    given_to: str
    unit_cost_idr: int | None
    unit_cost_note: str | None
    is_public_money: bool
    source: str


_COLUMNS = (
    Programme.code,
    Programme.name,
    Programme.domain,
    Programme.agency,
    Programme.given_to,
    Programme.unit_cost_idr,
    Programme.unit_cost_note,
    Programme.is_public_money,
    Programme.source,
)


def list_programme_facts(conn: Connection) -> tuple[ProgrammeFacts, ...]:
    """Return every programme, in the order of its bit."""
    rows = conn.execute(select(*_COLUMNS).order_by(Programme.bit))
    return tuple(ProgrammeFacts(*row) for row in rows)


def get_programme_facts(conn: Connection, code: str) -> ProgrammeFacts:
    """Return one programme.

    Raises
    ------
    ProgrammeNotFound
        When there is none of this code.
    """
    row = conn.execute(select(*_COLUMNS).where(Programme.code == code)).one_or_none()
    if row is None:
        raise ProgrammeNotFound(code)
    return ProgrammeFacts(*row)
