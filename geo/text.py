"""Sentences that a person will read: the mark for translation, and sentences made of sentences."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


def N_(message: str) -> str:
    """Mark an Indonesian sentence for translation and return it unchanged.

    Rooms below the dashboard write their sentences in Indonesian and mark them; the dashboard,
    which alone knows the reader's language, looks them up in its catalogue when it shows them.

    Parameters
    ----------
    message
        The Indonesian sentence. It may hold ``{name}`` fields, filled after translation.

    Returns
    -------
    str
        The same sentence.
    """
    return message


@dataclass(frozen=True, slots=True)
class Phrase:
    """A sentence with its fields, which may be phrases themselves.

    Attributes
    ----------
    message
        The Indonesian sentence, marked with :func:`N_`.
    fields
        Values of its ``{name}`` fields. Phrases and words are translated in their turn, several
        stand with commas between them; what the catalogue doesn't know, a name, stays as it is.
    """

    message: str
    fields: Mapping[str, object] = field(default_factory=dict)

    def say(self, translate: Callable[[str], str]) -> str:
        """Write the sentence, with a function that looks an Indonesian sentence up."""

        def write(value: object) -> object:
            if isinstance(value, Phrase):
                return value.say(translate)
            if isinstance(value, tuple):
                return ", ".join(str(write(one)) for one in value)
            return translate(value) if isinstance(value, str) else value

        sentence = translate(self.message)
        values = {name: write(value) for name, value in self.fields.items()}
        return sentence.format(**values) if values else sentence

    def __str__(self) -> str:
        """Write the sentence in Indonesian."""
        return self.say(str)
