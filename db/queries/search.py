"""Search for places by name or code, and for households by the head's name, NIK or KK."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection, text

from db.audit import note_shown
from db.queries.published import is_published_only
from db.viewer import get_viewer

_MIN_NAME_LENGTH = 3


@dataclass(frozen=True, slots=True)
class Hit:
    """One answer: ``key`` is an area code or a household's id, ``area`` its desa."""

    kind: Literal["area", "household"]
    key: str
    title: str
    subtitle: str
    area: str | None = None


_AREAS = text("""
    SELECT a.code, a.name, a.kind, p.name AS parent
    FROM admin_area AS a LEFT JOIN admin_area AS p ON p.code = a.parent_code
    WHERE (a.name ILIKE :anywhere OR a.code LIKE :code_start)
      AND (a.code = :own OR starts_with(a.code, :inside))
    ORDER BY a.name ILIKE :start DESC, length(a.code), a.name, a.code LIMIT :limit
""")

_HOUSEHOLD_COLUMNS = """
    h.id, h.head_name, h.rt, h.rw, h.area_code, d.name AS desa, k.name AS kecamatan
    FROM household AS h JOIN admin_area AS d ON d.code = h.area_code
    LEFT JOIN admin_area AS k ON k.code = d.parent_code"""

_BY_NAME = text(f"""
    SELECT {_HOUSEHOLD_COLUMNS} WHERE h.head_name ILIKE :anywhere
    ORDER BY h.head_name ILIKE :start DESC, h.head_name, h.id LIMIT :limit
""")

_BY_NUMBER = text(f"""
    SELECT DISTINCT {_HOUSEHOLD_COLUMNS}
    WHERE h.kk = :number OR h.id IN (SELECT household_id FROM person WHERE nik = :number)
    ORDER BY h.id LIMIT :limit
""")


def search(conn: Connection, asked: str, *, limit: int = 8) -> tuple[Hit, ...]:
    """Return the best answers to what was typed, places before households.

    A name must have three letters, a NIK or KK all its sixteen digits: nobody fishes with parts
    of numbers. Letters match anywhere, in either case; ``%`` and ``_`` stand for themselves.

    Parameters
    ----------
    conn
        Connection in the viewer's name.
    asked
        What was typed.
    limit
        Answers at most.

    Returns
    -------
    tuple of Hit
    """
    sees_households = not is_published_only(conn)
    words = " ".join(asked.split())
    if not words or "\x00" in words:
        return ()
    digits = re.sub(r"[ .-]", "", words)
    if re.fullmatch(r"\d{16}", digits):
        if not sees_households:
            return ()
        return _list_households(conn, _BY_NUMBER, {"number": digits, "limit": limit})
    own = get_viewer(conn).area or ""
    escaped = re.sub(r"([\\%_])", r"\\\1", words)
    patterns = {
        "anywhere": f"%{escaped}%",
        "start": f"{escaped}%",
        "code_start": f"{escaped}%" if words[0].isdigit() else "",
        "limit": limit,
        "own": own,
        "inside": f"{own}." if own else "",
    }
    hits = tuple(
        Hit("area", row.code, row.name, ", ".join(filter(None, (row.kind, row.parent))))
        for row in conn.execute(_AREAS, patterns)
    )
    if not sees_households or len(words) < _MIN_NAME_LENGTH or len(hits) >= limit:
        return hits
    return hits + _list_households(conn, _BY_NAME, patterns | {"limit": limit - len(hits)})


def _list_households(
    conn: Connection, statement: object, parameters: dict[str, object]
) -> tuple[Hit, ...]:
    hits = tuple(
        Hit("household", str(row.id), row.head_name, _address(row), row.area_code)
        for row in conn.execute(statement, parameters)  # type: ignore[call-overload]
    )
    note_shown(conn, (int(hit.key) for hit in hits))
    return hits


def _address(row: object) -> str:
    parts = (
        f"RT {row.rt}/RW {row.rw}" if row.rt and row.rw else None,  # type: ignore[attr-defined]
        row.desa,  # type: ignore[attr-defined]
        row.kecamatan,  # type: ignore[attr-defined]
    )
    return ", ".join(filter(None, parts))
