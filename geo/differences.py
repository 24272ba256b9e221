"""Where two spellings differ, letter by letter."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import Literal, NamedTuple

_ALIKE_FROM = 0.5


class Part(NamedTuple):
    """A run of letters: in both texts, only in the first (``lost``), or only in the second."""

    text: str
    kind: Literal["kept", "lost", "added"]


def list_differences(one: str, other: str) -> list[Part]:
    """Split a text into what it shares with another and what it doesn't.

    Parameters
    ----------
    one, other
        As they stand; letters are compared whatever their case.

    Returns
    -------
    list of Part
        ``kept`` and ``added`` parts together are ``other``; instead of the parts of two texts that
        have little in common, it is one ``added`` part.
    """
    matcher = SequenceMatcher(None, _fold(one), _fold(other), autojunk=False)
    if matcher.ratio() < _ALIKE_FROM:
        return [Part(other, "added")] if other else []
    parts: list[Part] = []
    for tag, start, stop, from_, to in matcher.get_opcodes():
        if tag == "equal":
            parts.append(Part(other[from_:to], "kept"))
            continue
        if stop > start:
            parts.append(Part(one[start:stop], "lost"))
        if to > from_:
            parts.append(Part(other[from_:to], "added"))
    return parts


def _fold(text: str) -> str:
    # Letter by letter, for some letters become two when a whole text is folded.
    return "".join(letter.lower() if len(letter.lower()) == 1 else letter for letter in text)
