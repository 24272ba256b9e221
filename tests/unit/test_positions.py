"""Faults of positions: found among many, and by laws that hold for any few."""

from __future__ import annotations

import dataclasses
from collections import Counter

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.crowding import find_copies, find_piles
from geo.positions import KINDS, METRES_PER_DEGREE, Fault, Pins, find_position_faults
from tests.position_samples import Sample, draw_sample

HOUSEHOLDS, OF_EACH_KIND = 50_000, 100
LEAST_RECALL, MOST_FALSE_ALARMS = 0.95, 0.01

# Two desa side by side, a tenth of a degree wide, at 114.0 to 114.2 and -8.1 to -8.0.
WEST, EAST = (shapely.box(west, -8.1, west + 0.1, -8.0) for west in (114.0, 114.1))
METRES_PER_LON = METRES_PER_DEGREE * np.cos(np.radians(8.05))
PLANE = np.array([METRES_PER_LON, METRES_PER_DEGREE])
POLYGONS = shapely.transform(np.array([WEST, EAST]), lambda degrees: degrees * PLANE)


@pytest.fixture(scope="module", params=[1, 2, 3])
def sample(request: pytest.FixtureRequest) -> Sample:
    return draw_sample(HOUSEHOLDS, OF_EACH_KIND, request.param)


def find(sample: Sample) -> list[Fault]:
    return find_position_faults(sample.pins, sample.polygons, sample.metres_per_lon)


def test_what_was_spoilt_is_found_and_little_else(sample: Sample) -> None:
    faults = find(sample)
    spoilt = {kind: set((rows + 1).tolist()) for kind, rows in sample.spoilt.items()}
    assert {kind: len(rows) for kind, rows in spoilt.items()} == dict.fromkeys(KINDS, OF_EACH_KIND)
    for kind in KINDS:
        found = {fault.id for fault in faults if fault.kind == kind}
        assert len(found & spoilt[kind]) >= LEAST_RECALL * OF_EACH_KIND, kind
    sound = HOUSEHOLDS - len(set().union(*spoilt.values()))
    # Of whom a position was copied is found as well, and counts as a false alarm here.
    alarms = {fault.id for fault in faults} - set().union(*spoilt.values())
    assert len(alarms) <= MOST_FALSE_ALARMS * sound


def test_exchanged_positions_are_given_back_and_nobody_elses(sample: Sample) -> None:
    faults = find(sample)
    proposed = {fault.id: fault.proposed for fault in faults if fault.proposed}
    rows = sample.spoilt["swapped"]
    lon, lat = sample.pins.lon[rows].tolist(), sample.pins.lat[rows].tolist()
    expected = dict(zip((rows + 1).tolist(), zip(lat, lon, strict=True), strict=True))
    assert proposed == expected


def make_pins(*places: tuple[float, float], **columns: list[float]) -> Pins:
    count = len(places)
    lon, lat = np.array(places, dtype=float).reshape(-1, 2).T
    numbers = {
        name: np.array(columns.get(name, [start] * count), dtype=np.int64)
        for name, start in (("desa", 0), ("house", -1), ("quarter", -1), ("card", -1))
    }
    accuracy_m = np.array(columns.get("accuracy_m", [np.nan] * count))
    return Pins(np.arange(count) + 1, lon, lat, accuracy_m, **numbers)


def find_among(pins: Pins) -> list[Fault]:
    return find_position_faults(pins, POLYGONS, METRES_PER_LON)


def kinds_of(pins: Pins) -> list[str]:
    return [fault.kind for fault in find_among(pins)]


NAN = float("nan")


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ((114.05, -8.05), None),
        ((NAN, -8.05), ("missing", {})),
        ((114.05, NAN), ("missing", {})),
        ((float("inf"), -8.05), ("missing", {})),
        ((114.1008, -8.05), None),
        ((114.1012, -8.05), ("outside_desa", {"distance_m": 132, "desa": 1})),
        ((113.9992, -8.05), None),
        ((113.998, -8.05), ("outside_regency", {"distance_m": 220})),
        ((1e300, -8.05), ("outside_regency", {"distance_m": 97_635_604})),
        ((-8.05, 114.05), ("swapped", {})),
        ((-8.05, 114.15), ("swapped", {})),
    ],
)
def test_one_position(
    place: tuple[float, float], expected: tuple[str, dict[str, object]] | None
) -> None:
    found = [(fault.kind, fault.detail) for fault in find_among(make_pins(place))]
    assert found == ([expected] if expected else [])


def test_a_repair_is_proposed_where_it_is_certain() -> None:
    in_its_desa, in_another = find_among(make_pins((-8.05, 114.05), (-8.05, 114.15)))
    assert in_its_desa.proposed == (114.05, -8.05)
    assert in_another.proposed is None


def test_the_device_says_how_far_it_may_be_off() -> None:
    places = [(114.01 + 0.01 * n, -8.05) for n in range(4)]
    faults = find_among(make_pins(*places, accuracy_m=[50, 50.6, NAN, 400]))
    assert [(one.id, one.kind, one.detail["accuracy_m"]) for one in faults] == [
        (2, "inaccurate", 51),
        (4, "inaccurate", 400),
    ]


@pytest.mark.parametrize(("families", "is_pile"), [(4, False), (5, True), (40, True)])
def test_a_crowd_on_one_spot_is_a_pile(families: int, is_pile: bool) -> None:
    places = [(114.05 + 1e-5 * (n % 3), -8.05 + 1e-5 * (n % 2)) for n in range(families)]
    faults = find_among(make_pins(*places, house=[1] * families))
    assert [(one.kind, one.detail["count"]) for one in faults] == (
        [("piled", families)] * families if is_pile else []
    )


def test_houses_wall_to_wall_are_no_pile() -> None:
    x, y = np.divmod(np.arange(400), 20)
    assert not find_piles(4.0 * x, 5.0 * y).any()


@pytest.mark.parametrize(
    ("house", "card", "digits", "copied"),
    [
        ([1, 2], [-1, -1], 6, [1, 2]),
        ([1, 2], [-1, -1], 5, [1, 2]),
        ([1, 2], [-1, -1], 4, []),
        ([1, 1, 1, 1], [-1] * 4, 6, []),
        ([1, 2], [7, 7], 6, []),
        ([1, 1, 2], [7, 8, 7], 6, [1, 2, 3]),
        ([-1, -1, -1], [-1] * 3, 6, []),
        ([1, -1, 1], [-1] * 3, 6, []),
        ([1, -1, 1, 1], [-1] * 4, 6, [1, 2, 3, 4]),
    ],
)
def test_copies_are_of_families_that_do_not_live_together(
    house: list[int], card: list[int], digits: int, copied: list[int]
) -> None:
    place = (round(114.0123456, digits), round(-8.0123456, digits))
    faults = find_among(make_pins(*[place] * len(house), house=house, card=card))
    assert [one.id for one in faults] == copied
    for one in faults:
        assert one.detail["count"] == len(house)
        assert one.detail["others"] == [n for n in copied if n != one.id]


@pytest.mark.parametrize(
    ("digits", "quarter", "copied"),
    [(4, [1, 2], [1, 2]), (4, [1, 1], []), (4, [1, -1], []), (3, [1, 2], [])],
)
def test_coarse_copies_are_of_different_quarters(
    digits: int, quarter: list[int], copied: list[int]
) -> None:
    place = (round(114.0123456, digits), round(-8.0123456, digits))
    faults = find_among(make_pins(place, place, house=[1, 2], quarter=quarter))
    assert [one.id for one in faults] == copied


def test_whole_seconds_agree_by_chance() -> None:
    place = (114 + 3 / 60 + 7 / 3600, -8 - 2 / 60 - 11 / 3600)
    apart = {"house": [1, 2], "quarter": [1, 2]}
    assert not kinds_of(make_pins(place, place, **apart))  # type: ignore[arg-type]
    rounded = (round(place[0], 6), round(place[1], 6))
    assert not kinds_of(make_pins(rounded, rounded, **apart))  # type: ignore[arg-type]


def test_a_household_may_have_several_faults_the_gravest_first() -> None:
    pins = make_pins(*[(0.0, 0.0)] * 6, house=[1, 2, 3, 4, 5, 6], accuracy_m=[60.0] * 6)
    kinds = [fault.kind for fault in find_among(pins) if fault.id == 1]
    assert kinds == ["outside_regency", "piled", "inaccurate"]


def test_nobody_has_no_fault() -> None:
    assert find_among(make_pins()) == []


def test_a_million_on_one_spot_are_counted_without_their_pairs() -> None:
    rng = np.random.default_rng(1)
    x, y = rng.uniform(0, 2, (2, 1_000_000))
    assert find_piles(x, y).min() > 100_000


places = st.one_of(
    st.tuples(st.floats(113.99, 114.21), st.floats(-8.11, -7.99)),
    st.tuples(st.floats(-8.11, -7.99), st.floats(113.99, 114.21)),
    st.sampled_from([(114.0512345, -8.0512345), (114.1512345, -8.0512345), (0.0, 0.0)]),
    st.sampled_from([(-8.0512345, 114.0512345), (NAN, NAN), (114.0512, -8.0512)]),
)
few_pins = st.lists(
    st.tuples(places, st.integers(-1, 1), st.integers(-1, 3), st.integers(-1, 4)), max_size=25
).map(
    lambda rows: make_pins(
        *[row[0] for row in rows],
        desa=[row[1] for row in rows],
        house=[row[2] for row in rows],
        quarter=[row[2] // 2 for row in rows],
        card=[row[3] for row in rows],
    )
)


def reorder(pins: Pins, order: np.ndarray) -> Pins:
    columns = (getattr(pins, field.name)[order] for field in dataclasses.fields(Pins))
    return Pins(*columns)


@given(few_pins, st.randoms())
def test_the_order_does_not_matter(pins: Pins, chance: object) -> None:
    order = np.arange(len(pins.id))
    chance.shuffle(order)  # type: ignore[attr-defined]
    assert find_among(reorder(pins, order)) == find_among(pins)


@given(few_pins)
def test_a_repair_takes_its_fault_away_and_brings_none(pins: Pins) -> None:
    before = find_among(pins)
    lon, lat = pins.lon.copy(), pins.lat.copy()
    for fault in before:
        if fault.proposed:
            lon[fault.id - 1], lat[fault.id - 1] = fault.proposed
    after = find_among(dataclasses.replace(pins, lon=lon, lat=lat))
    assert after == [fault for fault in before if not fault.proposed]


@given(few_pins)
def test_one_fault_of_a_kind_and_one_that_says_where(pins: Pins) -> None:
    faults = find_among(pins)
    assert max(Counter((one.id, one.kind) for one in faults).values(), default=1) == 1
    where = Counter(
        one.id
        for one in faults
        if one.kind in ("missing", "swapped", "outside_regency", "outside_desa")
    )
    assert max(where.values(), default=1) == 1


@given(few_pins)
def test_copies_are_those_of_a_plain_count(pins: Pins) -> None:
    """The definition once more, pair by pair."""
    located = np.isfinite(pins.lon) & np.isfinite(pins.lat)
    rows = np.flatnonzero(located)
    found = find_copies(
        pins.lon[rows],
        pins.lat[rows],
        pins.house[rows],
        pins.quarter[rows],
        pins.card[rows],
    )
    spots: dict[tuple[int, int], list[int]] = {}
    for row in rows.tolist():
        key = (round(pins.lon[row] * 1e9), round(pins.lat[row] * 1e9))
        spots.setdefault(key, []).append(row)
    expected = set()
    for (east, north), here in spots.items():

        def is_on(steps: float, slack: float, east: int = east, north: int = north) -> bool:
            off = [abs(n / 1e9 * steps - round(n / 1e9 * steps)) for n in (east, north)]
            return max(off) < slack

        is_coarse = is_on(1e4, 1e-3) or is_on(36_000, 0.02)
        is_rough = is_on(1e3, 1e-3) or is_on(3_600, 0.02)
        home = pins.quarter if is_coarse else pins.house
        known = [row for row in here if home[row] >= 0]
        apart = any(
            home[a] != home[b] and not (pins.card[a] == pins.card[b] and pins.card[a] >= 0)
            for a in known
            for b in known
        )
        too_many = not is_coarse and len(here) > 3 and len(known) < len(here)
        if not is_rough and (apart or too_many):
            expected |= set(here)
    assert {int(rows[n]) for n in np.flatnonzero(found >= 0)} == expected
