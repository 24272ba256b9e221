"""Reading a word or number of a questionnaire through the table of its format."""

from __future__ import annotations

import re
from collections.abc import Callable

from db.registers.formats._format import Field

_MARKS = ((">=", " paling sedikit "), ("<=", " paling banyak "), (">", " lebih dari "))
_NUMBERED = re.compile(r"\(?0*(\d{1,2})\)?\s*[.:=)-]?\s*(\D.*)?", re.ASCII)


def normalise_word(text: str) -> str:
    """Return a word as code tables are keyed: small letters, underscores, ``>`` in words."""
    text = text.lower()
    for mark, meaning in _MARKS:
        text = text.replace(mark, meaning)
    return re.sub(r"[^a-z0-9]+", "_", text).strip("_")


def read_coded(field: Field) -> Callable[[str], str | None]:
    """Make a reader of one column of codes.

    ``MILIK SENDIRI``, ``1``, ``01``, ``1.0`` and ``1. Milik sendiri`` are met. Where a word and
    the number before it disagree, the word counts: numbers change from form to form.

    Parameters
    ----------
    field
        Its codes.
    """

    def read(text: str) -> str | None:
        found = field.codes.get(normalise_word(text))
        if found is not None:
            return found
        numbered = _NUMBERED.fullmatch(text.removesuffix(".0"))
        if numbered is None:
            return field.other
        number, word = numbered.groups()
        meaning = field.codes.get(normalise_word(word)) if word else field.codes.get(number)
        return field.other if meaning is None else meaning

    return read
