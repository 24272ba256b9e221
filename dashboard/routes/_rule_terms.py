"""The rest of an edited rule: how long one is served, what rules it out, and why it is changed."""

from __future__ import annotations

from collections.abc import Sequence

from flask import request

from dashboard.pages.programme_rule import Edit
from dashboard.pages.rule_answer import Answer
from db.rules import LONGEST_NOTE, MOST_SERVED_YEARS
from geo.errors import MapError
from geo.rules import InvalidRule
from geo.text import N_

SHORTEST_NOTE = 5


def read_terms(answer: Answer, programmes: Sequence[str]) -> Edit:
    """Read the form round a rule.

    Parameters
    ----------
    answer
        The rule itself.
    programmes
        Codes of the others, which may rule this one out.
    """
    form = request.form
    years = form.get("served_years", "").strip()[:20]
    excludes = tuple(dict.fromkeys(form.getlist("excludes")))
    note = " ".join(form.get("note", "").replace("\0", "").split())[: LONGEST_NOTE + 1]
    version = form.get("base_version", "")
    faults: dict[str, MapError] = {}
    is_whole = years.isascii() and years.isdigit()
    if years and not (is_whole and 0 < int(years) <= MOST_SERVED_YEARS):
        faults["served_years"] = InvalidRule(
            N_("Isi lamanya dalam tahun, 1 sampai {limit}, atau kosongkan."),
            limit=MOST_SERVED_YEARS,
        )
    unknown = [code for code in excludes if code not in programmes]
    if unknown:
        faults["excludes"] = InvalidRule(
            N_("Program “{code}” tidak dikenal."), code=unknown[0][:40]
        )
    if not SHORTEST_NOTE <= len(note) <= LONGEST_NOTE:
        faults["note"] = InvalidRule(
            N_("Tuliskan alasan perubahan, {least} sampai {most} huruf."),
            least=SHORTEST_NOTE,
            most=LONGEST_NOTE,
        )
    is_number = version.isascii() and version.isdigit() and len(version) < 6
    return Edit(answer, years, excludes, note, int(version) if is_number else 0, faults)
