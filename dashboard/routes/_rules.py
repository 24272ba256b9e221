"""What the routes of rules share: what a rule may name, one press of a button."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from flask import Response, jsonify, request
from sqlalchemy import Connection

from dashboard.pages.rule_answer import Answer
from dashboard.pages.rule_form import Draft, Row, is_kind, read_draft, read_rule
from dashboard.routes._answers import PRIVATE
from dashboard.routes._documents import read_words
from dashboard.routes._errors import answer_fault
from db.rules import count_rule
from geo.errors import MapError
from geo.rules import Names

_ADD = re.compile(r"add\.(all|any|none|first)")
_REMOVE = re.compile(r"remove\.(all|any|none|first)\.(\d{1,3})")


def read_filled_draft() -> Draft:
    """Read the rows of the form that was sent, after its button: one more, or one less.

    Raises
    ------
    InvalidRule
        When a group is full.
    """
    draft = read_draft(request.form)
    act = request.form.get("act", "")
    if found := _ADD.fullmatch(act):
        kind = request.form.get(act, "")
        return draft.with_row(found[1], Row(kind)) if is_kind(kind) else draft
    if found := _REMOVE.fullmatch(act):
        return draft.without_row(found[1], int(found[2]))
    return draft


def changes_rows() -> bool:
    """Whether the button that was pressed changes which controls there are."""
    act = request.form.get("act", "")
    return act == "draw" or bool(_ADD.fullmatch(act) or _REMOVE.fullmatch(act))


def answer_draft(
    conn: Connection,
    draft: Draft,
    names: Names,
    area: str | None,
    counted: str,
    *,
    own: str | None = None,
) -> Answer:
    """Read a draft and count whom it means."""
    reading = read_rule(
        draft, programmes=tuple(names.programmes), needs=tuple(names.needs), own=own
    )
    count = None if reading.rule is None else count_rule(conn, reading.rule, area)
    return Answer(draft, reading, count, counted)


def answer_json(write: Callable[[], Any]) -> Response:
    """Answer a request of ``assets/rule.mjs``; a fault is one sentence."""
    try:
        answer = jsonify(write())
    except MapError as error:
        return answer_fault(read_words().say_fault(error), error.status)
    answer.headers["Cache-Control"] = PRIVATE
    return answer
