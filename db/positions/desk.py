"""What the desk of positions shows and does: lists, counts, and findings that are none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, text

from db.audit import note_shown
from db.queries.published import refuse_households
from db.queries.selection import HOUSEHOLD_PREDICATE, predicate_parameters
from geo.errors import InvalidView, MapError
from geo.positions import KINDS
from geo.text import N_
from geo.view import View

PAGE_SIZE = 50
_LENGTHS = {"kabupaten": 5, "kecamatan": 8, "desa": 13}


@dataclass(frozen=True, slots=True)
class FaultFilter:
    """Which findings are looked at.

    Attributes
    ----------
    kind
        One of ``geo.positions.KINDS``; None is any.
    dismissed
        Those that somebody said are none, instead of those that stand.
    certain
        Only those whose repair is certain.
    """

    kind: str | None = None
    dismissed: bool = False
    certain: bool = False

    def __post_init__(self) -> None:
        """Refuse a kind that there is not.

        Raises
        ------
        InvalidView
            For such a kind.
        """
        if self.kind is not None and self.kind not in KINDS:
            raise InvalidView(N_("Tidak ada kesalahan posisi “{kind}”."), kind=self.kind)


@dataclass(frozen=True, slots=True)
class FaultLine:
    """One finding about a household."""

    kind: str
    detail: Mapping[str, Any]
    dismissed_by: str | None
    desa: str | None
    """Name of the desa in which the position lies instead."""

    @property
    def is_certain(self) -> bool:
        """Whether the repair is."""
        return bool(self.detail.get("certain"))


@dataclass(frozen=True, slots=True)
class PlacedHousehold:
    """A household with what was found about its position, the gravest first."""

    id: int
    head_name: str
    address: str | None
    rt: str | None
    rw: str | None
    area_code: str
    desa: str
    kecamatan: str | None
    faults: tuple[FaultLine, ...]


class UnknownFault(MapError):
    """A finding that there is not, or not in the viewer's area."""

    status = 404

    def __init__(self) -> None:
        super().__init__(N_("Temuan ini tidak ada lagi, atau di luar wilayah Anda."))


_CHOSEN = """
    (f.dismissed_at IS NOT NULL) = :dismissed AND (NOT :certain OR f.detail @> '{"certain": true}')
"""
_FOUND = f"""
    FROM household AS h
    JOIN position_fault AS f ON f.household_id = h.id
    WHERE {HOUSEHOLD_PREDICATE} AND {_CHOSEN}"""
_OF_KIND = "(CAST(:kind AS text) IS NULL OR f.kind = :kind)"
_LIST = f"""
    WITH chosen AS MATERIALIZED (SELECT DISTINCT h.id {_FOUND} AND {_OF_KIND})
    SELECT h.id, h.head_name, h.address, h.rt, h.rw, h.area_code, d.name AS desa,
           k.name AS kecamatan,
           (SELECT jsonb_agg(jsonb_build_array(f.kind, f.detail, f.dismissed_by, o.name)
                             ORDER BY array_position(CAST(:kinds AS text[]), f.kind))
            FROM position_fault AS f LEFT JOIN admin_area AS o ON o.code = f.detail ->> 'desa'
            WHERE f.household_id = h.id AND {_CHOSEN}) AS faults
    FROM chosen JOIN household AS h USING (id)
    JOIN admin_area AS d ON d.code = h.area_code
    LEFT JOIN admin_area AS k ON k.code = d.parent_code
    ORDER BY h.area_code, h.rw NULLS LAST, h.rt NULLS LAST, h.head_name, h.id"""
_PAGE = text(f"{_LIST} LIMIT :limit OFFSET :offset")
_ALL = text(_LIST)
_COUNT = text(f"""
    SELECT left(h.area_code, :code_length) AS code, coalesce(f.kind, 'any') AS kind,
           count(DISTINCT h.id) AS households
    {_FOUND}
    GROUP BY GROUPING SETS ((1, f.kind), (1))
""")
_COUNT_HOUSEHOLDS = text(f"SELECT count(DISTINCT h.id) {_FOUND} AND {_OF_KIND}")
_SET_DISMISSED = text("SELECT set_fault_dismissed(:household, :kind, :is_dismissed)")


def list_position_faults(
    conn: Connection, view: View, chosen: FaultFilter, *, limit: int = PAGE_SIZE, offset: int = 0
) -> list[PlacedHousehold]:
    """Return households with faults of position, as one would walk: by desa, RW, RT and name.

    Parameters
    ----------
    conn
        Connection in the viewer's name.
    view
        Its area and filters select.
    chosen
        Which findings; a household of that kind comes with all that was found about it.
    limit, offset
        Which part of the list.

    Raises
    ------
    AccessDenied
        For a role that sees no households.
    """
    refuse_households(conn)
    parameters = _parameters(view, chosen) | {"limit": limit, "offset": offset}
    rows = [_read(row) for row in conn.execute(_PAGE, parameters).mappings()]
    note_shown(conn, (row.id for row in rows))
    return rows


def iterate_position_faults(
    conn: Connection, view: View, chosen: FaultFilter
) -> Iterator[PlacedHousehold]:
    """Yield what :func:`list_position_faults` returns, all of it, for files."""
    refuse_households(conn)
    streamed = conn.execution_options(yield_per=5_000)
    for row in streamed.execute(_ALL, _parameters(view, chosen)).mappings():
        yield _read(row)


def count_position_faults(
    conn: Connection, view: View, level: str, chosen: FaultFilter | None = None
) -> dict[str, dict[str, int]]:
    """Count the households with faults of position in each area.

    Parameters
    ----------
    conn
        Connection in the viewer's name.
    view
        Its area and filters select.
    level
        ``kabupaten``, ``kecamatan`` or ``desa``.
    chosen
        Which findings; its kind doesn't matter. None is those that stand.

    Returns
    -------
    dict
        Area code to kind to number of households, those with ``any`` of them as well. Areas without
        one are left out.

    Raises
    ------
    AccessDenied
        For a role that sees no households: small numbers would tell of single ones.
    """
    refuse_households(conn)
    counts: dict[str, dict[str, int]] = {}
    parameters = _parameters(view, chosen or FaultFilter()) | {"code_length": _LENGTHS[level]}
    for code, kind, households in conn.execute(_COUNT, parameters):
        counts.setdefault(code, {})[kind] = households
    return counts


def count_faulty_households(conn: Connection, view: View, chosen: FaultFilter) -> int:
    """Count the households that :func:`list_position_faults` lists in all."""
    refuse_households(conn)
    return int(conn.scalar(_COUNT_HOUSEHOLDS, _parameters(view, chosen)) or 0)


def set_fault_dismissed(
    conn: Connection, household: int, kind: str, *, is_dismissed: bool = True
) -> None:
    """Say that what was found is no fault, or take that back.

    Raises
    ------
    UnknownFault
        When there is no such finding in the viewer's area, or the role may not.
    """
    values = {"household": household, "kind": kind, "is_dismissed": is_dismissed}
    if not conn.scalar(_SET_DISMISSED, values):
        raise UnknownFault


def _parameters(view: View, chosen: FaultFilter) -> dict[str, Any]:
    return predicate_parameters(view) | {
        "kind": chosen.kind,
        "kinds": list(KINDS),
        "dismissed": chosen.dismissed,
        "certain": chosen.certain,
    }


def _read(row: Mapping[Any, Any]) -> PlacedHousehold:
    lines = (FaultLine(*line) for line in row["faults"])
    return PlacedHousehold(**{**row, "faults": tuple(lines)})
