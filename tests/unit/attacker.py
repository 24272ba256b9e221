"""Somebody who knows all that is published, and the rules, and a linear solver.

It shares nothing with the program: it reads shown values, writes down what must hold of the hidden
ones, and asks for the smallest and the largest value that each can have. Fractions are allowed, so
its intervals are never narrower than the truth's; where they are points, it has found it out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_matrix, csr_matrix
from scipy.sparse.csgraph import connected_components

Key = tuple[str, str]
OUTSIDE = ("status:rejected", "status:graduated")


class Attacker:
    """Knows the shown counts of all areas.

    Parameters
    ----------
    parents
        Area code to its parent's; the whole is "".
    cells
        Every cell that there is.
    shown
        Area and cell to the count that is told; what is missing is hidden.
    families
        All families of an area, where known.
    """

    def __init__(
        self,
        parents: Mapping[str, str | None],
        cells: Iterable[str],
        shown: Mapping[Key, int],
        families: Mapping[str, int] | None = None,
    ) -> None:
        self.parents = {code: parent or "" for code, parent in parents.items()}
        self.cells = sorted(cells)
        self.shown = shown
        inner = set(self.parents.values()) | {""}
        self.leaves = [code for code in self.parents if code not in inner]
        self.below: dict[str, list[str]] = defaultdict(list)
        for leaf in self.leaves:
            code = leaf
            while True:
                self.below[code].append(leaf)
                if code == "":
                    break
                code = self.parents[code]
        self.number = {
            (leaf, cell): place
            for place, (leaf, cell) in enumerate(
                (leaf, cell)
                for leaf in self.leaves
                for cell in self.cells
                if (leaf, cell) not in shown
            )
        }
        self.equal: list[tuple[dict[int, int], float]] = []
        self.most: list[tuple[dict[int, int], float]] = []
        self.highest = np.full(len(self.number), np.inf)
        self._know_sums()
        for leaf in self.leaves:
            self._know_rules(leaf)
        for leaf, count in (families or {}).items():
            self._add_most([((leaf, "all"), 1)], max(count, shown.get((leaf, "all"), 0)))
        self._split()

    def bounds(self, code: str, cell: str) -> tuple[float, float]:
        """Return what a count of an area can be."""
        return self._range([((leaf, cell), 1) for leaf in self.below[code]])

    def rest_bounds(self, code: str, cell: str) -> tuple[float, float]:
        """Return what the area's other families can be."""
        leaves = self.below[code]
        terms = [((leaf, "all"), 1) for leaf in leaves] + [((leaf, cell), -1) for leaf in leaves]
        return self._range(terms)

    def _know_sums(self) -> None:
        for (code, cell), count in self.shown.items():
            if code in self.below and (code, cell) not in self.number:
                self._add_equal([((leaf, cell), 1) for leaf in self.below[code]], count)

    def _know_rules(self, leaf: str) -> None:
        inside = [c for c in self.cells if c not in (*OUTSIDE, "all", "members")]
        for cell in inside:
            self._add_most([((leaf, cell), 1), ((leaf, "all"), -1)], 0)
        if "members" in self.cells:
            self._add_most([((leaf, "all"), 1), ((leaf, "members"), -1)], 0)
        deciles = [((leaf, c), 1) for c in inside if c.startswith("decile:")]
        statuses = [((leaf, c), 1) for c in inside if c.startswith("status:")]
        if deciles:
            self._add_most([*deciles, ((leaf, "all"), -1)], 0)
        if statuses:
            self._add_equal([*statuses, ((leaf, "all"), -1)], 0)
        programmes = [c for c in inside if c.startswith("programme:")]
        if programmes and "aid:none" in inside:
            nobody, everyone = (leaf, "aid:none"), (leaf, "all")
            for cell in programmes:
                self._add_most([((leaf, cell), 1), (nobody, 1), (everyone, -1)], 0)
            given = [((leaf, cell), -1) for cell in programmes]
            self._add_most([*given, (nobody, -1), (everyone, 1)], 0)

    def _fold(self, terms: list[tuple[Key, int]]) -> tuple[dict[int, int], float]:
        row: dict[int, int] = defaultdict(int)
        known = 0.0
        for key, factor in terms:
            if key in self.number:
                row[self.number[key]] += factor
            else:
                known += factor * self.shown[key]
        return dict(row), known

    def _add_equal(self, terms: list[tuple[Key, int]], value: float) -> None:
        row, known = self._fold(terms)
        if row:
            self.equal.append((row, value - known))
        else:
            assert known == value, "what is published contradicts itself"

    def _add_most(self, terms: list[tuple[Key, int]], value: float) -> None:
        row, known = self._fold(terms)
        if row:
            self.most.append((row, value - known))
        else:
            assert known <= value, "what is published contradicts itself"

    def _split(self) -> None:
        # Unknowns that no rule joins have nothing to say about each other.
        count = len(self.number)
        pairs = [
            (next(iter(row)), other)
            for row, _ in (*self.equal, *self.most)
            for other in list(row)[1:]
        ]
        ones = np.ones(len(pairs))
        links = np.array(pairs, dtype=int).reshape(-1, 2)
        graph = coo_matrix((ones, (links[:, 0], links[:, 1])), shape=(count, count))
        self.part_of = connected_components(graph, directed=False)[1] if count else np.array([])
        self.matrices: dict[frozenset[int], tuple[object, ...]] = {}

    def _range(self, terms: list[tuple[Key, int]]) -> tuple[float, float]:
        row, known = self._fold(terms)
        row = {place: factor for place, factor in row.items() if factor}
        if not row:
            return known, known
        parts = frozenset(int(self.part_of[place]) for place in row)
        if parts not in self.matrices:
            self.matrices[parts] = self._build(parts)
        places, equal, level, most, limit = self.matrices[parts]
        index = {int(place): at for at, place in enumerate(places)}  # type: ignore[call-overload]
        goal = np.zeros(len(index))
        for place, factor in row.items():
            goal[index[place]] = factor
        found = []
        for sign in (1, -1):
            done = linprog(
                sign * goal, A_ub=most, b_ub=limit, A_eq=equal, b_eq=level, bounds=(0, None)
            )
            if done.status == 3:
                found.append(np.inf)
            else:
                assert done.status == 0, done.message
                found.append(sign * done.fun)
        return known + found[0], known + found[1]

    def _build(self, parts: frozenset[int]) -> tuple[object, ...]:
        places = np.flatnonzero(np.isin(self.part_of, list(parts)))
        index = {int(place): at for at, place in enumerate(places)}

        def stack(rows: list[tuple[dict[int, int], float]]) -> tuple[object, object]:
            mine = [(row, value) for row, value in rows if next(iter(row)) in index]
            if not mine:
                return None, None
            entries = [
                (line, index[place], factor)
                for line, (row, _) in enumerate(mine)
                for place, factor in row.items()
            ]
            lines, columns, factors = zip(*entries, strict=True)
            matrix = csr_matrix((factors, (lines, columns)), shape=(len(mine), len(places)))
            return matrix, np.array([value for _, value in mine])

        return (places, *stack(self.equal), *stack(self.most))


def list_leaks(
    attacker: Attacker, counts: Mapping[str, Mapping[str, int]], *, step: int = 1
) -> list[str]:
    """Return the small counts that the attacker narrows, each with what it found.

    Parameters
    ----------
    attacker
        Who tries.
    counts
        The truth: area, then cell, to count.
    step
        Try every such small count only.
    """
    wards = []
    for code in sorted(counts):
        everyone = counts[code]["all"]
        for cell, count in sorted(counts[code].items()):
            if cell == "members":
                continue
            if 1 <= count <= 4:
                wards.append((code, cell, "bounds"))
            if cell not in (*OUTSIDE, "all") and 1 <= everyone - count <= 4:
                wards.append((code, cell, "rest_bounds"))
    leaks = []
    for code, cell, what in wards[::step]:
        low, high = getattr(attacker, what)(code, cell)
        if low > 1 + 1e-6 or high < 4 - 1e-6:
            leaks.append(f"{code} {cell} {what}: {low:g} to {high:g}, is {counts[code][cell]}")
    return leaks
