"""What rules name, and what filters by gap, question and plan are called, for chips and files."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection

from dashboard.components.cells import name_need
from dashboard.words import Words
from db.queries.catalogue import list_needs, list_programmes
from db.queries.rule_filters import find_plan_name, find_question
from geo.gaps import TITLES, split_gap
from geo.rules import Names, describe_rule, parse_rule
from geo.text import N_
from geo.view import View

_MOST_LETTERS = 90


def name_rule_filters(conn: Connection, view: View, words: Words) -> Mapping[str, str]:
    """Return the name of each such filter by its value in the view; what is not there is left out.

    Parameters
    ----------
    conn
        Connection in the viewer's name.
    view
        Its ``gap``, ``question`` and ``plan``.
    words
        The reader's language.
    """
    named = {
        view.gap: _name_gap(conn, view.gap, words) if view.gap else "",
        view.question: _name_question(conn, view.question, words) if view.question else "",
        view.plan: _name_plan(conn, view, words),
    }
    return {value: name for value, name in named.items() if value and name}


def read_names(conn: Connection, words: Words) -> Names:
    """Return what programmes and needs are called in the reader's language."""
    programmes = {item.code: item.name for item in list_programmes(conn)}
    needs = {item.code: name_need(item, words) for item in list_needs(conn)}
    return Names(programmes, needs)


def _name_gap(conn: Connection, gap: str, words: Words) -> str:
    code, cell = split_gap(gap)
    name = next((one.name for one in list_programmes(conn) if one.code == code), code)
    return f"{name}, {words.say(TITLES[cell]).lower()}"


def _name_question(conn: Connection, key: str, words: Words) -> str:
    """Say what was asked; a long question ends in dots, its page has all of it."""
    found = find_question(conn, key)
    if found is None:
        return ""
    names = read_names(conn, words)
    rule = parse_rule(found, programmes=names.programmes, needs=names.needs)
    parts = []
    for part in describe_rule(rule, names):
        said = "; ".join(words.say_phrase(one) for one in part.conditions)
        parts.append(said if part.list == "all" else f"{words.say_phrase(part.heading)}: {said}")
    text = "; ".join(parts)
    return text if len(text) <= _MOST_LETTERS else f"{text[: _MOST_LETTERS - 1].rstrip()}…"


def _name_plan(conn: Connection, view: View, words: Words) -> str:
    if view.plan is None or view.plan_number is None:
        return ""
    name = find_plan_name(conn, view.plan_number) or ""
    if name and view.plan.endswith(":left"):
        return words.say(N_("{plan}, belum disalurkan"), plan=name)
    return name
