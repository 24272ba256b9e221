"""The check of each kind of file, made as its importer makes it, for the preview of a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial

from sqlalchemy import Connection

from db.registers import stats
from db.registers.aid import _programme_codes
from db.registers.check_aid import AidChecker
from db.registers.check_households import HouseholdChecker
from db.registers.check_persons import PersonChecker
from db.registers.check_points import PointChecker
from db.registers.files import Table
from db.registers.formats import FORMATS, Format
from db.registers.households import _need_bits, _programme_bits
from db.registers.places import Places
from db.registers.suggesting import Check

FORMATS_OF_KIND: Mapping[str, Sequence[Format]] = {**FORMATS, "stats": stats.FORMATS}
"""The formats that a file of each kind may have."""


def make_check(
    conn: Connection,
    kind: str,
    as_of: date,
    *,
    programme_code: str | None = None,
    period: str | None = None,
) -> Callable[[Table], Check]:
    """Return what makes the check of a table's rows. It reads the register, and writes nothing.

    Parameters
    ----------
    conn
        Of whoever looks at the file.
    kind
        A key of :data:`FORMATS_OF_KIND`.
    as_of
        Date of the file.
    programme_code, period
        Of a list of aid that doesn't name them in its rows.
    """

    def make(table: Table) -> Check:
        form = table.format
        if kind == "households":
            return HouseholdChecker(
                Places.load(conn),
                _need_bits(conn),
                form,
                programme_bits=_programme_bits(conn),
                as_of=as_of,
            ).check
        if kind == "aid":
            places = Places.load(conn) if form.get_field("area_code") else None
            return AidChecker(
                _programme_codes(conn),
                form,
                places=places,
                programme_code=programme_code,
                period=period,
                as_of=as_of,
            ).check
        if kind == "points":
            return PointChecker(Places.load(conn), form, as_of=as_of).check
        if kind == "stats":
            return partial(stats._check, conn, table)
        return PersonChecker(Places.load(conn), form, as_of=as_of).check

    return make
