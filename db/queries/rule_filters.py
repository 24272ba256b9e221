"""What a view's filters by question and plan stand for, as far as its viewer may see them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, select

from db.models import Plan, Question


def find_question(conn: Connection, key: str) -> Mapping[str, Any] | None:
    """Return the JSON of a question's rule; None where it is not there for this viewer."""
    rule: Mapping[str, Any] | None = conn.scalar(select(Question.rule).where(Question.key == key))
    return rule


def find_plan_name(conn: Connection, number: int) -> str | None:
    """Return the name of a plan; None where it is not there for this viewer."""
    name: str | None = conn.scalar(select(Plan.name).where(Plan.id == number))
    return name
