"""Where those see a household who may not know the house: a ring round it."""

from __future__ import annotations

from typing import Any

import numpy as np

NEAREST_M = 150.0
FARTHEST_M = 400.0
Floats = np.ndarray[Any, np.dtype[np.float64]]


def draw_offsets(count: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Draw displacements of 150 to 400 m, evenly over the ring.

    A mask of a random point in a ring is known as "donut" masking (Hampton et al., American Journal
    of Epidemiology 172, 2010): the inner radius keeps a point from landing on its own house.

    Parameters
    ----------
    count
        How many.
    rng
        Seeded from the system, so that nobody draws the same ones again.

    Returns
    -------
    tuple of array
        Metres to the east and to the north, each of shape ``(count,)``.
    """
    # The root spreads the points evenly over the area rather than over the radius.
    distance = np.sqrt(rng.uniform(NEAREST_M**2, FARTHEST_M**2, count))
    direction = rng.uniform(0, 2 * np.pi, count)
    return distance * np.sin(direction), distance * np.cos(direction)
