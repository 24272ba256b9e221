"""The live count of a rule, and questions that become filters of the map."""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, text
from sqlalchemy.dialects.postgresql import JSONB

from db.queries.catalogue import list_needs, list_programmes
from db.queries.rule_filters import find_question
from geo.errors import AccessDenied, InvalidView
from geo.rules import Rule, parse_rule
from geo.text import N_

_NOT_YOURS = N_("Peran Anda tidak boleh bertanya tentang wilayah ini.")
_COUNT = text("SELECT count_rule(:rule, :area)").bindparams(bindparam("rule", type_=JSONB))
_OPEN = text("SELECT open_question(:rule)").bindparams(bindparam("rule", type_=JSONB))


def read_rule(conn: Connection, data: object) -> Rule:
    """Read a rule from JSON against the programmes and needs of the database.

    Raises
    ------
    InvalidRule
        See :func:`geo.rules.parse_rule`.
    """
    programmes, needs = list_codes(conn)
    return parse_rule(data, programmes=programmes, needs=needs)


def list_codes(conn: Connection) -> tuple[set[str], set[str]]:
    """Return the codes of programmes and of needs that a rule may name."""
    return (
        {item.code for item in list_programmes(conn)},
        {item.code for item in list_needs(conn)},
    )


def count_rule(conn: Connection, rule: Rule, area: str | None = None) -> int:
    """Count the households that a rule is true of, as the rows are now.

    Counted are the families that the register holds as poor (unverified or verified), as the map
    counts them when it opens; a rule that names a status itself decides which.

    Parameters
    ----------
    conn
        Connection in the viewer's name.
    rule
        Its ``first`` doesn't matter.
    area
        Inside the viewer's rights; None is all that they reach over.

    Raises
    ------
    AccessDenied
        403 when the role asks no questions, or the area lies outside its rights.
    """
    counted = conn.scalar(_COUNT, {"rule": rule.to_json(), "area": area})
    if counted is None:
        raise AccessDenied(_NOT_YOURS, status=403)
    return int(counted)


def open_question(conn: Connection, rule: Rule) -> str:
    """Make a rule a filter of the map, and return the key it has in a view's ``question``.

    Questions that are kept in no saved view and were not looked at for long make room for others.

    Parameters
    ----------
    conn
        Connection that may write, in the viewer's name.
    rule
        Its ``first`` is left out.

    Raises
    ------
    AccessDenied
        403 when the role asks no questions.
    """
    asked = {name: value for name, value in rule.to_json().items() if name != "first"}
    key = conn.scalar(_OPEN, {"rule": asked})
    if key is None:
        raise AccessDenied(_NOT_YOURS, status=403)
    return str(key)


def get_question(conn: Connection, key: str) -> Rule:
    """Return the rule that a question's key stands for.

    Raises
    ------
    InvalidView
        When nobody asked it, it has made room for others, or the role asks no questions.
    """
    data = find_question(conn, key)
    if data is None:
        raise InvalidView(N_("Pertanyaan ini tidak dikenal atau sudah lama. Ajukan lagi."))
    return read_rule(conn, data)
