"""What two spellings share and what they don't."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from geo.differences import Part, list_differences

_NAMES = st.text(max_size=24)


@given(_NAMES, _NAMES)
def test_the_parts_are_the_two_texts(one: str, other: str) -> None:
    parts = list_differences(one, other)
    assert "".join(part.text for part in parts if part.kind != "lost") == other
    lost = "".join(part.text for part in parts if part.kind != "added")
    assert lost.lower() == one.lower() or [part.kind for part in parts] in ([], ["added"])


@given(_NAMES)
def test_equal_texts_differ_in_nothing(one: str) -> None:
    assert list_differences(one, one) == ([Part(one, "kept")] if one else [])


def test_one_letter_is_told() -> None:
    assert list_differences("Suprapto", "SUPRAPTI") == [
        Part("SUPRAPT", "kept"), Part("o", "lost"), Part("I", "added"),
    ]  # fmt: skip


def test_what_has_little_in_common_is_one_part() -> None:
    assert list_differences("Budi", "Siti Aminah") == [Part("Siti Aminah", "added")]
