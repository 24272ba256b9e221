"""Ready questions to begin with: each is a rule that its reader may change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from geo.text import N_

_OLD = 60
_SCHOOL = {"age_min": 7, "age_max": 18}


@dataclass(frozen=True, slots=True)
class Example:
    """A ready question.

    Attributes
    ----------
    key
        Stands in the address.
    title
        To be translated.
    rule
        What it asks, as data.
    """

    key: str
    title: str
    rule: dict[str, Any]


def _head(field: str, *values: str) -> dict[str, Any]:
    if len(values) == 1:
        return {"field": f"head_{field}", "op": "=", "value": values[0]}
    return {"field": f"head_{field}", "op": "in", "value": list(values)}


def list_examples(programmes: Sequence[str]) -> tuple[Example, ...]:
    """Return the ready questions of a register with these programmes."""
    never = [{"no_aid": code} for code in programmes]
    no_cash = [{"no_aid": code, "years": 1} for code in ("pkh", "bpnt") if code in programmes]
    return (
        Example(
            "widows",
            N_("Janda yang menjadi kepala keluarga"),
            {"all": [_head("sex", "female"), _head("marital_status", "divorced", "widowed")]},
        ),
        Example(
            "disabled",
            N_("Penyandang disabilitas tanpa PKH dan BPNT"),
            {"all": [{"member": {"disability": True}}, *no_cash]},
        ),
        Example(
            "elderly",
            N_("Lansia yang tinggal sendiri"),
            {
                "all": [
                    {"field": "member_count", "op": "=", "value": 1},
                    {"field": "head_age", "op": ">=", "value": _OLD},
                ]
            },
        ),
        Example(
            "school",
            N_("Anak usia sekolah yang putus sekolah"),
            {"all": [{"member": {**_SCHOOL, "schooling": "dropped_out"}}]},
        ),
        Example(
            "poorest",
            N_("Desil 1 yang belum pernah dibantu"),
            {"all": [{"field": "decile", "op": "=", "value": 1}, *never]},
        ),
        Example(
            "mothers",
            N_("Perempuan kepala keluarga dengan balita"),
            {"all": [_head("sex", "female"), {"member": {"age_max": 4}}]},
        ),
        Example(
            "ill",
            N_("Sakit menahun tanpa jaminan kesehatan"),
            {"all": [{"member": {"chronic_illness": True}}, {"need": "health_insurance"}]},
        ),
        Example(
            "house",
            N_("Lantai tanah dan tanpa jamban sendiri"),
            {
                "all": [
                    {"field": "floor_material", "op": "=", "value": "earth"},
                    {"field": "toilet", "op": "!=", "value": "own"},
                ]
            },
        ),
    )
