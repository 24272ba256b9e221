"""The value of a count that must not be told. It is not zero, and not "no data"."""

from __future__ import annotations

from typing import Any, Final


class Hidden:
    """Stands where a count is hidden; what is computed of it is hidden as well.

    It has no order and no number: whatever forgets to ask for it fails instead of telling.
    """

    __slots__ = ()

    def _stay(self, _other: object) -> Hidden:
        return self

    __add__ = __radd__ = __sub__ = __rsub__ = _stay
    __mul__ = __rmul__ = __truediv__ = __rtruediv__ = _stay

    def __repr__(self) -> str:
        return "HIDDEN"

    def __copy__(self) -> Hidden:
        return self

    def __deepcopy__(self, _memo: object) -> Hidden:
        return self


HIDDEN: Final[Any] = Hidden()
"""The one hidden value; ask with ``is``."""


def is_told(value: object) -> bool:
    """Whether a value is a figure: neither hidden nor without data."""
    return value is not None and value is not HIDDEN
