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
from db.queries.selection import selected_cte, selection_parameters
from geo.gaps import make_cells
from geo.view import View

Gaps = dict[str, dict[str, dict[str, int | None]]]
"""Area code to programme to cell to households."""

_LENGTHS = {"kabupaten": 5, "kecamatan": 8, "desa": 13}
_ALL = 0
"""The length of the code of everything that is loaded, which has none."""

_COUNT = text(f"""
    WITH {selected_cte()},
    flagged AS MATERIALIZED (
        SELECT b.area_code, split_part(b.flag, ':', 1) AS kind, split_part(b.flag, ':', 2) AS code,
               s.bits & b.bits AS bits
        FROM household_bitmap AS b JOIN selected AS s USING (area_code)
        WHERE b.flag = ANY (:counted)
    ),
    counted AS (
        SELECT area_code, code, kind, bit_count(bits) AS households FROM flagged
        UNION ALL
        SELECT e.area_code, e.code, 'both', bit_count(e.bits & v.bits)
        FROM flagged AS e JOIN flagged AS v USING (area_code, code)
        WHERE e.kind = 'eligible' AND v.kind = 'served'
    )
    SELECT left(area_code, :code_length) AS area, code, kind, sum(households)::bigint
    FROM counted GROUP BY 1, 2, 3
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
        "code_length": _ALL if level is None else _LENGTHS[level],
    }
    found: dict[str, dict[tuple[str, str], int]] = defaultdict(dict)
    for area, code, kind, households in conn.execute(_COUNT, parameters):
        found[area][code, kind] = households
    return {
        area: {
            code: make_cells(
                counts.get((code, "eligible"), 0) if has_rule else None,
                *(counts.get((code, kind), 0) for kind in ("served", "both", "double")),
            )
            for code, has_rule in ruled.items()
        }
        for area, counts in found.items()
    }
