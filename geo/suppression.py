"""Which published totals must be hidden, so that nobody can tell a count of one to four families.

Pure: the areas and their counts in, the hidden cells out. The rules stand in ``docs/security.md``.

A *cell* is a count of an area under the start statuses: ``all``, ``members``, ``decile:3``,
``status:verified``, ``need:latrine``, ``programme:pkh``, ``aid:none``; and by themselves
``status:rejected`` and ``status:graduated``. A *family* is the cells that are hidden together,
since each could be computed of the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from geo.suppression_aid import Aid, protect_aid
from geo.suppression_guard import BOUNDLESS, Table, protect
from geo.suppression_tree import Bools, Ints, Tree, list_components, make_tree

EVERYONE, MEMBERS, NO_AID = "all", "members", "aid:none"
ALONE = ("status:rejected", "status:graduated")


@dataclass(frozen=True, slots=True)
class Published:
    """The counts of all areas, and which of them are hidden.

    Attributes
    ----------
    counts
        Area code, then cell, to count; the code of everything is ``geo.suppression_tree.ROOT``.
    hidden
        Area code and cell of what must not be told.
    """

    counts: Mapping[str, Mapping[str, int]]
    hidden: frozenset[tuple[str, str]]


def family_of(cell: str) -> str:
    """Return the family of a cell."""
    if cell in (EVERYONE, MEMBERS):
        return EVERYONE
    if cell in ALONE or not cell.startswith(("decile:", "status:")):
        return cell
    return cell.partition(":")[0]


def suppress(
    parents: Mapping[str, str | None],
    counts: Mapping[str, Mapping[str, int]],
    families: Mapping[str, int] | None = None,
) -> Published:
    """Add counts up and choose the cells to hide.

    Parameters
    ----------
    parents
        Area code to its parent's code; None for the highest.
    counts
        Cell, then code of an area without parts, to count; absent is zero.
    families
        All families, poor or not, of an area without parts, where they are published: nobody's
        poor are more.

    Returns
    -------
    Published
        The same for the same input, in whatever order it comes.
    """
    tree = make_tree(parents)
    values = {cell: tree.add_up(counts[cell]) for cell in sorted(counts)}
    everyone = values[EVERYONE]
    hidden = {EVERYONE: _protect_everyone(tree, everyone, families or {})}
    pool, boundless = _make_pools(tree, hidden[EVERYONE])
    groups = _group(values)
    for family, cells in groups.items():
        table = _make_table(family, [values[cell] for cell in cells], everyone, pool)
        hidden[family] = np.zeros(len(tree.codes), dtype=np.bool_)
        if family not in ALONE:
            hidden[family] |= hidden[EVERYONE]
        protect(tree, table, hidden[family])
    aid = [cell for cell in groups if cell == NO_AID or cell.startswith("programme:")]
    if NO_AID in aid and len(aid) > 1:
        tables = {cell: _make_table(cell, [values[cell]], everyone, pool) for cell in aid}
        protect_aid(tree, Aid(tables, everyone, pool, boundless, NO_AID), hidden)
    return _gather(tree, values, hidden)


def _protect_everyone(tree: Tree, everyone: Ints, families: Mapping[str, int]) -> Bools:
    known = np.array([families.get(code, BOUNDLESS) for code in tree.codes], dtype=np.int64)
    nobody = np.full(len(tree.codes), -1, dtype=np.int64)
    table = Table(everyone[None, :], np.maximum(known, everyone), nobody, everyone, is_base=True)
    hidden = np.zeros(len(tree.codes), dtype=np.bool_)
    protect(tree, table, hidden)
    return hidden


def _make_pools(tree: Tree, hidden: Bools) -> tuple[Ints, frozenset[int]]:
    pool = np.full(len(tree.codes), -1, dtype=np.int64)
    components = list_components(tree, hidden)
    for number, (_, leaves) in enumerate(components):
        pool[leaves] = number
    return pool, frozenset(n for n, (top, _) in enumerate(components) if top is None)


def _group(values: Iterable[str]) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for cell in values:
        if family_of(cell) != EVERYONE:
            groups.setdefault(family_of(cell), []).append(cell)
    return groups


def _make_table(family: str, cells: list[Ints], everyone: Ints, pool: Ints) -> Table:
    if family in ALONE:
        nobody, boundless = np.full_like(pool, -1), np.full_like(everyone, BOUNDLESS)
        return Table(np.array(cells), boundless, nobody, cells[0])
    if family == "decile":
        cells = [*cells, everyone - sum(cells)]  # a decile that the register doesn't know
    rows = [*cells, *(everyone - cell for cell in cells)]
    return Table(np.array(rows), everyone, pool, everyone)


def _gather(tree: Tree, values: Mapping[str, Ints], hidden: Mapping[str, Bools]) -> Published:
    counts = {
        code: {cell: int(values[cell][node]) for cell in values}
        for node, code in enumerate(tree.codes)
    }
    return Published(
        counts,
        frozenset(
            (code, cell)
            for cell in values
            for node, code in enumerate(tree.codes)
            if hidden[family_of(cell)][node]
        ),
    )
