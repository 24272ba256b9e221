"""What is known of a programme beside its rule: whose it is, what it costs, how many it is for."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select, text

from db.models import Programme
from db.queries.selection import selected_cte, selection_parameters
from db.rules import ProgrammeNotFound
from geo.view import View


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


_ELIGIBLE = text(f"""
    WITH {selected_cte()}
    SELECT split_part(b.flag, ':', 2), sum(bit_count(s.bits & b.bits))::bigint
    FROM household_bitmap AS b JOIN selected AS s USING (area_code)
    WHERE b.flag LIKE 'eligible:%' GROUP BY b.flag
""")


def count_eligible(conn: Connection) -> dict[str, int]:
    """Count, by code of programme, the poor households of the viewer that fulfil its rule."""
    rows = conn.execute(_ELIGIBLE, selection_parameters(View()))
    return {code: int(count) for code, count in rows}
