"""Counts of households under any filter, for maps, headlines and the choices of the filter."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy import Connection, text

from db.queries.catalogue import list_needs, list_programmes
from db.queries.published import count_published_by_area, is_published_only
from db.queries.published_totals import read_facets, read_summary
from db.queries.selection import (
    CODE_LENGTHS,
    DECILES,
    DOMAINS,
    NEEDS,
    STATUSES,
    list_groups,
    selected_cte,
    selection_parameters,
)
from db.queries.statistics import get_family_count
from db.queries.summary import Facets, Share, Summary
from geo.view import DOMAINS as DOMAIN_KEYS

from geo.view import NO_AID, STATUSES as STATUS_KEYS  # isort: skip
from geo.view import View

__all__ = ["Facets", "Share", "Summary", "count_by_area", "get_facets", "get_summary"]

_MEMBER_DIGITS = tuple(1 << n for n in range(6))


_COUNT_BY_AREA = text(f"""
    WITH {selected_cte()}
    SELECT left(s.area_code, :code_length) AS code, b.flag,
           sum(bit_count(s.bits & b.bits))::bigint AS households
    FROM selected AS s
    JOIN household_bitmap AS b ON b.area_code = s.area_code AND b.flag = ANY (:counted)
    GROUP BY 1, 2
""")

_COUNT_FLAGS = text(f"""
    WITH {selected_cte()}
    SELECT b.flag, sum(bit_count(s.bits & b.bits))::bigint AS households
    FROM selected AS s JOIN household_bitmap AS b USING (area_code)
    WHERE b.flag !~ '^(eligible|first|served|double|question|plan|plan_left|source):'
    GROUP BY b.flag
""")

# A choice is counted with its own group left out of the selection.
_COUNT_CHOICES = text(f"""
    WITH {selected_cte()},
    choice AS (
        SELECT * FROM unnest(CAST(:choice_flags AS text[]), CAST(:choice_groups AS int[]))
        AS c (flag, number)
    ),
    others AS MATERIALIZED (
        SELECT left_out.number, c.area_code, bit_and(c.bits) AS bits
        FROM (SELECT DISTINCT number FROM choice) AS left_out
        JOIN chosen AS c ON abs(c.number) <> left_out.number
        GROUP BY left_out.number, c.area_code
    )
    SELECT c.flag, c.number, sum(bit_count(o.bits & b.bits))::bigint AS households
    FROM household_bitmap AS b
    JOIN choice AS c ON c.flag = b.flag
    JOIN others AS o ON o.number = c.number AND o.area_code = b.area_code
    GROUP BY c.flag, c.number
""")


def count_by_area(
    conn: Connection, view: View, level: str, flags: Iterable[str] = ("all",)
) -> dict[str, dict[str, int]]:
    """Count the selected households of each area, and of them those with further properties.

    Parameters
    ----------
    conn
        Connection in the viewer's name.
    view
        Its area and filters select; its level doesn't matter here.
    level
        ``kabupaten``, ``kecamatan`` or ``desa``.
    flags
        Properties to count: ``all``, ``located``, ``aid:none``, ``programme:pkh``…

    Returns
    -------
    dict
        Area code to flag to number of households; areas without a selected household are left
        out or zero.
    """
    if is_published_only(conn):
        return count_published_by_area(conn, view, level, tuple(flags))
    parameters = selection_parameters(view) | {
        "code_length": CODE_LENGTHS[level],
        "counted": list(flags),
    }
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    for code, flag, households in conn.execute(_COUNT_BY_AREA, parameters):
        counts[code][flag] = households
    return dict(counts)


def get_summary(conn: Connection, view: View) -> Summary:
    """Return the headline figures of a view's area under its filters."""
    if is_published_only(conn):
        return read_summary(conn, view)
    rows = conn.execute(_COUNT_FLAGS, selection_parameters(view))
    count: dict[str, int] = defaultdict(int, {row.flag: row.households for row in rows})
    families = get_family_count(conn, view.area)
    total, located = count["all"], count["located"]
    return Summary(
        total=total,
        located=located,
        unlocated=total - located,
        person_count=sum(digit * count[f"members:{digit}"] for digit in _MEMBER_DIGITS),
        family_count=families,
        rate_pct=100 * total / families if families else None,
        by_decile={n: count[f"decile:{n}"] for n in range(1, 11)},
        by_status={status: count[f"status:{status}"] for status in STATUS_KEYS},
        by_need=tuple(
            Share(item.code, item.name, item.domain, count[f"need:{item.code}"])
            for item in list_needs(conn)
        ),
        by_programme=tuple(
            Share(item.code, item.name, item.domain, count[f"programme:{item.code}"])
            for item in list_programmes(conn)
        ),
        by_domain={domain: count[f"domain:{domain}"] for domain in DOMAIN_KEYS},
        without_aid=count["aid:none"],
    )


def get_facets(conn: Connection, view: View) -> Facets:
    """Return what each choice of the filter would show, the other filters kept.

    Who sees published totals only has one choice at a time: there each choice stands alone.
    """
    if is_published_only(conn):
        return read_facets(conn, view)
    programmes = [item.code for item in list_programmes(conn)]
    needs = [item.code for item in list_needs(conn)]
    own_group = {flag: abs(number) for flag, number in list_groups(view)}
    # A programme without a choice leaves nothing out; group 0 stands for that.
    group_of = {f"programme:{code}": own_group.get(f"programme:{code}", 0) for code in programmes}
    choices = [(f"decile:{n}", DECILES) for n in range(1, 11)]
    choices += [(f"status:{status}", STATUSES) for status in STATUS_KEYS]
    choices += [(f"domain:{domain}", DOMAINS) for domain in DOMAIN_KEYS] + [("aid:none", DOMAINS)]
    choices += [(f"need:{code}", NEEDS) for code in needs]
    choices += list(group_of.items())
    choices += [("all", number) for number in sorted(set(group_of.values()))]
    rows = conn.execute(
        _COUNT_CHOICES,
        selection_parameters(view)
        | {
            "choice_flags": [flag for flag, _ in choices],
            "choice_groups": [number for _, number in choices],
        },
    )
    count: dict[tuple[str, int], int] = defaultdict(int, {tuple(row[:2]): row[2] for row in rows})
    received = {
        code: count[f"programme:{code}", group_of[f"programme:{code}"]] for code in programmes
    }
    return Facets(
        deciles={n: count[f"decile:{n}", DECILES] for n in range(1, 11)},
        statuses={status: count[f"status:{status}", STATUSES] for status in STATUS_KEYS},
        needs={code: count[f"need:{code}", NEEDS] for code in needs},
        domains={domain: count[f"domain:{domain}", DOMAINS] for domain in DOMAIN_KEYS}
        | {NO_AID: count["aid:none", DOMAINS]},
        received=received,
        not_received={
            code: count["all", group_of[f"programme:{code}"]] - households
            for code, households in received.items()
        },
    )
