"""How names and numbers come out when somebody types them again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import numpy as np

Chance = np.random.Generator

_ABBREVIATIONS = {
    "SITI": ("ST.", "ST", "STI"),
    "MOH.": ("MUH.", "MUHAMMAD", "MOHAMMAD", "M.", "MOCH.", "MUHAMAD"),
    "ABDUL": ("ABD.", "ABD"),
    "ACHMAD": ("AHMAD", "ACH.", "AKHMAD"),
    "AHMAD": ("ACHMAD", "ACH.", "AKHMAD"),
    "NURUL": ("NOERUL",),
    "NUR": ("NOER",),
}
_TITLES = {"male": ("H. ", "BPK. ", "BAPAK ", "SDR. ", "TN. "), "female": ("HJ. ", "IBU ", "NY. ")}
_OLD = (("U", "OE"), ("J", "DJ"), ("C", "TJ"))
_VARIANTS = (
    ("KH", "H"), ("SY", "S"), ("F", "P"), ("Z", "S"), ("O", "U"), ("I", "E"), ("TH", "T"),
    ("MM", "M"), ("H ", " "), ("IYA", "IA"),
)  # fmt: skip
_LETTERS = "ABDEGHIKLMNOPRSTUWY"
_VOWELS = "AIUEO"


def abbreviate(name: str, sex: str, chance: Chance) -> str:
    """Shorten or write out what everybody shortens or writes out."""
    words = [
        str(chance.choice(_ABBREVIATIONS[word])) if word in _ABBREVIATIONS else word
        for word in name.split()
    ]
    return " ".join(words)


def add_title(name: str, sex: str, chance: Chance) -> str:
    """Put a title in front, or a degree behind."""
    if chance.random() < 0.15:
        return name + str(chance.choice([", S.Pd", " S.PD.", ", SE", " (ALM)"]))
    return str(chance.choice(_TITLES[sex])) + name


def add_first_name(name: str, sex: str, chance: Chance) -> str:
    """Put Siti or Muhammad in front of a name, or leave it out."""
    first = "SITI" if sex == "female" else "MOH."
    if name.startswith(first + " "):
        return name[len(first) + 1 :]
    return f"{first} {name}"


def spell_old(name: str, sex: str, chance: Chance) -> str:
    """Write one sound as before 1972."""
    return _replace_one(name, _OLD, chance)


def spell_alike(name: str, sex: str, chance: Chance) -> str:
    """Write one sound as another office writes it."""
    return _replace_one(name, _VARIANTS, chance)


def drop_vowels(name: str, sex: str, chance: Chance) -> str:
    """Leave out one or two vowels inside a word."""
    places = [n for n, letter in enumerate(name) if n and letter in _VOWELS and name[n - 1] != " "]
    count = min(len(places) - 1, int(chance.integers(1, 3)))
    if count < 1:
        return name
    dropped = set(chance.choice(places, count, replace=False).tolist())
    return "".join(letter for n, letter in enumerate(name) if n not in dropped)


def mistype(name: str, sex: str, chance: Chance) -> str:
    """Get one letter wrong: another, one too many, one too few, or two swapped."""
    places = [n for n, letter in enumerate(name) if letter.isalpha()]
    n = int(chance.choice(places))
    letter = str(chance.choice(list(_LETTERS)))
    kind = chance.integers(0, 4)
    if kind == 0:
        return name[:n] + letter + name[n + 1 :]
    if kind == 1:
        return name[:n] + letter + name[n:]
    if kind == 2:
        return name[:n] + name[n + 1 :]
    return name[:n] + name[n : n + 2][::-1] + name[n + 2 :]


def swap_words(name: str, sex: str, chance: Chance) -> str:
    """Put the last word first."""
    words = name.split()
    return " ".join(words[-1:] + words[:-1])


def drop_word(name: str, sex: str, chance: Chance) -> str:
    """Leave out the last word."""
    words = name.split()
    return " ".join(words[:-1]) if len(words) > 1 else name


def drop_to_initial(name: str, sex: str, chance: Chance) -> str:
    """Write the last word as its first letter."""
    words = name.split()
    return " ".join([*words[:-1], words[-1][0] + "."]) if len(words) > 1 else name


NAME_HABITS: dict[str, tuple[float, Callable[[str, str, Chance], str]]] = {
    "abbreviated": (0.5, abbreviate),
    "titled": (0.08, add_title),
    "first_name": (0.03, add_first_name),
    "old_spelling": (0.03, spell_old),
    "spelt_alike": (0.06, spell_alike),
    "vowels_missing": (0.03, drop_vowels),
    "letter_wrong": (0.03, mistype),
    "words_swapped": (0.02, swap_words),
    "word_missing": (0.04, drop_word),
    "initial": (0.01, drop_to_initial),
}
"""Share of the names each habit falls on, where it changes anything, and the habit."""


def mistype_number(number: str, chance: Chance) -> str:
    """Get one digit of a number wrong, or swap two that differ."""
    n = int(chance.integers(0, len(number) - 1))
    if chance.random() < 0.4 and number[n] != number[n + 1]:
        return number[:n] + number[n + 1] + number[n] + number[n + 2 :]
    return number[:n] + str((int(number[n]) + int(chance.integers(1, 10))) % 10) + number[n + 1 :]


def renumber(number: str | None, chance: Chance) -> str:
    """Draw another number of the same office, issued on another day."""
    day = date(2008, 1, 1) + timedelta(days=int(chance.integers(0, 6_700)))
    return f"{(number or '351001')[:6]}{day:%d%m%y}{int(chance.integers(5_000, 9_000)):04d}"


def _replace_one(name: str, pairs: tuple[tuple[str, str], ...], chance: Chance) -> str:
    found = [pair for pair in pairs if pair[0] in name]
    if not found:
        return name
    old, new = found[int(chance.integers(0, len(found)))]
    return name.replace(old, new, 1)
