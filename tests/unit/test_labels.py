"""Every value of the register's own vocabularies has a name on screen."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from dashboard import labels
from db.demo import housing

VOCABULARIES = (
    (housing._OWNERSHIP, labels.HOUSE_OWNERSHIP),
    (housing._FLOOR, labels.MATERIAL),
    (housing._WALL, labels.MATERIAL),
    (housing._ROOF, labels.MATERIAL),
    (housing._WATER, labels.WATER),
    (housing._LIGHTING, labels.LIGHTING),
    (housing._COOKING, labels.FUEL),
    (housing._TOILET, labels.TOILET),
)


@pytest.mark.parametrize(("shares", "names"), VOCABULARIES)
def test_the_demos_houses_have_names(
    shares: Mapping[str, tuple[float, ...]], names: Mapping[str, str]
) -> None:
    assert set(shares) - set(names) == set()
