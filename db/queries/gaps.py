"""Need beside aid: per area and programme who is eligible, who is served, and where they part.

Counted of the bits that ``refresh_rule_flags`` keeps (``db/sql/rules.sql``): ``eligible:<p>``,
``served:<p>`` and ``double:<p>``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select, text

from db.models import Programme, RuleState
from db.queries.selection import CODE_LENGTHS, selected_cte, selection_parameters
from geo.gaps import make_cells
from geo.view import View

Gaps = dict[str, dict[str, dict[str, int | None]]]
"""Area code to programme to cell to households."""

_ALL = 0
"""The length of the code of everything that is loaded, which has none."""

# One pass: the three strings of a programme in a desa meet in one row by an aggregate.
_COUNT = text(f"""
    WITH {selected_cte()},
    flagged AS (
        SELECT area_code, split_part(flag, ':', 2) AS programme,
               bit_or(bits) FILTER (WHERE flag LIKE 'eligible:%') AS eligible,
               bit_or(bits) FILTER (WHERE flag LIKE 'served:%') AS served,
               bit_or(bits) FILTER (WHERE flag LIKE 'double:%') AS double
        FROM household_bitmap WHERE flag = ANY (:counted) AND area_code LIKE :area_pattern
        GROUP BY 1, 2
    )
    SELECT left(area_code, :code_length) AS area, programme,
           sum(bit_count(s.bits & f.eligible))::bigint AS eligible,
           sum(bit_count(s.bits & f.served))::bigint AS served,
           sum(bit_count(s.bits & f.eligible & f.served))::bigint AS both,
           sum(bit_count(s.bits & f.double))::bigint AS double
    FROM selected AS s JOIN flagged AS f USING (area_code)
    GROUP BY 1, 2
""")


@dataclass(frozen=True, slots=True)
class RuledProgramme:
    """A programme and the rule that says whom it is for.

    Attributes
    ----------
    code, name, domain
        As in the catalogue.
    has_rule
        Whether there is one; without, nobody can be left out.
    rule_version
        Its version.
    served_years
        For how many years after the end of a period a household counts as served; None is for good.
    excludes
        Programmes that a household shouldn't get beside this one.
    """

    code: str
    name: str
    domain: str
    has_rule: bool
    rule_version: int
    served_years: int | None
    excludes: tuple[str, ...]


def list_ruled_programmes(conn: Connection) -> tuple[RuledProgramme, ...]:
    """Return every programme with what is known of its rule, in the order of the catalogue."""
    columns = (
        Programme.code,
        Programme.name,
        Programme.domain,
        Programme.eligibility.is_not(None),
        Programme.rule_version,
        Programme.served_years,
        Programme.excludes,
    )
    rows = conn.execute(select(*columns).order_by(Programme.bit))
    return tuple(RuledProgramme(*row[:6], tuple(row[6])) for row in rows)


def get_rule_day(conn: Connection) -> date | None:
    """Return the day for which rules were evaluated last; None before the first time."""
    day: date | None = conn.scalar(select(RuleState.day))
    return day


def count_gaps(
    conn: Connection, view: View, level: str | None, programmes: Collection[str] | None = None
) -> Gaps:
    """Count the cells of the gap matrix per area and programme.

    Parameters
    ----------
    conn
        Connection in the viewer's name.
    view
        Its area and filters select; its level doesn't matter here.
    level
        ``kabupaten``, ``kecamatan`` or ``desa``; None is all of it together, under ``""``.
    programmes
        Codes; None is every programme.

    Returns
    -------
    dict
        Area code to programme to cell. Areas without a selected household are left out. Cells that
        ask for a rule are None for a programme that has none.
    """
    ruled = {
        one.code: one.has_rule
        for one in list_ruled_programmes(conn)
        if programmes is None or one.code in programmes
    }
    flags = [f"{kind}:{code}" for code in ruled for kind in ("eligible", "served", "double")]
    parameters = selection_parameters(view) | {
        "counted": flags,
        "code_length": _ALL if level is None else CODE_LENGTHS[level],
    }
    found: Gaps = defaultdict(dict)
    for area, code, eligible, *others in conn.execute(_COUNT, parameters):
        found[area][code] = make_cells(eligible if ruled[code] else None, *others)
    return dict(found)
