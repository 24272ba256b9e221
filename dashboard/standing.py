"""What a source line says: where figures come from, and whether unverified families count."""

from __future__ import annotations

from collections.abc import Iterable

from dashboard.words import Words
from db.queries.sources import SourceNote
from geo.text import N_
from geo.view import View

WITH = N_("Termasuk yang belum diverifikasi.")
WITHOUT = N_("Tanpa yang belum diverifikasi.")
ONLY = N_("Hanya yang belum diverifikasi.")


def say_sources(sources: Iterable[SourceNote], words: Words) -> str:
    """Name the sources, each once and as of its date, in a sentence."""
    named = dict.fromkeys(
        words.say(N_("{name}, per {day}"), name=source.name, day=words.day(source.as_of))
        for source in sources
    )
    return f"{words.say(N_('Sumber:'))} {'; '.join(named) or words.say(N_('belum ada data'))}."


def say_standing(view: View, sources: Iterable[SourceNote], words: Words) -> str:
    """Say whether unverified families are counted; nothing of figures that no register counts.

    Parameters
    ----------
    view
        What is looked at; its filter by status decides.
    sources
        Of the figures.
    words
        The reader's language.
    """
    if all(source.kind != "register" for source in sources):
        return ""
    if view.statuses == ("unverified",):
        return words.say(ONLY)
    return words.say(WITH if counts_unverified(view) else WITHOUT)


def counts_unverified(view: View) -> bool:
    """Whether unverified families are counted; no status chosen is no filter."""
    return not view.statuses or "unverified" in view.statuses
