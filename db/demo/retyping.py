"""A second file of an invented register, typed again by somebody else, with the truth beside it.

It measures the matching (docs/matching.md) and is what its tests run on. The rates are set by
hand: rows of poor families in village lists, worse than civil registration, better than a list
taken by telephone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
import pandas as pd

from db.demo.misspelling import NAME_HABITS, Chance, mistype_number, renumber
from db.demo.register import Register
from geo.matching import People
from geo.nik import WOMAN_DAY_OFFSET

COLUMNS = ("nik", "kk", "name", "birth_date", "sex", "address", "area_code")
NEW_SHARE = 0.2
_NEW_KINDS = {
    "stranger": 0.90, "neighbour": 0.04, "father_or_son": 0.03, "twin": 0.02, "card_mate": 0.01,
}  # fmt: skip
_TWIN_ENDINGS = ("Hasan", "Husen", "Lestari", "Santoso", "Utami")


@dataclass(frozen=True, slots=True)
class Retyped:
    """The second file.

    Attributes
    ----------
    rows
        The columns ``COLUMNS``, None where nothing was said.
    truth
        For each row the row of the register it is, -1 for a family that isn't in it.
    habits
        For each row what was done to it; of a new family what it is to one of the register.
    """

    rows: pd.DataFrame
    truth: np.ndarray
    habits: list[frozenset[str]]


@dataclass(slots=True)
class _Row:
    nik: str | None
    kk: str | None
    name: str
    birth_date: date | None
    sex: str
    address: str | None
    area_code: str
    habits: set[str] = field(default_factory=set)

    def values(self) -> tuple[object, ...]:
        return tuple(getattr(self, column) for column in COLUMNS)


def list_heads(register: Register) -> pd.DataFrame:
    """List the heads of the households with the columns ``COLUMNS``, household by household."""
    people = register.people
    heads = people[people["relationship"] == "head"].sort_values("household")
    homes = register.households.loc[heads["household"]]
    columns = {
        "nik": heads["nik"].astype(str).tolist(),
        "kk": homes["kk"].astype(str).tolist(),
        "name": heads["name"].astype(str).tolist(),
        "birth_date": pd.to_datetime(heads["birth_date"]).dt.date.tolist(),
        "sex": heads["sex"].astype(str).tolist(),
        "address": homes["address"].astype(str).tolist(),
        "area_code": homes["area_code"].astype(str).tolist(),
    }
    return pd.DataFrame(columns, dtype=object)


def as_people(rows: pd.DataFrame) -> People:
    """Turn rows with the columns ``COLUMNS`` into what the matching takes."""
    return People(**{column: rows[column].tolist() for column in COLUMNS})


def retype(heads: pd.DataFrame, seed: int, *, columns: Sequence[str] = COLUMNS) -> Retyped:
    """Type a register again, with four new families for every sixteen that are in it.

    Parameters
    ----------
    heads
        As :func:`list_heads` gives them.
    seed
        The same seed and heads give the same file.
    columns
        What the second file says at all; the other columns are None. An aid list often has no
        more than name, address and desa.

    Returns
    -------
    Retyped
        In random order. New families are strangers, neighbours of the same name, fathers and
        sons of one name in one house, twins, and families split off with their old card.
    """
    chance = np.random.default_rng(seed)
    originals = [_Row(*values) for values in heads[list(COLUMNS)].itertuples(index=False)]
    kept = np.flatnonzero(chance.random(len(heads)) >= NEW_SHARE)
    rows = [_copy(originals[number]) for number in kept.tolist()]
    homes = defaultdict(list)
    for original in originals:
        homes[original.area_code].append(original)
    news = _draw_new(originals, len(heads) - len(kept), chance)
    for row in rows:
        _change(row, originals, chance)
    for row in (*rows, *news):
        _type_again(row, homes[row.area_code], chance)
    truth = np.concatenate([kept, np.full(len(news), -1)])
    order = chance.permutation(len(truth))
    everything = [*rows, *news]
    typed = pd.DataFrame([everything[n].values() for n in order], columns=COLUMNS, dtype=object)
    for column in set(COLUMNS) - set(columns):
        typed[column] = None
    return Retyped(typed, truth[order], [frozenset(everything[n].habits) for n in order])


def _copy(row: _Row) -> _Row:
    return _Row(*row.values())  # type: ignore[arg-type]


def _change(row: _Row, originals: list[_Row], chance: Chance) -> None:
    """Let life go on: moves, new cards, new numbers, deaths."""
    if chance.random() < 0.02:
        elsewhere = _pick(originals, chance)
        row.area_code, row.address = elsewhere.area_code, elsewhere.address
        row.habits.add("moved")
    if chance.random() < (0.7 if "moved" in row.habits else 0.12):
        row.kk = renumber(row.kk, chance)
        row.habits.add("kk_renewed")
    if chance.random() < 0.015:
        row.nik = renumber(row.nik, chance)
        row.habits.add("nik_changed")
    if chance.random() < 0.01:
        _bury(row, originals, chance)


def _bury(row: _Row, originals: list[_Row], chance: Chance) -> None:
    # The widow or widower is now the head: somebody else, on the same card more often than not.
    other = _pick(originals, chance)
    row.sex = "female" if row.sex == "male" else "male"
    while other.sex != row.sex:
        other = _pick(originals, chance)
    row.name, row.birth_date = other.name, other.birth_date
    row.nik = _nik_for(row, chance)
    row.habits.add("head_died")


def _draw_new(originals: list[_Row], count: int, chance: Chance) -> list[_Row]:
    kinds = chance.choice(list(_NEW_KINDS), count, p=list(_NEW_KINDS.values())).tolist()
    return [_draw_relative(_pick(originals, chance), kind, originals, chance) for kind in kinds]


def _draw_relative(of: _Row, kind: str, originals: list[_Row], chance: Chance) -> _Row:
    row = _copy(of)
    stranger = _pick(originals, chance)
    row.habits.add(kind)
    if kind == "twin":
        _make_twins(of, row, chance)
    else:
        # Not the stranger's: his name and birth date together would be the stranger himself.
        born = _pick(originals, chance).birth_date or date(1970, 5, 5)
        if kind == "father_or_son":
            years = int(chance.integers(18, 36)) * (1 if chance.random() < 0.5 else -1)
            born = (of.birth_date or born) + timedelta(days=round(365.25 * years))
        row.birth_date = born
    if kind in ("stranger", "card_mate"):
        row.name, row.sex = stranger.name, stranger.sex
    if kind in ("stranger", "neighbour"):
        row.address = _address_in(of.area_code, originals, chance)
    keeps_card = kind == "card_mate" or (kind == "twin" and chance.random() < 0.3)
    if not keeps_card:
        row.kk = renumber(row.kk, chance)
    if kind != "twin":
        row.nik = _nik_for(row, chance)
    return row


def _make_twins(of: _Row, row: _Row, chance: Chance) -> None:
    """Give a twin the next serial number and a name that sounds like the other's."""
    words = of.name.split()
    vowel = {"a": "i", "i": "a", "u": "a", "e": "i", "o": "i"}
    last = words[-1]
    place = max((n for n, letter in enumerate(last) if letter in vowel), default=-1)
    if place > 0 and chance.random() < 0.5:
        words[-1] = last[:place] + vowel[last[place]] + last[place + 1 :]
    else:
        words[-1] = str(chance.choice(_TWIN_ENDINGS))
        if len(words) == 1:
            words.insert(0, last)
    row.name = " ".join(words)
    serial = int((of.nik or "0")[12:]) % 9_999 + 1
    row.nik = f"{(of.nik or '0' * 16)[:12]}{serial:04d}"


def _address_in(area_code: str, originals: list[_Row], chance: Chance) -> str | None:
    for _ in range(400):
        other = _pick(originals, chance)
        if other.area_code == area_code:
            return other.address
    return None


def _type_again(row: _Row, neighbours: list[_Row], chance: Chance) -> None:
    _type_name(row, chance)
    _type_numbers(row, chance)
    _type_birth_date(row, chance)
    _type_address(row, neighbours, chance)
    if chance.random() < 0.05:
        row.sex = None  # type: ignore[assignment]


def _type_name(row: _Row, chance: Chance) -> None:
    name = row.name.upper()
    for habit, (share, alter) in NAME_HABITS.items():
        if chance.random() < share:
            altered = alter(name, row.sex, chance)
            if altered != name:
                row.habits.add(habit)
            name = altered
    row.name = name.title() if chance.random() < 0.3 else name


def _type_numbers(row: _Row, chance: Chance) -> None:
    drawn = chance.random(2)
    if drawn[0] < 0.15:
        row.nik = None
        row.habits.add("nik_missing")
    elif drawn[0] < 0.18 and row.nik:
        row.nik = mistype_number(row.nik, chance)
        row.habits.add("nik_mistyped")
    if drawn[1] < 0.10:
        row.kk = None
        row.habits.add("kk_missing")
    elif drawn[1] < 0.12 and row.kk:
        row.kk = mistype_number(row.kk, chance)
        row.habits.add("kk_mistyped")


def _type_birth_date(row: _Row, chance: Chance) -> None:
    drawn, born = chance.random(), row.birth_date
    if born is None:
        return
    if drawn < 0.05:
        row.birth_date = None
        row.habits.add("date_missing")
    elif drawn < 0.09:
        row.birth_date = date(born.year, 1, 1)
        row.habits.add("date_default")
    elif drawn < 0.11 and born.day <= 12 and born.day != born.month:
        row.birth_date = date(born.year, born.day, born.month)
        row.habits.add("date_swapped")
    elif drawn < 0.12:
        row.birth_date = born.replace(year=born.year - int(chance.integers(1, 4)), day=1)
        row.habits.add("date_wrong")


def _type_address(row: _Row, neighbours: list[_Row], chance: Chance) -> None:
    drawn = chance.random()
    if drawn < 0.05 or row.address is None:
        row.address = None
        row.habits.add("address_missing")
        return
    if drawn < 0.10 and "moved" not in row.habits:
        row.address = _pick(neighbours, chance).address if neighbours else row.address
        row.habits.add("address_changed")
    place, _, numbers = (row.address or "").partition(", ")
    rt, rw = (part.split()[-1] for part in numbers.split(" RW "))
    place = place.replace("Dusun", str(chance.choice(["Dusun", "Dsn.", "DSN", "Dsn"])))
    if drawn > 0.9:
        row.address = place
        row.habits.add("address_without_rt")
        return
    forms = [
        f"{place} RT {int(rt)}/RW {int(rw)}",
        f"{place.upper()} RT.{int(rt):03d} RW.{int(rw):03d}",
    ]
    forms += [f"{place}, RT/RW {rt}/{rw}", f"RT {rt} RW {rw} {place}", f"RT {int(rt)} RW {int(rw)}"]
    row.address = str(chance.choice(forms))


def _nik_for(row: _Row, chance: Chance) -> str:
    born = row.birth_date or date(1970, 5, 5)
    day = born.day + WOMAN_DAY_OFFSET * (row.sex == "female")
    office = row.area_code.replace(".", "")[:6]
    return f"{office}{day:02d}{born:%m%y}{int(chance.integers(5_000, 9_000)):04d}"


def _pick(rows: list[_Row], chance: Chance) -> _Row:
    return rows[int(chance.integers(0, len(rows)))]
