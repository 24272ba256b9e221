"""What is decided at a desk about households, entered like a batch, with records and undo."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Literal

from sqlalchemy import Connection, insert, text

from db.ledger import Ledger
from db.models import ImportBatch
from db.registers.golden import (
    HOUSEHOLD_FIELDS,
    POSITION_FIELDS,
    keep_base_records,
    name_ids,
    refresh_households,
)
from db.registers.journal import Origin, ensure_source
from geo.errors import MapError
from geo.text import N_

ActKind = Literal["verification", "repair"]
_SOURCES: Mapping[str, tuple[str, str, tuple[str, ...]]] = {
    "verification": ("verifikasi", N_("Verifikasi satgas desa"), ("status",)),
    "repair": ("perbaikan-posisi", N_("Perbaikan posisi"), ()),
}
"""Code and name of the source of each kind of act, and the fields it is believed about first."""

TRANSITIONS = {
    "unverified": ("verified", "rejected"),
    "verified": ("graduated", "rejected", "unverified"),
    "rejected": ("verified", "unverified"),
    "graduated": ("verified", "unverified"),
}
"""From each status those that a decree may lead to; back to unverified takes a decision back."""


class InvalidAct(MapError):
    """A decision that can't be entered."""

    status = 400


_NOBODY = N_("Tidak ada keluarga yang dipilih.")
_OUTSIDE = N_("{count} keluarga tidak ada, atau di luar wilayah kerja Anda.")
_NO_DECREE = N_("Isi nomor surat keputusan.")
_FUTURE = N_("Tanggal surat keputusan tidak boleh di masa depan.")
_UNKNOWN_STATUS = N_("Status ini tidak dikenal.")
_BAD_TRANSITION = N_("{count} keluarga tidak dapat berubah dari status sekarang ke status ini.")


def write_act(
    conn: Connection,
    kind: ActKind,
    values: Mapping[int, Mapping[str, Any]],
    *,
    user: str,
    note: str,
    area: str | None = None,
) -> int:
    """Enter an act: what somebody decided about some fields of some households.

    Parameters
    ----------
    conn
        As the owner, in a transaction.
    kind
        What kind of act.
    values
        By household id the fields and their values; ``location`` as EWKT (SRID 4326).
    user, area
        Who decided, and the area they may write in.
    note
        What stands in the place of a file's name.

    Returns
    -------
    int
        Id of the batch.

    Raises
    ------
    InvalidAct
        When there is no household, or one doesn't exist or lies outside the area.
    """
    _require_inside(conn, list(values), area)
    code, name, _ = _SOURCES[kind]
    origin = Origin(code, name, conn.scalars(text("SELECT current_date")).one(), user, area)
    _ensure_believed(conn, kind, origin)
    batch_id = _open_batch(conn, kind, origin, note, len(values))
    name_ids(conn, "golden_id", "SELECT unnest(CAST(:ids AS bigint[]))", {"ids": list(values)})
    keep_base_records(conn)
    for household, fields in sorted(values.items()):
        _record(conn, household, batch_id, origin, fields)
    refresh_households(conn)
    return batch_id


def verify_households(
    conn: Connection,
    ids: Sequence[int],
    status: str,
    decree_number: str,
    decree_date: date,
    *,
    user: str,
    area: str | None = None,
    note: str | None = None,
) -> int:
    """Enter the decision of a village task force, by its decree (the UGDK's validation).

    Parameters
    ----------
    conn
        As the owner, in a transaction.
    ids
        Of the households.
    status
        One of :data:`TRANSITIONS`.
    decree_number, decree_date
        Of the decree (surat keputusan).
    user, area
        Who enters it, and the area they may write in.
    note
        A remark.

    Returns
    -------
    int
        Id of the batch, which can be taken back.

    Raises
    ------
    InvalidAct
        When the decree is missing or lies in the future, the status can't follow on the present
        one, or a household lies outside the area.
    """
    chosen = sorted(set(ids))
    _check_decree(conn, status, decree_number, decree_date)
    _require_inside(conn, chosen, area)
    _check_transitions(conn, chosen, status)
    batch_id = write_act(
        conn,
        "verification",
        {household: {"status": status} for household in chosen},
        user=user,
        area=area,
        note=decree_number.strip(),
    )
    conn.execute(
        text("""
        INSERT INTO verification (household_id, batch_id, status, decree_number, decree_date, note,
                                  user_name)
        SELECT id, :batch, :status, :number, :day, :note, :user
        FROM unnest(CAST(:ids AS bigint[])) AS id
        """),
        {"batch": batch_id, "status": status, "number": decree_number.strip(), "day": decree_date,
         "note": note, "user": user, "ids": chosen},
    )  # fmt: skip
    return batch_id


def _check_decree(conn: Connection, status: str, number: str, day: date) -> None:
    if status not in TRANSITIONS:
        raise InvalidAct(_UNKNOWN_STATUS)
    if not number.strip():
        raise InvalidAct(_NO_DECREE)
    # Today in the east of the country, where the day begins first.
    today = conn.scalars(text("SELECT CAST(now() AT TIME ZONE 'Asia/Jayapura' AS date)")).one()
    if day > today:
        raise InvalidAct(_FUTURE)


def _check_transitions(conn: Connection, ids: list[int], status: str) -> None:
    allowed = [before for before, after in TRANSITIONS.items() if status in after]
    wrong = conn.scalars(
        text(
            "SELECT count(*) FROM household"
            " WHERE id = ANY (:ids) AND NOT status = ANY (CAST(:allowed AS text[]))"
        ),
        {"ids": ids, "allowed": allowed},
    ).one()
    if wrong:
        raise InvalidAct(_BAD_TRANSITION, count=wrong)


def _require_inside(conn: Connection, ids: list[int], area: str | None) -> None:
    if not ids:
        raise InvalidAct(_NOBODY)
    inside = conn.scalars(
        text(
            "SELECT id FROM household WHERE id = ANY (:ids) AND (CAST(:area AS text) IS NULL"
            " OR starts_with(area_code || '.', :area || '.')) ORDER BY id FOR UPDATE"
        ),
        {"ids": ids, "area": area},
    ).all()
    if len(inside) < len(set(ids)):
        raise InvalidAct(_OUTSIDE, count=len(set(ids)) - len(inside))


def _ensure_believed(conn: Connection, kind: ActKind, origin: Origin) -> None:
    """Enter the source of the acts; it is believed before files, until that is set otherwise."""
    is_known = conn.scalar(text("SELECT 1 FROM source WHERE code = :code"), {"code": origin.code})
    ensure_source(conn, "verification" if kind == "verification" else "survey", origin)
    if is_known:
        return
    # What is decided about invented families is invented, too; the demo stays one.
    conn.execute(
        text("""
        UPDATE source SET is_synthetic = true WHERE code = :code AND NOT EXISTS (
            SELECT FROM source WHERE kind <> 'boundary' AND NOT is_synthetic AND code <> :code)
        """),
        {"code": origin.code},
    )
    for field in _SOURCES[kind][2]:
        conn.execute(
            text("INSERT INTO field_precedence (field, source, rank) VALUES (:f, :s, 1)"),
            {"f": field, "s": origin.code},
        )


def _open_batch(conn: Connection, kind: str, origin: Origin, note: str, count: int) -> int:
    ledger = Ledger()
    ledger.count("matched", count)
    values = {
        "kind": kind, "file_name": note, "sha256": hashlib.sha256(note.encode()).hexdigest(),
        "source": origin.code, "as_of": origin.as_of, "user_name": origin.user,
        "area_code": origin.area, "ledger": ledger.as_dict(),
    }  # fmt: skip
    return conn.scalars(insert(ImportBatch).returning(ImportBatch.id), values).one()


def _record(
    conn: Connection, household: int, batch_id: int, origin: Origin, fields: Mapping[str, Any]
) -> None:
    unknown = fields.keys() - {*HOUSEHOLD_FIELDS, *POSITION_FIELDS}
    if unknown:
        raise ValueError(f"No fields of a household: {sorted(unknown)}")
    names = ", ".join(fields)
    values = ", ".join(
        f"ST_GeomFromEWKT(:{name})" if name == "location" else f":{name}" for name in fields
    )
    conn.execute(
        text(f"""
        INSERT INTO household_record (household_id, batch_id, source, as_of, {names})
        VALUES (:household_, :batch_, :source_, :as_of_, {values})
        """),
        {**fields, "household_": household, "batch_": batch_id, "source_": origin.code,
         "as_of_": origin.as_of},
    )  # fmt: skip
