"""Nobody who knows all published totals can tell a count of one to four families."""

from __future__ import annotations

import random
from collections.abc import Mapping

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from geo.suppression import ALONE, Published, family_of, suppress
from tests.unit.attacker import Attacker, list_leaks

Parents = dict[str, str | None]
Counts = dict[str, dict[str, int]]
PROGRAMMES = 3
many = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@st.composite
def registers(draw: st.DrawFn) -> tuple[Parents, Counts]:
    """Draw areas in two or three steps, and the counts of a register of invented households."""
    dice = random.Random(draw(st.integers(0, 2**32)))
    parents: Parents = {}
    for one in range(draw(st.integers(1, 2))):
        parents[f"{one}"] = None
        for two in range(draw(st.integers(1, 4))):
            parents[f"{one}.{two}"] = f"{one}"
            for three in range(draw(st.integers(1, 5))):
                parents[f"{one}.{two}.{three}"] = f"{one}.{two}"
    leaves = [code for code in parents if code.count(".") == 2]
    size = draw(st.sampled_from([2, 6, 12, 40, 200]))
    share = draw(st.sampled_from([0.02, 0.1, 0.5, 0.9, 0.98]))
    return parents, _invent(dice, leaves, size, share)


def _invent(dice: random.Random, leaves: list[str], size: int, share: float) -> Counts:
    cells = ["all", "members", "aid:none", "need:a", "need:b", *ALONE]
    cells += [f"decile:{n}" for n in (1, 2, 3)] + ["status:verified", "status:unverified"]
    cells += [f"programme:{n}" for n in range(PROGRAMMES)]
    counts: Counts = {cell: {} for cell in cells}
    for leaf in leaves:
        found = dict.fromkeys(cells, 0)
        for _ in range(dice.choice([0, 1, 3, size, size, 2 * size])):
            for cell in _invent_household(dice, share):
                found[cell] += 1
            found["members"] += dice.randrange(4)
        found |= {cell: dice.choice([0, 0, 1, 4, size]) for cell in ALONE}
        for cell, count in found.items():
            counts[cell][leaf] = count
    return counts


def _invent_household(dice: random.Random, share: float) -> list[str]:
    has = ["all", "members"]
    given = [f"programme:{n}" for n in range(PROGRAMMES) if dice.random() < share / (n * n + 1)]
    has += given or ["aid:none"]
    has += [need for need in ("need:a", "need:b") if dice.random() < share]
    has.append(dice.choices(["decile:1", "decile:2", "decile:3", "all"], [60, 30, 5, 5])[0])
    if has[-1] == "all":
        has.pop()
    has.append("status:verified" if dice.random() < 0.9 else "status:unverified")
    return has


def show(published: Published) -> dict[tuple[str, str], int]:
    return {
        (code, cell): count
        for code, of_area in published.counts.items()
        for cell, count in of_area.items()
        if (code, cell) not in published.hidden
    }


def attack(parents: Mapping[str, str | None], published: Published) -> list[str]:
    cells = next(iter(published.counts.values()))
    return list_leaks(Attacker(parents, cells, show(published)), published.counts)


# The leaves of 0.1 and 0.2 are hidden, while these, of one leaf each, were still told.
CHAINED: tuple[Parents, Counts] = (
    {
        "0": None, "0.0": "0", "0.0.0": "0.0", "0.1": "0", "0.1.0": "0.1", "0.2": "0",
        "0.2.0": "0.2",
    },
    {
        "all": {"0.0.0": 200, "0.1.0": 200, "0.2.0": 200},
        "aid:none": {"0.0.0": 192, "0.1.0": 194, "0.2.0": 192},
        "programme:0": {"0.0.0": 5, "0.1.0": 5, "0.2.0": 7},
        "programme:1": {"0.0.0": 2, "0.1.0": 1, "0.2.0": 1},
        "programme:2": {"0.0.0": 1, "0.1.0": 0, "0.2.0": 0},
    },
)  # fmt: skip


@many
@given(registers())
@example(CHAINED)
def test_no_small_count_is_narrowed(register: tuple[Parents, Counts]) -> None:
    parents, counts = register
    assert attack(parents, suppress(parents, counts)) == []


@many
@given(registers())
def test_what_is_shown_is_exact_and_never_small(register: tuple[Parents, Counts]) -> None:
    parents, counts = register
    published = suppress(parents, counts)
    for (code, cell), count in show(published).items():
        start = f"{code}." if code else ""
        inside = [leaf for leaf in counts[cell] if leaf == code or leaf.startswith(start)]
        assert count == sum(counts[cell][leaf] for leaf in inside)
        assert cell == "members" or not 1 <= count <= 4
        if cell not in (*ALONE, "members"):
            assert not 1 <= published.counts[code]["all"] - count <= 4
            assert (code, "all") not in published.hidden


@many
@given(registers(), st.integers(0, 1000))
def test_the_order_of_the_input_is_nothing(register: tuple[Parents, Counts], seed: int) -> None:
    parents, counts = register
    dice = random.Random(seed)

    def shuffle(mapping: dict) -> dict:
        pairs = list(mapping.items())
        dice.shuffle(pairs)
        return dict(pairs)

    mixed = shuffle({cell: shuffle(of_cell) for cell, of_cell in counts.items()})
    assert suppress(shuffle(parents), mixed) == suppress(parents, counts)


@many
@given(registers())
def test_without_small_counts_nothing_is_hidden(register: tuple[Parents, Counts]) -> None:
    parents, counts = register
    large = {cell: {leaf: 5 * count for leaf, count in of.items()} for cell, of in counts.items()}
    assert suppress(parents, large).hidden == frozenset()


PARENTS: Parents = {"1": None, "1.1": "1", "1.2": "1"} | {
    f"1.{k}.{d}": f"1.{k}" for k in (1, 2) for d in (1, 2, 3)
}


def plain(everyone: list[int], **cells: list[int]) -> Counts:
    leaves = [code for code in PARENTS if code.count(".") == 2]
    named = {"all": everyone, **{name.replace("_", ":", 1): of for name, of in cells.items()}}
    return {cell: dict(zip(leaves, of, strict=True)) for cell, of in named.items()}


def test_one_small_area_takes_one_other_with_it() -> None:
    published = suppress(PARENTS, plain([3, 20, 40, 50, 50, 50]))
    assert published.hidden == {("1.1.1", "all"), ("1.1.2", "all")}


def test_zero_is_shown() -> None:
    published = suppress(PARENTS, plain([0, 20, 40, 50, 50, 50], need_a=[0, 0, 10, 9, 9, 9]))
    assert published.hidden == frozenset()


def test_a_hidden_total_hides_all_that_is_counted_of_it() -> None:
    counts = plain([3, 20, 40, 50, 50, 50], need_a=[0, 0, 10, 9, 9, 9])
    assert ("1.1.1", "need:a") in suppress(PARENTS, counts).hidden


def test_parts_that_are_few_hide_the_whole_too() -> None:
    published = suppress(PARENTS, plain([1, 2, 0, 50, 60, 70]))
    assert ("1.1", "all") in published.hidden
    assert ("1.2", "all") in published.hidden
    assert ("1", "all") not in published.hidden
    assert any((f"1.2.{n}", "all") in published.hidden for n in (1, 2, 3))


def test_a_visible_programme_can_narrow_who_got_nothing() -> None:
    # 50 poor, 48 with the first programme: at most 2 without any.
    counts = plain(
        [50] * 6, programme_p=[46, 30, 30, 30, 30, 30], aid_none=[3, 20, 20, 20, 20, 20],
        programme_q=[6, 10, 10, 10, 10, 10],
    )  # fmt: skip
    assert attack(PARENTS, suppress(PARENTS, counts)) == []


@pytest.mark.parametrize("seed", range(20))
def test_the_attacker_finds_what_naive_hiding_leaves(seed: int) -> None:
    """Hide small counts alone, and the sums give them back."""
    counts = _invent(random.Random(seed), [c for c in PARENTS if c.count(".") == 2], 40, 0.1)
    published = suppress(PARENTS, counts)
    small = {
        (code, cell)
        for code, of_area in published.counts.items()
        for cell, count in of_area.items()
        if 1 <= count <= 4 and family_of(cell) != "all"
    }
    naive = Published(published.counts, frozenset(small))
    assert attack(PARENTS, naive)
    assert attack(PARENTS, published) == []


def test_the_attacker_finds_the_link_between_programmes_and_none() -> None:
    nobody = [3, 7, 10, 10, 10, 10]
    counts = plain([50] * 6, programme_p=[50 - count for count in nobody], aid_none=nobody)
    published = suppress(PARENTS, counts)
    beside = Published(published.counts, frozenset({("1.1.1", "aid:none"), ("1.1.2", "aid:none")}))
    assert attack(PARENTS, beside)
    assert attack(PARENTS, published) == []
