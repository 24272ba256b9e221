"""What a plan can be made for."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select

from db.models import Programme


@dataclass(frozen=True, slots=True)
class PlannableProgramme:
    """A programme with a rule, and what one household costs as published; None is unknown."""

    code: str
    name: str
    unit_cost_idr: int | None


def list_plannable(conn: Connection) -> tuple[PlannableProgramme, ...]:
    """Return the programmes that have a rule, in the order of the catalogue."""
    columns = (Programme.code, Programme.name, Programme.unit_cost_idr)
    statement = select(*columns).where(Programme.eligibility.is_not(None)).order_by(Programme.bit)
    return tuple(PlannableProgramme(*row) for row in conn.execute(statement))
