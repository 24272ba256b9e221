"""Which further cells of one family must be hidden, so that no sum gives a small one back.

A small count that is not shown can still be computed: an area minus its other parts. So the hidden
parts of an area must be several, and what is known of them together must leave every small cell
open from 1 to 4. For a family of cells that divide the poor of an area, the hidden parts make a
table with two known margins: the sum of each cell over the parts, and each part's poor. The exact
bounds of a cell x of the part i, with the sum S of its row and the parts' poor T, are Fréchet's::

    max(0, S - sum of T over the other parts) <= x <= min(T of i, S)

See Hundepool et al., *Statistical Disclosure Control* (2012), chapter 4, on secondary suppression
and audits of tables; Dobra and Fienberg, "Bounds for cell entries in contingency tables given
marginal totals" (2000), on the bounds. They are sharp in a table of two dimensions, also in whole
numbers, and a table of cells and parts is one.

Where the poor of several parts are hidden themselves (together known, one by one not), these parts
count as one, since their families might be dealt to them in any way (``pool``).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from geo.suppression_tree import (
    LEAST,
    Bools,
    Ints,
    Tree,
    hidden_below,
    hide_path,
    is_small,
    list_components,
)

MOST = LEAST - 1
BOUNDLESS = 10**9
"""The cap of a cell that nothing known limits."""


@dataclass(frozen=True, slots=True)
class Table:
    """What is known and what is to be kept of one family.

    Attributes
    ----------
    rows
        One row per cell and per complement, one column per area.
    caps
        Per area the most that a cell can be, as everybody knows: its poor, or ``BOUNDLESS``.
    pool
        Per leaf the number of its pool, -1 for none.
    weight
        What an area is worth to readers: the smallest are hidden first.
    is_base
        Whether it is the family of the poor themselves: then every hidden part, small or not, must
        be able to hold next to nobody, since other families rely on it.
    """

    rows: Ints
    caps: Ints
    pool: Ints
    weight: Ints
    is_base: bool = False


@dataclass(frozen=True, slots=True)
class _Wards:
    """The small cells of a component: row, the cap that can hold them, the cap surely theirs."""

    row: Ints
    cap_most: Ints
    cap_sure: Ints
    wants_four: Bools


def protect(tree: Tree, table: Table, hidden: Bools) -> None:
    """Hide further areas of a family, in place, until no sum narrows a small cell.

    Parameters
    ----------
    tree
        The areas.
    table
        The family.
    hidden
        Areas hidden so far; only ever more become so.
    """
    hidden |= np.any(is_small(table.rows), axis=0)
    _reach_leaves(tree, table, hidden)
    is_quiet = False
    while not is_quiet:
        is_quiet = True
        for top, _ in reversed(list_components(tree, hidden)):
            if top is not None and not hidden[top]:
                is_quiet &= not _widen(tree, table, hidden, top)


def _reach_leaves(tree: Tree, table: Table, hidden: Bools) -> None:
    # An area whose parts are all visible would be their sum.
    for node in range(len(tree.codes) - 1, -1, -1):
        if hidden[node] and tree.children[node] and not hidden[list(tree.children[node])].any():
            leaves = tree.leaves_below(node)
            if leaves:
                leaf = min(leaves, key=lambda one: _rank(table, one))
                hide_path(tree, hidden, leaf, node)


def _rank(table: Table, leaf: int) -> tuple[bool, int, int]:
    return (table.weight[leaf] == 0, int(table.weight[leaf]), leaf)


def _widen(tree: Tree, table: Table, hidden: Bools, top: int) -> bool:
    """Hide one more area below ``top``, or ``top``; return whether that was needed."""
    leaves, inner = hidden_below(tree, hidden, top)
    wards = _list_wards(tree, table, leaves, inner)
    lacking = _lack(table, wards, [leaves])[0]
    if not lacking:
        return False
    inside = set(leaves)
    reachable = [leaf for leaf in tree.leaves_below(top) if leaf not in inside]
    tiers: dict[int, list[int]] = {}
    for leaf in reachable:
        if table.weight[leaf] or hidden[leaf]:
            cost = sum(not hidden[node] for node in tree.path(leaf, top))
            tiers.setdefault(cost, []).append(leaf)
    for _cost, tier in sorted(tiers.items()):
        chosen = _choose(tree, table, hidden, (top, wards, lacking), tier)
        if chosen is not None:
            hide_path(tree, hidden, chosen, top)
            return True
    hidden[top] = True
    return True


def _choose(
    tree: Tree,
    table: Table,
    hidden: Bools,
    state: tuple[int, _Wards, int],
    tier: list[int],
) -> int | None:
    """Return the smallest area that is enough, else the one that helps most, None if none does."""
    top, wards, lacking = state
    ordered = sorted(tier, key=lambda leaf: _rank(table, leaf))
    joined = [_join(tree, hidden, leaf, top) for leaf in ordered]
    lacks = _lack(table, wards, joined)
    best = int(np.argmin(lacks))
    return ordered[best] if lacks[best] < lacking else None


def _join(tree: Tree, hidden: Bools, leaf: int, top: int) -> list[int]:
    after = hidden.copy()
    hide_path(tree, after, leaf, top)
    return hidden_below(tree, after, top)[0]


def _list_wards(tree: Tree, table: Table, leaves: list[int], inner: list[int]) -> _Wards:
    found: list[tuple[int, int, int, bool]] = []
    for node in [*leaves, *inner]:
        small = np.flatnonzero(is_small(table.rows[:, node]))
        wanted = [int(row) for row in small] or ([0] if table.is_base else [])
        if wanted:
            most, sure = _caps_of(table, leaves_inside(tree, leaves, node), leaves)
            found += [(row, most, sure, bool(len(small))) for row in wanted]
    columns = np.array(found, dtype=np.int64).reshape(-1, 4).T
    return _Wards(columns[0], columns[1], columns[2], columns[3].astype(np.bool_))


def leaves_inside(tree: Tree, leaves: list[int], node: int) -> list[int]:
    """Return those of some leaves that lie in an area."""
    if not tree.children[node]:
        return [node]
    below = set(tree.leaves_below(node))
    return [leaf for leaf in leaves if leaf in below]


def _caps_of(table: Table, group: list[int], leaves: list[int]) -> tuple[int, int]:
    """Return the most that a group can hold, and the cap that is its own whatever happens."""
    most = sure = int(table.caps[[leaf for leaf in group if table.pool[leaf] < 0]].sum())
    for number in sorted({int(table.pool[leaf]) for leaf in group} - {-1}):
        pool = [leaf for leaf in leaves if table.pool[leaf] == number]
        cap = int(table.caps[pool].sum())
        most += cap
        sure += cap if set(pool) <= set(group) else 0
    return most, sure


def _lack(table: Table, wards: _Wards, components: list[list[int]]) -> Ints:
    """Return how much each of some components lacks to keep the wards; 0 is enough."""
    sums = np.array([table.rows[:, leaves].sum(axis=1) for leaves in components])
    caps = np.array([table.caps[leaves].sum() for leaves in components])
    lacks = np.where(is_small(sums), LEAST - sums, 0).sum(axis=1)
    of_ward = sums[:, wards.row]
    low = of_ward - (caps[:, None] - wards.cap_sure)
    high = np.minimum(of_ward, wards.cap_most)
    wanted = np.where(wards.wants_four, np.minimum(MOST, wards.cap_most), 0)
    lacks += np.maximum(0, low - 1).sum(axis=1) + np.maximum(0, wanted - high).sum(axis=1)
    return np.asarray(lacks, dtype=np.int64)
