"""What pages are told of plans."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from db.queries.sources import SourceNote
from geo.errors import MapError
from geo.plan_settings import PlanSettings
from geo.text import N_

PAGE_SIZE = 50


class PlanNotFound(MapError):
    """A plan that does not exist, or that the viewer may not see; both answer alike."""

    status = 404

    def __init__(self, plan_id: int) -> None:
        super().__init__(N_("Rencana nomor {id} tidak ditemukan."), id=plan_id)


@dataclass(frozen=True, slots=True)
class PlanResult:
    """What a plan's last computing gave.

    Attributes
    ----------
    computed_at, day
        When, and the day for which rules and ages were judged.
    rule_version
        Of the programme's rule.
    candidates
        Households that are eligible, not served, and not promised by another plan.
    places, targets, left
        Places there are, places given, and places that nobody got; ``places = targets + left``.
    amount_idr
        Of all targets; None without a unit cost.
    notes
        What has to be said of it, as data: ``geo.plan_notes.describe_note`` makes sentences.
    sources
        Registers that it was computed from, as of when they were then.
    villages
        Per desa that has candidates or places: ``{"area": code, "candidates": n, "places": n}``.
    """

    computed_at: datetime
    day: date
    rule_version: int
    candidates: int
    places: int
    targets: int
    left: int
    amount_idr: int | None
    notes: tuple[Mapping[str, Any], ...]
    sources: tuple[SourceNote, ...]
    villages: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A plan in the list of plans."""

    id: int
    name: str
    programme: str
    programme_name: str
    area: str | None
    area_name: str | None
    period: str
    state: str
    revision: int
    quota: int | None
    budget_idr: int | None
    targets: int
    amount_idr: int | None
    due_on: date | None
    outcomes: Mapping[str, int]
    created_by: str
    edited_by: str
    edited_at: datetime


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan.

    Attributes
    ----------
    area, area_name
        For whom it is; None is everything that is loaded.
    state
        One of ``db.models.plans.PLAN_STATES``.
    revision
        Counts every change; a change must name the revision that it was made on.
    result
        None until it was computed, after settings were changed, and for roles that see a part of
        the list only.
    list_hash
        SHA-256 of the frozen list, from proposing on.
    edited_by
        Who changed settings or list last; may not approve.
    outcomes
        Number of targets by outcome of delivery; those without one are under ``""``.
    """

    id: int
    name: str
    programme: str
    programme_name: str
    agency: str
    area: str | None
    area_name: str | None
    settings: PlanSettings
    state: str
    revision: int
    result: PlanResult | None
    list_hash: str | None
    created_by: str
    created_at: datetime
    edited_by: str
    edited_at: datetime
    proposed_by: str | None
    proposed_at: datetime | None
    approved_by: str | None
    approved_at: datetime | None
    decree_number: str | None
    decree_date: date | None
    closed_at: datetime | None
    outcomes: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class TargetLine:
    """One household of a plan's list, as far as the viewer may know it.

    ``reasons`` is data, and ``geo.plan_notes.describe_reasons`` makes sentences of it; None for
    those whose business it isn't.
    """

    rank: int
    household: int
    name: str
    nik: str | None
    kk: str | None
    address: str | None
    rt: str | None
    rw: str | None
    area_code: str
    desa: str
    kecamatan: str
    amount_idr: int | None
    reasons: Mapping[str, Any] | None
    outcome: str | None
    outcome_on: date | None


@dataclass(frozen=True, slots=True)
class TargetPage:
    """A page of a plan's list: its lines, and how many there are in all."""

    lines: tuple[TargetLine, ...]
    page: int
    total: int

    @property
    def has_more(self) -> bool:
        """Whether there is a page after this one."""
        return self.page * PAGE_SIZE < self.total


@dataclass(frozen=True, slots=True)
class PlanChange:
    """One thing that was done to a plan.

    ``act`` is create, save, compute, propose, withdraw, approve, return, start, close, copy,
    hand_over or revoke. ``detail`` holds the ``revision`` after it, a ``note`` where one was
    written, and what changed, as codes and numbers.
    """

    id: int
    at: datetime
    user: str
    act: str
    detail: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class CoverageLine:
    """How many of an area's entitled households are served, before and after a plan.

    Attributes
    ----------
    base
        Households that are eligible or served.
    served
        Of these, those served already.
    targets
        Those whom the plan adds.
    """

    area: str
    name: str
    base: int
    served: int
    targets: int

    @property
    def before_pct(self) -> float | None:
        """Share served today; None where nobody is entitled."""
        return 100 * self.served / self.base if self.base else None

    @property
    def after_pct(self) -> float | None:
        """Share served once the plan is carried out."""
        return 100 * (self.served + self.targets) / self.base if self.base else None


@dataclass(frozen=True, slots=True)
class ComparisonLine:
    """How many households of a kecamatan stand on both lists, or on one only."""

    area: str
    name: str
    both: int
    only_a: int
    only_b: int


@dataclass(frozen=True, slots=True)
class PlanComparison:
    """Two plans side by side."""

    a: Plan
    b: Plan
    both: int
    only_a: int
    only_b: int
    lines: tuple[ComparisonLine, ...]
