"""The ledger adds up."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.ledger import MAX_DETAIL_ROWS, Ledger

outcomes = st.lists(st.sampled_from(["new", "matched", "unchanged", "rejected"]))


@given(st.lists(outcomes, max_size=4))
def test_every_row_has_one_outcome_and_the_whole_is_the_sum(files: list[list[str]]) -> None:
    ledgers = []
    for rows in files:
        ledger = Ledger()
        for number, outcome in enumerate(rows, start=1):
            if outcome == "rejected":
                ledger.reject(number, "Kode kosong.", str(number))
            else:
                ledger.count(outcome)  # type: ignore[arg-type]
        ledger.check()
        ledgers.append(ledger)
    total = Ledger.total(ledgers)
    total.check()
    assert total.read == sum(map(len, files))
    assert total.rejected == sum(total.reasons.values()) == len(total.rows)


def test_an_account_that_does_not_add_up_is_refused() -> None:
    with pytest.raises(ArithmeticError, match="add up"):
        Ledger(read=2, new=1).check()


def test_a_printed_ledger_is_json_with_the_commonest_reason_first() -> None:
    ledger = Ledger()
    ledger.count("new", 3)
    ledger.reject(4, "Jarang.")
    for number in range(5, 300):
        ledger.reject(number, "Sering.", "98.01")
    ledger.repair(1, "Diperbaiki.", "98.02")
    printed = json.loads(json.dumps(ledger.as_dict()))
    assert printed["read"] == 299
    assert printed["repaired"] == 1
    assert list(printed["reasons"]) == ["Sering.", "Jarang.", "Diperbaiki."]
    assert len(printed["rows"]) == MAX_DETAIL_ROWS
    assert printed["rows"][0] == {
        "row": 4,
        "key": None,
        "outcome": "rejected",
        "reason": "Jarang.",
    }
