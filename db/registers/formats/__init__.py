"""The formats that are understood, one file each; the header of a file tells which it has."""

from __future__ import annotations

from collections.abc import Mapping

from db.registers.formats import bdt, dtks, dtsen, dukcapil, kentongan, lists, p3ke
from db.registers.formats._format import (
    DIFFICULTY,
    FLAG,
    Codes,
    Field,
    Format,
    normalise_name,
)

FORMATS: Mapping[str, tuple[Format, ...]] = {
    "households": (
        *(kentongan.HOUSEHOLDS, p3ke.HOUSEHOLDS, dtsen.HOUSEHOLDS),
        *(dtks.HOUSEHOLDS, bdt.HOUSEHOLDS),
    ),
    "persons": (*(kentongan.PERSONS, p3ke.PERSONS, dtsen.PERSONS, dtks.PERSONS, bdt.PERSONS),),
    "aid": (kentongan.AID, lists.AID),
    "points": (kentongan.POINTS, lists.SURVEY),
    "population": (dukcapil.POPULATION,),
}
"""The formats of each kind of file. Of two that fit a header alike, the first is taken."""

__all__ = ["DIFFICULTY", "FLAG", "FORMATS", "Codes", "Field", "Format", "normalise_name"]
