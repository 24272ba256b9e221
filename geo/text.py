"""The mark for a sentence that a person will read."""

from __future__ import annotations


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
