"""What became of the rows of an import. Every row read has exactly one outcome."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

Outcome = Literal["new", "matched", "unchanged", "review", "rejected"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)

MAX_DETAIL_ROWS = 200
"""Rows listed one by one in a printed ledger; the database keeps them all."""


@dataclass(frozen=True, slots=True)
class RowNote:
    """A row that was not taken as it stood.

    Attributes
    ----------
    row_number
        Counted from 1 within its file, headers left out.
    outcome
        ``rejected`` or ``repaired``.
    reason
        An Indonesian sentence, its fields filled.
    key
        What a person finds the row by: an area code, a household's number in its register.
    """

    row_number: int
    outcome: str
    reason: str
    key: str | None = None


@dataclass(slots=True)
class Ledger:
    """The account of an import.

    Attributes
    ----------
    read, new, matched, unchanged, review, rejected
        Counts of rows; the first is the sum of the others. A matched row joined something that is
        known and brought news; one in review waits for a person to decide.
    repaired
        How many of the rows that were taken had to be repaired first.
    reasons
        How many rows were rejected or repaired for each reason.
    notes
        Sentences on the import as a whole.
    rows
        The rows that were rejected or repaired.
    derived
        Things made from the rows without being rows themselves, by kind, such as kecamatan
        dissolved from their desa.
    batch_id
        Of the batch that the import was entered as.
    """

    read: int = 0
    new: int = 0
    matched: int = 0
    unchanged: int = 0
    review: int = 0
    repaired: int = 0
    rejected: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)
    rows: list[RowNote] = field(default_factory=list)
    derived: dict[str, int] = field(default_factory=dict)
    batch_id: int | None = None

    def count(self, outcome: Outcome, count: int = 1) -> None:
        """Add rows that were read and came to the same outcome."""
        self.read += count
        setattr(self, outcome, getattr(self, outcome) + count)

    def reject(self, row_number: int, reason: str, key: str | None = None) -> None:
        """Add a row that was read and rejected."""
        self.count("rejected")
        self._explain(RowNote(row_number, "rejected", reason, key))

    def repair(self, row_number: int, reason: str, key: str | None = None) -> None:
        """Say that a row was repaired; its outcome is counted apart."""
        self.repaired += 1
        self._explain(RowNote(row_number, "repaired", reason, key))

    def _explain(self, note: RowNote) -> None:
        self.reasons[note.reason] += 1
        self.rows.append(note)

    @property
    def is_balanced(self) -> bool:
        """Whether every row read has exactly one outcome."""
        return self.read == sum(getattr(self, outcome) for outcome in OUTCOMES)

    def check(self) -> None:
        """Refuse an account that does not add up.

        Raises
        ------
        ArithmeticError
            When rows read differ from the sum of the outcomes. It is a fault of the program, not
            of the file, and must roll the import back.
        """
        if not self.is_balanced:
            raise ArithmeticError(f"The ledger does not add up: {self.as_dict()}")

    @classmethod
    def total(cls, ledgers: Iterable[Ledger]) -> Ledger:
        """Add the ledgers of several files up."""
        whole = cls()
        for part in ledgers:
            for name in ("read", "repaired", *OUTCOMES):
                setattr(whole, name, getattr(whole, name) + getattr(part, name))
            whole.reasons.update(part.reasons)
            whole.notes.extend(part.notes)
            whole.rows.extend(part.rows)
            whole.derived = dict(Counter(whole.derived) + Counter(part.derived))
        return whole

    def as_dict(self) -> dict[str, Any]:
        """Return the ledger as JSON can carry it, the most frequent reason first."""
        return {
            "batch": self.batch_id,
            "read": self.read,
            **{outcome: getattr(self, outcome) for outcome in OUTCOMES},
            "repaired": self.repaired,
            "reasons": dict(self.reasons.most_common()),
            "notes": list(self.notes),
            "derived": dict(self.derived),
            "rows": [
                {
                    "row": note.row_number,
                    "key": note.key,
                    "outcome": note.outcome,
                    "reason": note.reason,
                }
                for note in self.rows[:MAX_DETAIL_ROWS]
            ],
        }
