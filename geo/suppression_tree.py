"""The areas as a tree, and the hidden ones of a family as parts of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

ROOT = ""
"""Everything that is loaded, the parent of the kabupaten."""

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Tree:
    """Areas by number, a parent before its parts, brothers in code order.

    Attributes
    ----------
    codes
        Area codes; the first is :data:`ROOT`.
    parent
        Number of each area's parent; -1 for the root.
    children
        Numbers of each area's parts; none for a leaf.
    """

    codes: tuple[str, ...]
    parent: tuple[int, ...]
    children: tuple[tuple[int, ...], ...]

    @property
    def leaves(self) -> list[int]:
        """Numbers of the areas without parts."""
        return [node for node, parts in enumerate(self.children) if not parts]

    def path(self, node: int, top: int) -> list[int]:
        """Return the areas from a node up to, but without, one above it."""
        steps = []
        while node != top:
            steps.append(node)
            node = self.parent[node]
        return steps

    def leaves_below(self, top: int) -> list[int]:
        """Return the leaves of an area in order; a leaf has itself."""
        return self.walk(top, lambda _node: True)[0]

    def walk(self, top: int, enters: Callable[[int], bool]) -> tuple[list[int], list[int]]:
        """Return the leaves and the inner areas below an area that can be reached.

        Parameters
        ----------
        top
            Where to start; never itself among the inner areas.
        enters
            Whether an area below is gone into.
        """
        if not self.children[top]:
            return [top], []
        leaves, inner = [], []
        waiting = list(self.children[top])
        while waiting:
            node = waiting.pop()
            if not enters(node):
                continue
            if self.children[node]:
                inner.append(node)
                waiting.extend(self.children[node])
            else:
                leaves.append(node)
        return sorted(leaves), sorted(inner)

    def add_up(self, of_leaves: Mapping[str, int]) -> Ints:
        """Return a count for every area, made of those of the leaves (absent is zero)."""
        counts = np.array([of_leaves.get(code, 0) for code in self.codes], dtype=np.int64)
        for node, parts in enumerate(self.children):
            if parts:
                counts[node] = 0
        for node in range(len(self.codes) - 1, 0, -1):
            counts[self.parent[node]] += counts[node]
        return counts


def make_tree(parents: Mapping[str, str | None]) -> Tree:
    """Make the tree and number its areas.

    Parameters
    ----------
    parents
        Area code to its parent's; None stands directly under :data:`ROOT`.
    """
    below: dict[str, list[str]] = {}
    for code in sorted(parents):
        below.setdefault(parents[code] or ROOT, []).append(code)
    codes = [ROOT]
    for code in codes:  # grows while it is walked: level by level
        codes.extend(below.get(code, ()))
    number = {code: place for place, code in enumerate(codes)}
    return Tree(
        codes=tuple(codes),
        parent=(-1, *(number[parents[code] or ROOT] for code in codes[1:])),
        children=tuple(tuple(number[part] for part in below.get(code, ())) for code in codes),
    )


def hidden_below(tree: Tree, hidden: Bools, top: int) -> tuple[list[int], list[int]]:
    """Return the hidden leaves and hidden inner areas reached through hidden areas only.

    Whoever knows the top and every visible area knows these leaves' sum, and no more of them.
    """
    return tree.walk(top, lambda node: bool(hidden[node]))


def list_components(tree: Tree, hidden: Bools) -> list[tuple[int | None, list[int]]]:
    """Return ``(visible area above, hidden leaves)`` of each component; None: no sum is known."""
    found: list[tuple[int | None, list[int]]] = []
    for top, parts in enumerate(tree.children):
        if parts and (top == 0 or not hidden[top]):
            leaves, _ = hidden_below(tree, hidden, top)
            if leaves:
                found.append((None if hidden[top] else top, leaves))
    return found


def hide_path(tree: Tree, hidden: Bools, leaf: int, top: int) -> None:
    """Hide a leaf and what lies between it and the area above."""
    for node in tree.path(leaf, top):
        hidden[node] = True


def is_small(counts: Ints) -> Bools:
    """Whether counts are of one to four families."""
    return (counts >= 1) & (counts < LEAST)


LEAST = 5
"""The smallest count above zero that may be told."""


def order_by(nodes: Iterable[int], *keys: Ints) -> list[int]:
    """Sort areas by some figures of theirs, then by number."""
    return sorted(nodes, key=lambda node: (*(int(key[node]) for key in keys), node))
