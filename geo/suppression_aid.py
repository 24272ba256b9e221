"""The link between programmes and "no aid at all", which sums alone do not show.

Families that received something are at least as many as the largest programme gave to, and at most
as many as all programmes together::

    max of p  <=  T - none  <=  sum of p

So visible programmes can narrow a hidden ``none``, and the other way round. For every small cell of
these families two tables are looked for that agree with all that is published: one in which the
cell is 1 or less, and one in which it is 4 or more. The possible tables form a convex set, so
between the two the cell can be anything; a table found is a proof, and where none is found more is
hidden. A table is looked for by moving one family at a time: one in the cell's area gains or loses
the property, one elsewhere does the opposite, and where that would break the link, another hidden
cell of the same area is moved along.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from geo.suppression_guard import MOST, Table, leaves_inside, protect
from geo.suppression_tree import Bools, Ints, Tree, hidden_below, hide_path, is_small

_Move = tuple[str, int, int]
"""Cell, unit, +1 or -1."""
_Ward = tuple[str, int, int]
"""Cell, area, +1 for the cell itself and -1 for its complement."""


@dataclass(frozen=True, slots=True)
class Aid:
    """The linked families.

    Attributes
    ----------
    tables
        Cell to its family's table.
    everyone
        The poor per area.
    pool
        Per leaf the number of its pool: parts whose poor are hidden count as one.
    boundless
        Pools whose poor nobody knows, not even together.
    none
        The cell that counts who received nothing.
    """

    tables: Mapping[str, Table]
    everyone: Ints
    pool: Ints
    boundless: frozenset[int]
    none: str


def protect_aid(tree: Tree, aid: Aid, hidden: dict[str, Bools]) -> None:
    """Hide further areas of the linked families, in place, until the link narrows no small cell.

    Raises
    ------
    ValueError
        When the counts break the link themselves.
    """
    # A table found stays right when more is hidden: no cell is looked at twice.
    kept: set[_Ward] = set()
    while True:
        failed = list(_Search(tree, aid, hidden).list_failures(kept))
        if not failed:
            return
        nodes = dict.fromkeys(node for _, node in failed)
        were_hidden = [_hide_more(tree, aid, hidden, node) for node in nodes]
        if not any(were_hidden):
            raise ValueError("the counts of programmes and of no aid contradict each other")
        for cell, table in aid.tables.items():
            protect(tree, table, hidden[cell])


def _hide_more(tree: Tree, aid: Aid, hidden: dict[str, Bools], node: int) -> bool:
    """Hide all of the group where the cell is, else in the next part beside it, else above.

    When all is hidden up to the whole, nothing is known but that the link holds, and that is
    enough for any counts of real families.
    """
    for leaf in tree.leaves_below(node):
        if not _hides_all(aid, hidden, leaf) and aid.everyone[leaf]:
            for one in aid.tables:
                hidden[one][[leaf]] = True
            return True
    top = node if tree.children[node] else tree.parent[node]
    while top >= 0:
        beside = [leaf for leaf in tree.leaves_below(top) if aid.everyone[leaf]]
        beside = [leaf for leaf in beside if not _hides_all(aid, hidden, leaf)]
        if beside:
            leaf = min(beside, key=lambda one: (int(aid.everyone[one]), one))
            for one in aid.tables:
                hide_path(tree, hidden[one], leaf, top)
            return True
        if not _hides_all(aid, hidden, top):
            for one in aid.tables:
                hidden[one][top] = True
            return True
        top = tree.parent[top]
    return _hide_between(tree, aid, hidden)


def _hide_between(tree: Tree, aid: Aid, hidden: dict[str, Bools]) -> bool:
    """Hide all of the group in an area whose leaves are hidden and which is told itself.

    It stands off the way from the cell to the whole, and tells of its leaves together: of a single
    one it tells all.
    """
    told = [
        node
        for node in range(len(tree.codes))
        if aid.everyone[node] and not _hides_all(aid, hidden, node)
    ]
    if not told:
        return False
    node = min(told, key=lambda one: (int(aid.everyone[one]), one))
    for cell in aid.tables:
        hidden[cell][node] = True
    return True


def _hides_all(aid: Aid, hidden: Mapping[str, Bools], node: int) -> bool:
    return all(hidden[cell][node] for cell in aid.tables)


class _Search:
    """Looks for tables that agree with what is published."""

    def __init__(self, tree: Tree, aid: Aid, hidden: Mapping[str, Bools]) -> None:
        self.tree, self.aid, self.hidden = tree, aid, hidden
        self.programmes = [cell for cell in aid.tables if cell != aid.none]
        self.units = _list_units(tree, aid.pool)
        self.unit_of = {leaf: unit for unit, leaves in self.units.items() for leaf in leaves}
        self.open = {u for u in self.units if aid.pool[u] in aid.boundless}
        self.poor = {u: int(aid.everyone[leaves].sum()) for u, leaves in self.units.items()}
        self.held = {
            cell: {u: int(table.rows[0, leaves].sum()) for u, leaves in self.units.items()}
            for cell, table in aid.tables.items()
        }
        self.place = {cell: self._locate(hidden[cell]) for cell in aid.tables}

    def _locate(self, hidden: Bools) -> dict[int, tuple[int, tuple[int, ...]]]:
        """Return per hidden unit the visible area above (-1: none) and the units beside it."""
        place: dict[int, tuple[int, tuple[int, ...]]] = {}
        for top, parts in enumerate(self.tree.children):
            if not parts or (hidden[top] and top):
                continue
            leaves, _ = hidden_below(self.tree, hidden, top)
            units = tuple(dict.fromkeys(self.unit_of[leaf] for leaf in leaves))
            place |= dict.fromkeys(units, (-1 if hidden[top] else top, units))
        return place

    def list_failures(self, kept: set[_Ward]) -> Iterator[tuple[str, int]]:
        """Give the cells and areas for which no two tables were found; note the others."""
        for cell, table in self.aid.tables.items():
            for node in np.flatnonzero(np.any(is_small(table.rows), axis=0)):
                for row in np.flatnonzero(is_small(table.rows[:, node])):
                    ward = (cell, int(node), -1 if row else 1)
                    if ward in kept or self._is_kept(*ward):
                        kept.add(ward)
                    else:
                        yield cell, int(node)

    def _is_kept(self, cell: str, node: int, sign: int) -> bool:
        """Whether a small cell (its complement, for sign -1) can be 1 or less, and 4 or more."""
        leaves = self._leaves_of(cell, node)
        touched = list(dict.fromkeys(self.unit_of[leaf] for leaf in leaves))
        whole = [unit for unit in touched if set(self.units[unit]) <= set(leaves)]
        # A family more or less in an open pool changes nothing that is published.
        whole = [unit for unit in whole if unit not in self.open]
        return self._reaches(cell, whole, sign, is_up=False) and (
            not self.open.isdisjoint(touched) or self._reaches(cell, touched, sign, is_up=True)
        )

    def _leaves_of(self, cell: str, node: int) -> list[int]:
        leaves, _ = hidden_below(self.tree, self.hidden[cell], node)
        return leaves_inside(self.tree, leaves, node)

    def _reaches(self, cell: str, units: list[int], sign: int, *, is_up: bool) -> bool:
        held = {one: dict(of_units) for one, of_units in self.held.items()}

        def measure() -> int:
            mine = sum(held[cell][unit] for unit in units)
            return mine if sign > 0 else sum(self.poor[unit] for unit in units) - mine

        while (measure() < MOST) if is_up else (measure() > 1):
            step = sign if is_up else -sign
            if not any(self._move(held, (cell, unit, step), units) for unit in units):
                return False
        return True

    def _move(self, held: dict[str, dict[int, int]], first: _Move, outside: list[int]) -> bool:
        """Move one family in one unit and back elsewhere; leave ``held`` alone when impossible."""
        trial = {cell: dict(of_units) for cell, of_units in held.items()}
        cell, unit, step = first
        trial[cell][unit] += step
        moves = [first]
        while (mend := self._mend(trial, unit, {name for name, *_ in moves})) is not None:
            trial[mend[0]][unit] += mend[2]
            moves.append(mend)
        if not self._is_sound(trial, unit):
            return False
        if not all(
            self._give_back(trial, move, outside if move[0] == cell else [unit]) for move in moves
        ):
            return False
        held.update(trial)
        return True

    def _mend(
        self, held: Mapping[str, Mapping[int, int]], unit: int, moved: set[str]
    ) -> _Move | None:
        """Return the next move that the link asks for after another, None when it holds."""
        given = [held[one][unit] for one in self.programmes]
        aided = self.poor[unit] - held[self.aid.none][unit]
        if aided > sum(given):
            wanted = [(one, unit, 1) for one in self.programmes if held[one][unit] < aided]
            wanted = [(self.aid.none, unit, 1), *wanted]
        elif aided < max(given, default=0):
            over = [(one, unit, -1) for one in self.programmes if held[one][unit] > aided]
            wanted = [(self.aid.none, unit, -1), *over]
        else:
            return None
        free = [move for move in wanted if move[0] not in moved and unit in self.place[move[0]]]
        return next(iter(free), None)

    def _is_sound(self, held: Mapping[str, Mapping[int, int]], unit: int) -> bool:
        given = [held[one][unit] for one in self.programmes]
        none = held[self.aid.none][unit]
        aided = self.poor[unit] - none
        return min(*given, none, aided) >= 0 and max(given) <= aided <= sum(given)

    def _give_back(
        self, held: dict[str, dict[int, int]], move: _Move, outside: Iterable[int]
    ) -> bool:
        cell, unit, step = move
        top, units = self.place[cell][unit]
        if top < 0:
            return True
        for other in units:
            if other in outside or other == unit:
                continue
            held[cell][other] -= step
            if self._is_sound(held, other):
                return True
            held[cell][other] += step
        return False


def _list_units(tree: Tree, pool: Ints) -> dict[int, list[int]]:
    units: dict[int, list[int]] = {}
    first: dict[int, int] = {}
    for leaf in tree.leaves:
        number = int(pool[leaf])
        unit = leaf if number < 0 else first.setdefault(number, leaf)
        units.setdefault(unit, []).append(leaf)
    return units
