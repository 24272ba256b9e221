"""Sharing a number of places among villages: largest remainder, within a floor and a cap for each.

Each village's exact share is ``min(cap, max(floor, scale * weight))``, with the one scale at which
the shares add up to the places. All get the whole part; what is left goes, one each, to the largest
fractional parts. Fractions are exact, so the same input gives the same places everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Part:
    """A village as the sharing sees it.

    Attributes
    ----------
    code
        Decides between villages that are equal in everything else; unique.
    weight
        Its claim. Zero only where ``cap`` is zero.
    cap
        Most places that it can use.
    floor
        Places that it gets before others get more than theirs; at most ``cap``.
    """

    code: str
    weight: int
    cap: int
    floor: int = 0

    def __post_init__(self) -> None:
        """Refuse what can't be shared by."""
        if not 0 <= self.floor <= self.cap or self.weight < 0 or (self.cap and not self.weight):
            raise ValueError(f"not a part: {self}")


def apportion(places: int, parts: Sequence[Part]) -> dict[str, int]:
    """Share places among parts.

    Parameters
    ----------
    places
        How many there are.
    parts
        In any order. Where the floors alone are more than the places, they are shared by weight
        as well, none getting more than its floor.

    Returns
    -------
    dict
        Places by code, in the order of codes. They add up to ``places``, or to the sum of the caps
        where that is less.
    """
    parts = sorted(parts, key=lambda part: part.code)
    if places >= sum(part.cap for part in parts):
        return {part.code: part.cap for part in parts}
    if places < sum(part.floor for part in parts):
        parts = [replace(part, cap=part.floor, floor=0) for part in parts]
    scale = _find_scale(places, parts)
    shares = {
        part.code: min(Fraction(part.cap), max(Fraction(part.floor), scale * part.weight))
        for part in parts
    }
    given = {code: int(share) for code, share in shares.items()}
    rest = places - sum(given.values())
    by_remainder = sorted(
        parts, key=lambda part: (given[part.code] - shares[part.code], -part.weight, part.code)
    )
    for part in by_remainder[:rest]:
        given[part.code] += 1
    return given


def share_caps(
    candidates: Mapping[str, int], by: str, floor: int = 0, most: int | None = None
) -> list[Part]:
    """Make the parts of a plan's villages.

    Parameters
    ----------
    candidates
        Households that could be taken, by desa.
    by
        ``need``: by the number of candidates; ``equal``: each village the same.
    floor, most
        Places per village at least and at most, as far as there are candidates.
    """
    parts = []
    for code, count in candidates.items():
        cap = count if most is None else min(count, most)
        weight = count if by == "need" else 1
        parts.append(Part(code, weight, cap, min(floor, cap)))
    return parts


def _find_scale(places: int, parts: Sequence[Part]) -> Fraction:
    """Return the scale at which the shares add up to places, which lie between floors and caps."""
    bends = []
    for part in parts:
        if part.cap > part.floor:
            bends.append((Fraction(part.floor, part.weight), part.weight))
            bends.append((Fraction(part.cap, part.weight), -part.weight))
    total, slope, scale = Fraction(sum(part.floor for part in parts)), 0, Fraction(0)
    for at, change in sorted(bends):
        reached = total + slope * (at - scale)
        if reached >= places and slope:
            return scale + (places - total) / slope
        total, slope, scale = reached, slope + change, at
    return scale
