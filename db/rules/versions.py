"""The rules of programmes: as they stand, and every version there was."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select, text
from sqlalchemy.dialects.postgresql import JSONB

from db.models import Programme
from db.models import ProgrammeRule as Version
from db.queries.catalogue import list_programmes
from db.rules.questions import list_codes
from geo.errors import AccessDenied, MapError, StaleEdit
from geo.rules import InvalidRule, Rule, parse_rule
from geo.text import N_

LONGEST_NOTE = 500
MOST_SERVED_YEARS = 50

_SAVE = text(
    "SELECT save_programme_rule(:code, :base_version, :rule, :served_years, :excludes, :note)"
).bindparams(bindparam("rule", type_=JSONB))


class ProgrammeNotFound(MapError):
    """A programme code that is not in the database."""

    status = 404

    def __init__(self, code: str) -> None:
        super().__init__(N_("Program dengan kode “{code}” tidak ditemukan."), code=code)


@dataclass(frozen=True, slots=True)
class ProgrammeRule:
    """One version of a programme's rule, and what is set beside it.

    Attributes
    ----------
    code, version
        Of the programme, and of its rule, counted from 1.
    rule
        None where the programme has no rule, or one that this program can't read.
    served_years
        For how many years a household counts as served; None is for good.
    excludes
        Programmes that a household should not get beside this one.
    saved_by, saved_at
        Who saved the version, and when; None before anybody did.
    note
        Why.
    """

    code: str
    version: int
    rule: Rule | None
    served_years: int | None
    excludes: tuple[str, ...]
    saved_by: str | None = None
    saved_at: datetime | None = None
    note: str | None = None


_CURRENT = select(
    Programme.code,
    Programme.rule_version,
    Programme.eligibility,
    Programme.served_years,
    Programme.excludes,
    Version.saved_by,
    Version.saved_at,
    Version.note,
).outerjoin(
    Version,
    (Version.programme_code == Programme.code) & (Version.version == Programme.rule_version),
)


def get_programme_rule(conn: Connection, code: str) -> ProgrammeRule:
    """Return the rule of a programme as it stands.

    Raises
    ------
    ProgrammeNotFound
        When there is no such programme.
    """
    row = conn.execute(_CURRENT.where(Programme.code == code)).one_or_none()
    if row is None:
        raise ProgrammeNotFound(code)
    return _make_rule(list_codes(conn), *row)


def list_programme_rules(conn: Connection) -> dict[str, ProgrammeRule]:
    """Return the rule of every programme as it stands, by its code."""
    codes = list_codes(conn)
    return {row[0]: _make_rule(codes, *row) for row in conn.execute(_CURRENT).all()}


def list_rule_versions(conn: Connection, code: str) -> tuple[ProgrammeRule, ...]:
    """Return every version of a programme's rule, the newest first."""
    columns = (
        Version.programme_code,
        Version.version,
        Version.rule,
        Version.served_years,
        Version.excludes,
        Version.saved_by,
        Version.saved_at,
        Version.note,
    )
    rows = conn.execute(
        select(*columns).where(Version.programme_code == code).order_by(Version.version.desc())
    ).all()
    codes = list_codes(conn)
    return tuple(_make_rule(codes, *row) for row in rows)


def _make_rule(
    codes: tuple[set[str], set[str]], code: str, version: int, data: object, *beside: Any
) -> ProgrammeRule:
    programmes, needs = codes
    served_years, excludes, *saved = beside
    try:
        rule = None
        if data is not None:
            rule = parse_rule(data, programmes=programmes, needs=needs, own=code)
    except InvalidRule:
        rule = None
    return ProgrammeRule(code, version, rule, served_years, tuple(excludes), *saved)


def save_programme_rule(
    conn: Connection,
    code: str,
    base_version: int,
    rule: Rule,
    *,
    served_years: int | None = None,
    excludes: Iterable[str] = (),
    note: str | None = None,
) -> int:
    """Save a new version of a programme's rule; from then on it decides who is eligible.

    Parameters
    ----------
    conn
        Connection that may write, in a planner's name.
    code
        Of the programme.
    base_version
        The version that the editor was opened with.
    rule
        Read with ``own=code``.
    served_years, excludes, note
        See :class:`ProgrammeRule`.

    Returns
    -------
    int
        The new version.

    Raises
    ------
    StaleEdit
        409 when somebody saved another version since; nothing was written.
    AccessDenied
        403 when the role may not.
    InvalidRule
        When the years, the excluded programmes or the note can't be.
    """
    known = {item.code for item in list_programmes(conn)}
    if code not in known:
        raise ProgrammeNotFound(code)
    excluded = sorted(set(excludes))
    _check_beside(code, known, served_years, excluded, note)
    version = conn.scalar(
        _SAVE,
        {
            "code": code,
            "base_version": base_version,
            "rule": rule.to_json(),
            "served_years": served_years,
            "excludes": excluded,
            "note": note.strip() or None if note else None,
        },
    )
    if version is None:
        latest = get_programme_rule(conn, code)
        raise StaleEdit(latest.saved_by or "–", f"{latest.saved_at:%d-%m-%Y %H:%M}")
    if version == 0:
        raise AccessDenied(N_("Hanya Bappeda yang boleh mengubah aturan program."), status=403)
    return int(version)


def _check_beside(
    code: str, known: set[str], served_years: int | None, excludes: list[str], note: str | None
) -> None:
    if served_years is not None and not 1 <= served_years <= MOST_SERVED_YEARS:
        raise InvalidRule(
            N_("Lama terhitung dilayani harus 1 sampai {most} tahun, atau kosong untuk selamanya."),
            most=MOST_SERVED_YEARS,
        )
    for other in excludes:
        if other not in known:
            raise InvalidRule(N_("Program “{what}” tidak dikenal."), what=other)
        if other == code:
            raise InvalidRule(N_("Satu program tidak dapat meniadakan dirinya sendiri."))
    if note is not None and len(note) > LONGEST_NOTE:
        raise InvalidRule(N_("Catatan paling panjang {most} huruf."), most=LONGEST_NOTE)
