"""Which source each field of a household comes from, and what the other sources say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from sqlalchemy import Connection, text

from db.queries.sources import get_sources
from db.registers.golden import DEFAULT_RANK
from db.registers.origins import FieldOrigin, list_field_origins
from db.viewer import get_viewer

READERS = ("planner", "task_unit", "village_operator", "local")
"""Roles that compare the sources of a household; the views give others nothing."""

Why = Literal["precedence", "newest"]

GROUPS: Mapping[str, tuple[str, ...]] = {
    "identity": (
        "head_name", "kk", "address", "rt", "rw", "area_code", "decile", "member_count", "status",
    ),
    "housing": (
        "house_ownership", "floor_area_m2", "floor_material", "wall_material", "roof_material",
        "drinking_water", "lighting", "electricity_va", "cooking_fuel", "toilet",
    ),
    "position": ("location",),
}  # fmt: skip
"""Sections of the card and the fields that stand in them; members are a section of their own."""
_PERSON_FIELDS = ("name", "nik", "birth_date", "sex", "relationship", "life_status")

_OWN = text("SELECT source, as_of, batch_id FROM household WHERE id = :household")
_PERSONS = text("""
    SELECT * FROM person_record WHERE person_id = ANY(:persons)
    ORDER BY person_id, as_of DESC, batch_id DESC NULLS LAST, id DESC
""")
_PERSON_NAMES = text("SELECT id, name FROM person WHERE household_id = :household")
_OPEN_BATCHES = text("SELECT id FROM import_batch WHERE id = ANY(:batches)")
_RANKS = text("SELECT field, source, rank FROM field_precedence")


@dataclass(frozen=True, slots=True)
class Said:
    """What one source says of a field.

    Attributes
    ----------
    value
        As it is stored; a position is ``True``, since only that there is one is said.
    source, as_of, batch
        Name of the source, date and batch of its word; no batch for who may not look into it.
    is_winner
        Whether it is the value that the card shows.
    """

    value: Any
    source: str
    as_of: date
    batch: int | None
    is_winner: bool


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field that sources disagree about, the winner first.

    ``why`` says why it is believed; ``of`` is the name of the member the field is of.
    """

    field: str
    said: tuple[Said, ...]
    why: Why
    of: str | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """A source that fields of a section come from."""

    source: str
    as_of: date
    batch: int | None


@dataclass(frozen=True, slots=True)
class SectionSources:
    """Where the fields of a section come from, the source of most of them first."""

    origins: tuple[Origin, ...]
    conflicts: tuple[Conflict, ...]


def get_section_sources(conn: Connection, household: int) -> dict[str, SectionSources]:
    """Return the sources of each section of a card: those of :data:`GROUPS`, and ``members``.

    Empty for roles that don't compare sources. A household without source records is its own: all
    sections come from the one source.
    """
    if get_viewer(conn).role not in READERS:
        return {}
    own = conn.execute(_OWN, {"household": household}).one_or_none()
    if own is None:
        return {}
    origins = list_field_origins(conn, household)
    persons = _list_person_origins(conn, household)
    codes = {own.source, *(one.source for one in origins), *(one.source for _, one in persons)}
    names = {source.code: source.name for source in get_sources(conn, codes)}
    alone = FieldOrigin("", None, own.source, own.batch_id, own.as_of, True, False)
    every = [alone, *origins, *(one for _, one in persons)]
    batches = [one.batch_id for one in every if one.batch_id is not None]
    writer = _Writer(names, frozenset(conn.scalars(_OPEN_BATCHES, {"batches": batches})))
    # What no record speaks of, the first register had brought.
    first = min(origins, key=lambda one: one.as_of, default=alone)
    sections = {
        name: writer.make_section([(None, one) for one in origins if one.field in fields], first)
        for name, fields in GROUPS.items()
    }
    return sections | {"members": writer.make_section(persons, first)}


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes origins with the names of their sources and the batches that the viewer may open."""

    names: Mapping[str, str]
    open_batches: frozenset[int]

    def make_section(
        self, said: Iterable[tuple[str | None, FieldOrigin]], alone: FieldOrigin
    ) -> SectionSources:
        fields: dict[tuple[str | None, str], list[FieldOrigin]] = defaultdict(list)
        for of, one in said:
            fields[of, one.field].append(one)
        counts: dict[Origin, int] = defaultdict(int)
        conflicts = []
        for (of, field), lines in fields.items():
            winner = lines[0]
            counts[self._write_origin(winner)] += 1
            if any(line.value != winner.value for line in lines[1:]):
                why: Why = "precedence" if winner.is_ranked else "newest"
                conflicts.append(Conflict(field, tuple(map(self._write_said, lines)), why, of))
        origins = tuple(sorted(counts, key=lambda origin: -counts[origin]))
        return SectionSources(origins or (self._write_origin(alone),), tuple(conflicts))

    def _write_origin(self, one: FieldOrigin) -> Origin:
        return Origin(self.names[one.source], one.as_of, self._write_batch(one))

    def _write_said(self, one: FieldOrigin) -> Said:
        value = True if one.field == "location" else one.value
        name = self.names[one.source]
        return Said(value, name, one.as_of, self._write_batch(one), one.is_winner)

    def _write_batch(self, one: FieldOrigin) -> int | None:
        return one.batch_id if one.batch_id in self.open_batches else None


def _list_person_origins(conn: Connection, household: int) -> list[tuple[str | None, FieldOrigin]]:
    """List what each source says of each member, the believed one first, with the member's name."""
    members = conn.execute(_PERSON_NAMES, {"household": household})
    names: dict[int, str] = {row.id: row.name for row in members}
    ranks = {(field, source): rank for field, source, rank in conn.execute(_RANKS)}
    records: dict[int, list[Mapping[str, Any]]] = defaultdict(list)
    for row in conn.execute(_PERSONS, {"persons": list(names)}).mappings():
        records[row["person_id"]].append(dict(row))
    found: list[tuple[str | None, FieldOrigin]] = []
    for person, rows in records.items():
        for field in _PERSON_FIELDS:
            ordered = _order(rows, field, ranks)
            found += [
                (
                    names.get(person),
                    FieldOrigin(
                        field,
                        row[field],
                        row["source"],
                        row["batch_id"],
                        row["as_of"],
                        is_winner=place == 0,
                        is_ranked=(field, row["source"]) in ranks,
                    ),
                )
                for place, row in enumerate(ordered)
            ]
    return found


def _order(
    rows: Iterable[Mapping[str, Any]], field: str, ranks: Mapping[tuple[str, str], int]
) -> list[Mapping[str, Any]]:
    """Return the latest word of each source on a field, the believed one first."""
    latest: dict[str, Mapping[str, Any]] = {}
    for one in rows:  # the newest first
        if one[field] is not None:
            latest.setdefault(one["source"], one)
    # Sorting keeps the newest first among sources of one rank.
    return sorted(latest.values(), key=lambda one: ranks.get((field, one["source"]), DEFAULT_RANK))
