"""Drafts of plans: making, changing, copying and deleting them, each change by its revision.

Everything here runs as the owner, in the worker's transaction; the pages only ask for it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, bindparam, text
from sqlalchemy.dialects.postgresql import JSONB

from db.models.plans import PLAN_STATES
from db.plans.values import PlanNotFound
from geo.errors import MapError, StaleEdit
from geo.plan_settings import PlanSettings
from geo.text import N_

MOST_NAME = 120

_LOCK = text("""
    SELECT id, name, programme_code, area_code, settings, state, revision, rule_version, result,
           list_hash, proposed_by, edited_by, edited_at
    FROM plan WHERE id = :id FOR UPDATE
""")
_CREATE = text("""
    INSERT INTO plan (name, programme_code, area_code, settings, due_on, created_by, edited_by)
    VALUES (:name, :programme, :area, :settings, :due_on, :user, :user) RETURNING id
""").bindparams(bindparam("settings", type_=JSONB))
_SAVE = text("""
    UPDATE plan SET name = :name, area_code = :area, settings = :settings, due_on = :due_on,
           edited_by = :user, edited_at = clock_timestamp(), rule = NULL, rule_version = NULL,
           day = NULL, data_version = NULL, computed_at = NULL, result = NULL
    WHERE id = :id
""").bindparams(bindparam("settings", type_=JSONB))
_EMPTY = text("DELETE FROM plan_target WHERE plan_id = :id")
_DELETE = text("DELETE FROM plan WHERE id = :id")
_REVISE = text("UPDATE plan SET revision = revision + 1 WHERE id = :id RETURNING revision")
_CHANGE = text("""
    INSERT INTO plan_change (plan_id, act, user_name, detail) VALUES (:plan, :act, :user, :detail)
""").bindparams(bindparam("detail", type_=JSONB))
_LAST_CHANGE = text("""
    SELECT user_name, at FROM plan_change WHERE plan_id = :id ORDER BY id DESC LIMIT 1
""")
_KNOWN = text("""
    SELECT (SELECT eligibility IS NOT NULL FROM programme WHERE code = :programme) AS has_rule,
           CAST(:area AS text) IS NULL
           OR EXISTS (SELECT FROM admin_area WHERE code = :area) AS has_area
""")
_REFRESH = text("SELECT refresh_plan_flags(:id), bump_data_version('register')")

_STATE_WORDS: Mapping[str, str] = {
    "draft": N_("masih draf"),
    "proposed": N_("sudah diusulkan"),
    "approved": N_("sudah disetujui"),
    "running": N_("sedang berjalan"),
    "closed": N_("sudah ditutup"),
}
assert set(_STATE_WORDS) == set(PLAN_STATES)


class PlanRefused(MapError):
    """Something that can't be done with a plan as it is."""

    status = 409


def create_plan(
    conn: Connection,
    *,
    name: str,
    programme: str,
    area: str | None,
    settings: PlanSettings,
    user: str,
) -> int:
    """Make a draft and return its number.

    Parameters
    ----------
    conn
        As the owner, in a transaction.
    name
        1 to 120 letters.
    programme
        Code of a programme that has a rule.
    area
        Kemendagri code; None is everything that is loaded.
    settings
        What it is asked to do.
    user
        Who makes it.

    Raises
    ------
    PlanRefused
        When the name is empty or too long, or there is no such programme, rule or area.
    """
    kept = {"name": _check_name(name), "programme": programme, "area": area}
    _check_known(conn, programme, area)
    plan_id = int(conn.execute(_CREATE, kept | _settings(settings) | {"user": user}).scalar_one())
    note_change(conn, plan_id, "create", user, {"revision": 1})
    return plan_id


def save_plan(
    conn: Connection,
    plan_id: int,
    revision: int,
    *,
    name: str,
    area: str | None,
    settings: PlanSettings,
    user: str,
) -> int:
    """Change a draft; its list has to be computed again.

    Returns
    -------
    int
        The new revision.

    Raises
    ------
    PlanNotFound, StaleEdit, PlanRefused
        When it is gone, was changed meanwhile, is no draft, or as for :func:`create_plan`.
    """
    plan = take_plan(conn, plan_id, revision, ("draft",))
    _check_known(conn, plan.programme_code, area)
    kept = {"id": plan_id, "name": _check_name(name), "area": area, "user": user}
    conn.execute(_SAVE, kept | _settings(settings))
    empty_list(conn, plan_id)
    refresh_flags(conn, plan_id)
    before = dict(plan.settings) | {"name": plan.name, "area": plan.area_code}
    after = settings.to_json() | {"name": kept["name"], "area": area}
    changed = {key: [before.get(key), after[key]] for key in after if before.get(key) != after[key]}
    return revise(conn, plan_id, "save", user, {"changed": changed})


def copy_plan(conn: Connection, plan_id: int, *, name: str, user: str) -> int:
    """Make a draft with the settings of another plan, in whatever state that is."""
    plan = conn.execute(_LOCK, {"id": plan_id}).one_or_none()
    if plan is None:
        raise PlanNotFound(plan_id)
    kept = {"name": _check_name(name), "programme": plan.programme_code, "area": plan.area_code}
    row = kept | {"settings": plan.settings | {"due_on": None}, "due_on": None, "user": user}
    made = int(conn.execute(_CREATE, row).scalar_one())
    note_change(conn, made, "copy", user, {"revision": 1, "of": plan_id})
    return made


def delete_plan(conn: Connection, plan_id: int, revision: int) -> None:
    """Delete a draft with its list and history.

    Raises
    ------
    PlanNotFound, StaleEdit, PlanRefused
        As for :func:`save_plan`.
    """
    take_plan(conn, plan_id, revision, ("draft",))
    conn.execute(_DELETE, {"id": plan_id})
    refresh_flags(conn, plan_id)


def take_plan(conn: Connection, plan_id: int, revision: int, states: Sequence[str]) -> Row[Any]:
    """Lock a plan that is about to change, as long as the transaction lasts.

    Parameters
    ----------
    conn
        As the owner, in a transaction.
    plan_id
        Which one.
    revision
        That whoever asks had before them.
    states
        In which the change can be made.

    Raises
    ------
    PlanNotFound
        When there is none.
    StaleEdit
        When somebody changed it meanwhile.
    PlanRefused
        When it is in another state.
    """
    plan = conn.execute(_LOCK, {"id": plan_id}).one_or_none()
    if plan is None:
        raise PlanNotFound(plan_id)
    if plan.revision != revision:
        last = conn.execute(_LAST_CHANGE, {"id": plan_id}).one()
        raise StaleEdit(last.user_name, f"{last.at:%d-%m-%Y %H:%M} UTC")
    if plan.state not in states:
        raise PlanRefused(
            N_("Rencana ini {state}, jadi hal itu tidak dapat dilakukan."),
            state=_STATE_WORDS[plan.state],
        )
    return plan


def revise(conn: Connection, plan_id: int, act: str, user: str, detail: Mapping[str, Any]) -> int:
    """Count a change of a plan and write it into its history; return the new revision."""
    revision = int(conn.execute(_REVISE, {"id": plan_id}).scalar_one())
    note_change(conn, plan_id, act, user, {"revision": revision, **detail})
    return revision


def note_change(
    conn: Connection, plan_id: int, act: str, user: str, detail: Mapping[str, Any]
) -> None:
    """Write into a plan's history what was done; ``detail`` holds codes and numbers."""
    conn.execute(_CHANGE, {"plan": plan_id, "act": act, "user": user, "detail": dict(detail)})


def empty_list(conn: Connection, plan_id: int) -> None:
    """Take every household off a draft's list; :func:`refresh_flags` has to follow."""
    conn.execute(_EMPTY, {"id": plan_id})


def refresh_flags(conn: Connection, plan_id: int) -> None:
    """Let filters and tiles follow a plan's list."""
    conn.execute(_REFRESH, {"id": plan_id})


def _settings(settings: PlanSettings) -> dict[str, Any]:
    return {"settings": settings.to_json(), "due_on": settings.due_on}


def _check_name(name: str) -> str:
    kept = " ".join(name.split())
    if not 1 <= len(kept) <= MOST_NAME or not kept.isprintable():
        raise PlanRefused(N_("Beri nama rencana, 1 sampai 120 huruf."))
    return kept


def _check_known(conn: Connection, programme: str, area: str | None) -> None:
    known = conn.execute(_KNOWN, {"programme": programme, "area": area}).one()
    if known.has_rule is None:
        raise PlanRefused(N_("Program “{code}” tidak dikenal."), code=programme[:40])
    if not known.has_rule:
        raise PlanRefused(N_("Program ini belum mempunyai aturan, jadi tidak ada yang berhak."))
    if not known.has_area:
        raise PlanRefused(N_("Wilayah “{code}” tidak dikenal."), code=str(area)[:40])
