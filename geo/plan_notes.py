"""What has to be said of a plan and of each of its ranks: first as data, then as sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from geo.plan_settings import PlanSettings
from geo.text import N_, Phrase

_NOTES: Mapping[str, str] = {
    "few_candidates": N_(
        "Ada {places} tempat, tetapi hanya {candidates} keluarga yang berhak dan belum dilayani:"
        " {left} tempat tidak terpakai."
    ),
    "most_reached": N_(
        "{villages} desa sudah sampai pada jatah paling banyak ({most}): {left} tempat tidak"
        " terpakai."
    ),
    "floor_short": N_(
        "{villages} desa mempunyai calon lebih sedikit daripada jatah paling sedikit ({floor});"
        " sisanya dibagikan kepada desa lain selama masih ada calon."
    ),
    "floor_cut": N_(
        "Jatah paling sedikit ({floor} per desa) membutuhkan {needed} tempat, tetapi hanya ada"
        " {places}; semua desa mendapat kurang, sebanding dengan cara membaginya."
    ),
    "no_candidates": N_("{villages} desa tidak mempunyai calon dan tidak mendapat tempat."),
    "money_left": N_("Sisa anggaran {amount} rupiah tidak terpakai."),
}
_DECIDED: Mapping[str, str] = {
    "first": N_("Di bawah yang didahulukan aturan program"),
    "score": N_("Nilainya lebih rendah daripada urutan sebelumnya"),
    "decile": N_("Nilai sama dengan urutan sebelumnya; desilnya lebih tinggi"),
    "needs": N_("Nilai sama dengan urutan sebelumnya; kebutuhannya lebih sedikit"),
    "waiting": N_("Nilai sama dengan urutan sebelumnya; menunggu lebih singkat"),
    "members": N_("Nilai sama dengan urutan sebelumnya; anggotanya lebih sedikit"),
    "lot": N_("Sama dalam segala hal dengan urutan sebelumnya; ditentukan undian"),
}


def list_notes(
    settings: PlanSettings, candidates: Mapping[str, int], places: Mapping[str, int]
) -> list[dict[str, Any]]:
    """Return what has to be said of a plan, as data that can be kept as JSON.

    Parameters
    ----------
    settings
        Of the plan.
    candidates
        Their number in every desa of the plan, also where there are none.
    places
        Places given in every desa.

    Returns
    -------
    list of dict
        Each with its ``kind``. The ``left`` of all of them add up to the places that nobody got.
    """
    notes: list[dict[str, Any]] = []
    total, given = sum(candidates.values()), sum(places.values())
    lacking = max(0, settings.places - total)
    if lacking:
        few = {"places": settings.places, "candidates": total, "left": lacking}
        notes.append({"kind": "few_candidates", **few})
    if settings.split.by != "none":
        notes.extend(_of_split(settings, candidates, settings.places - given - lacking))
    if settings.budget_idr is not None and settings.unit_cost_idr is not None:
        amount = settings.budget_idr - given * settings.unit_cost_idr
        if amount:
            notes.append({"kind": "money_left", "amount": amount})
    return notes


def describe_note(note: Mapping[str, Any]) -> Phrase:
    """Return the sentence of a note."""
    return Phrase(_NOTES[note["kind"]], {key: note[key] for key in note if key != "kind"})


def describe_reasons(reasons: Mapping[str, Any]) -> tuple[Phrase, ...]:
    """Return the sentences that say why a household has its rank.

    Parameters
    ----------
    reasons
        From :func:`geo.ranking.explain`.
    """
    said = [Phrase(N_("Didahulukan aturan program"))] if reasons["first"] else []
    said.append(Phrase(N_("Nilai {score}"), {"score": reasons["score"]}))
    if reasons["decile"] is None:
        said.append(Phrase(N_("Desil tidak diketahui")))
    else:
        said.append(Phrase(N_("Desil {decile}"), {"decile": reasons["decile"]}))
    said.append(Phrase(N_("{needs} kebutuhan"), {"needs": reasons["needs"]}))
    said.append(Phrase(N_("Menunggu sejak {day}"), {"day": reasons["waiting_since"]}))
    said.append(Phrase(N_("{members} anggota"), {"members": reasons["members"]}))
    if "place" in reasons:
        fields = {"place": reasons["place"], "places": reasons["places"]}
        said.append(Phrase(N_("Urutan {place} dari {places} jatah desa"), fields))
    if reasons["decided_by"] is not None:
        said.append(Phrase(_DECIDED[reasons["decided_by"]]))
    return tuple(said)


def _of_split(
    settings: PlanSettings, candidates: Mapping[str, int], left: int
) -> list[dict[str, Any]]:
    notes: list[dict[str, Any]] = []
    floor, most = settings.split.floor, settings.split.most
    if left:
        full = sum(1 for count in candidates.values() if most is not None and count > most)
        notes.append({"kind": "most_reached", "most": most, "villages": full, "left": left})
    short = sum(1 for count in candidates.values() if 0 < count < floor)
    if short:
        notes.append({"kind": "floor_short", "floor": floor, "villages": short})
    needed = sum(min(floor, count) for count in candidates.values())
    if needed > settings.places:
        cut = {"floor": floor, "needed": needed, "places": settings.places}
        notes.append({"kind": "floor_cut", **cut})
    empty = sum(1 for count in candidates.values() if not count)
    if empty:
        notes.append({"kind": "no_candidates", "villages": empty})
    return notes
