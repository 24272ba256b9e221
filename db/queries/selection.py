"""A view's filters as bits: which households of each desa are selected.

Each choice of a filter is a group of flags. Within a group the bit strings are joined by OR, the
groups by AND; a group with a negative number holds what must not be. See ``db/sql/derived.sql``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from geo.gaps import split_gap
from geo.view import View

# The numbers of the groups. Each programme is a group of its own, from 100 on.
EVERYONE, DECILES, STATUSES, DOMAINS, NEEDS, GAP, WITHOUT, QUESTION, PLAN = range(1, 10)
PROGRAMMES = 100


CODE_LENGTHS: Mapping[str, int] = {"kabupaten": 5, "kecamatan": 8, "desa": 13}
"""How many characters of a code name the area of a level."""

GAP_FLAGS: Mapping[str, tuple[str, str | None]] = {
    "eligible": ("eligible", None),
    "served": ("served", None),
    "excluded": ("eligible", "served"),
    "included": ("served", "eligible"),
    "double": ("double", None),
}
"""For each cell of the gap matrix the property of its households, and the one they lack."""


def selected_cte(among: str = "") -> str:
    """Write the common table expression ``selected`` (area_code, bits): one bit a household.

    A flag that doesn't exist selects nobody.

    Parameters
    ----------
    among
        A further condition on ``b.area_code``, for tiles that touch a few desa only.
    """
    return f"""
    chosen AS MATERIALIZED (
        SELECT b.area_code, g.number,
               CASE WHEN g.number < 0 THEN ~bit_or(b.bits) ELSE bit_or(b.bits) END AS bits
        FROM household_bitmap AS b
        JOIN unnest(CAST(:flags AS text[]), CAST(:numbers AS int[])) AS g (flag, number)
          ON b.flag = g.flag
        WHERE b.flag = ANY (:flags) AND b.area_code LIKE :area_pattern {among}
        GROUP BY b.area_code, g.number
    ),
    selected AS MATERIALIZED (
        SELECT area_code, bit_and(bits) AS bits FROM chosen
        GROUP BY area_code HAVING count(*) = :group_count
    )"""


def list_groups(view: View) -> list[tuple[str, int]]:
    """Return the ``(flag, group)`` pairs of a view's filters; the first stands for everyone."""
    groups = [("all", EVERYONE)]
    groups += [(f"decile:{decile}", DECILES) for decile in view.deciles]
    groups += [(f"status:{status}", STATUSES) for status in view.statuses]
    groups += [
        ("aid:none" if domain == "none" else f"domain:{domain}", DOMAINS) for domain in view.domains
    ]
    groups += [(f"need:{need}", NEEDS) for need in view.needs]
    groups += [(f"programme:{code}", PROGRAMMES + n) for n, code in enumerate(view.received)]
    first = PROGRAMMES + len(view.received)
    groups += [(f"programme:{code}", -first - n) for n, code in enumerate(view.not_received)]
    return groups + list_rule_groups(view)


def list_rule_groups(view: View) -> list[tuple[str, int]]:
    """Return the groups of a view that rules and plans make, which no column of a row tells."""
    groups = []
    if view.gap is not None:
        programme, cell = split_gap(view.gap)
        has, lacks = GAP_FLAGS[cell]
        groups.append((f"{has}:{programme}", GAP))
        groups += [(f"{lacks}:{programme}", -WITHOUT)] if lacks else []
    if view.question is not None:
        groups.append((f"question:{view.question}", QUESTION))
    if view.plan is not None:
        kind = "plan_left" if view.plan.endswith(":left") else "plan"
        groups.append((f"{kind}:{view.plan_number}", PLAN))
    return groups


def area_pattern(area: str | None) -> str:
    """Return the LIKE pattern of the desa codes inside an area (or of the desa itself)."""
    if area is None:
        return "%"
    return area if area.count(".") == 3 else f"{area}.%"


def selection_parameters(view: View) -> dict[str, Any]:
    """Return the bound parameters of :func:`selected_cte` for a view."""
    groups = list_groups(view)
    return {
        "flags": [flag for flag, _ in groups],
        "numbers": [number for _, number in groups],
        "group_count": len({number for _, number in groups}),
        "area_pattern": area_pattern(view.area),
    }


HOUSEHOLD_PREDICATE = """
    (CAST(:deciles AS smallint[]) IS NULL OR h.decile = ANY (:deciles))
    AND (CAST(:statuses AS text[]) IS NULL OR h.status = ANY (:statuses))
    AND (CAST(:domains AS text[]) IS NULL OR (:no_aid AND h.aid = 0) OR h.aid &
        (SELECT coalesce(bit_or(1::bigint << bit), 0) FROM programme WHERE domain = ANY (:domains))
        <> 0)
    AND (CAST(:needs AS text[]) IS NULL OR h.needs &
        (SELECT coalesce(bit_or(1::bigint << bit), 0) FROM need WHERE code = ANY (:needs)) <> 0)
    AND (CAST(:received AS text[]) IS NULL OR
        (SELECT bit_or(1::bigint << bit) FROM programme WHERE code = ANY (:received)) & ~h.aid = 0)
    AND (CAST(:not_received AS text[]) IS NULL OR h.aid &
        (SELECT bit_or(1::bigint << bit) FROM programme WHERE code = ANY (:not_received)) = 0)
    AND (CAST(:rule_flags AS text[]) IS NULL OR h.id IN (
        SELECT flagged_households(:rule_flags, CAST(:rule_numbers AS int[]), :area_pattern)))
    AND h.area_code LIKE :area_pattern"""
"""The same filters on rows of ``household AS h``, for lists and for tiles of single pins."""


def predicate_parameters(view: View) -> dict[str, Any]:
    """Return the bound parameters of :data:`HOUSEHOLD_PREDICATE` for a view."""
    rules = list_rule_groups(view)
    return {
        "rule_flags": [flag for flag, _ in rules] or None,
        "rule_numbers": [number for _, number in rules],
        "deciles": list(view.deciles) or None,
        "statuses": list(view.statuses) or None,
        "domains": list(view.domains) or None,
        "no_aid": "none" in view.domains,
        "needs": list(view.needs) or None,
        "received": list(view.received) or None,
        "not_received": list(view.not_received) or None,
        "area_pattern": area_pattern(view.area),
    }
