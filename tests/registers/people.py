"""Invented families who are the same in whichever register they stand, and where they live."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from random import Random
from typing import Any

import numpy as np
import shapely
from sqlalchemy import Connection, text

from db.registers.places import Places

METRES = 111_320.0


@dataclass(frozen=True, slots=True)
class Village:
    """A square desa of 0.05 by 0.05 degrees."""

    code: str
    bps: str
    name: str
    west: float
    south: float = -8.05

    @property
    def shape(self) -> shapely.Polygon:
        return shapely.box(self.west, self.south, self.west + 0.05, self.south + 0.05)


VILLAGES = (
    Village("35.10.01.2001", "3510010001", "Barat", 114.0),
    Village("35.10.01.2002", "3510010002", "Timur", 114.05),
    # The trap: the digits of each are those of the other in the other numbering.
    Village("35.10.02.2001", "3510022002", "Wetan Kali", 114.1),
    Village("35.10.02.2002", "3510022001", "Kulon Kali", 114.15),
)


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a family."""

    key: str
    nik: str
    name: str
    birth_date: date
    sex: str
    relationship: str
    marital_status: str
    schooling: str
    education: str
    work: str


@dataclass(frozen=True, slots=True)
class House:
    """A family, its head first among the members."""

    number: int
    kk: str
    village: Village
    address: str
    decile: int
    housing: dict[str, str]
    receives: frozenset[str]
    lon: float
    lat: float
    members: tuple[Member, ...]

    @property
    def head(self) -> Member:
        return self.members[0]


HOUSING = {
    "house_ownership": ("own", "rent", "free"),
    "floor_material": ("cement", "wood", "bamboo", "earth"),
    "wall_material": ("brick", "wood", "bamboo"),
    "roof_material": ("concrete", "tile", "bamboo", "thatch"),
    "drinking_water": ("piped", "borehole", "protected_well", "unprotected_well", "rain"),
    "lighting": ("pln_metered", "pln_unmetered", "non_pln", "none"),
    "cooking_fuel": ("lpg_3kg", "kerosene", "firewood"),
    "toilet": ("own", "shared", "none"),
}
_FIRST = ("Sari", "Budi", "Wahyu", "Tono", "Rini", "Joko", "Yanti", "Agus", "Dewi", "Slamet")
_LAST = ("Wulan", "Santoso", "Hidayat", "Lestari", "Prasetyo", "Rahayu", "Kusuma", "Utami")


@cache
def make_households(
    count: int = 20, *, seed: int = 1, villages: tuple[Village, ...] = VILLAGES
) -> tuple[House, ...]:
    """Invent families; the same arguments give the same ones."""
    rng = Random(seed)
    return tuple(_make_house(number, seed, rng, villages) for number in range(1, count + 1))


def _make_house(number: int, seed: int, rng: Random, villages: tuple[Village, ...]) -> House:
    village = villages[number % len(villages)]
    district = village.code.replace(".", "")[:6]
    serial = f"{seed % 10}{number % 1000:03d}"
    couple = [
        _make_member(f"{number}-1", district, serial, rng, ("male", "head"), 1985),
        _make_member(f"{number}-2", district, serial, rng, ("female", "spouse"), 1987),
    ]
    child = _make_member(f"{number}-3", district, serial, rng, ("female", "child"), 2012)
    # One woman in four heads her family alone.
    members = [couple[0], couple[1], child] if number % 4 else [_alone(couple[1])]
    return House(
        number,
        f"{district}0101{10 + number % 15:02d}{serial}",
        village,
        f"Dusun Krajan RT {number % 9 + 1}",
        number % 4 + 1,
        {key: rng.choice(values) for key, values in HOUSING.items()},
        frozenset(code for code in ("pkh", "bpnt", "pbi_jkn") if rng.random() < 0.5),
        round(village.west + 0.01 + rng.random() * 0.03, 5),
        round(village.south + 0.01 + rng.random() * 0.03, 5),
        tuple(members),
    )


def _make_member(
    key: str, district: str, serial: str, rng: Random, who: tuple[str, str], year: int
) -> Member:
    sex, relationship = who
    born = date(year, 1, 1) + timedelta(rng.randrange(365))
    day = born.day + 40 * (sex == "female")
    is_child = relationship == "child"
    return Member(
        f"P{key}",
        f"{district}{day:02d}{born:%m%y}{serial}",
        f"{rng.choice(_FIRST)} {rng.choice(_LAST)}",
        born,
        sex,
        relationship,
        "single" if is_child else "married",
        "attending" if is_child else "finished",
        "primary" if is_child else rng.choice(("primary", "lower_secondary", "upper_secondary")),
        "student" if is_child else rng.choice(("farmer", "fisher", "trader")),
    )


def _alone(woman: Member) -> Member:
    return Member(
        woman.key, woman.nik, woman.name, woman.birth_date, woman.sex, "head", "widowed",
        woman.schooling, woman.education, woman.work,
    )  # fmt: skip


def make_places(villages: tuple[Village, ...] = VILLAGES) -> Places:
    """Lay the villages out without a database."""
    scale = METRES * np.cos(np.radians(-8.025))
    shapes = shapely.transform(
        np.array([one.shape for one in villages]),
        lambda degrees: degrees * np.array([scale, METRES]),
    )
    shapely.prepare(shapes)
    codes = [one.code for one in villages]
    return Places(
        codes,
        {code: number for number, code in enumerate(codes)},
        shapes,
        shapely.STRtree(shapes),
        float(scale),
        {one.bps: one.code for one in villages if one.bps},
        {one.code: one.name for one in villages},
    )


def lay_out_villages(conn: Connection, villages: tuple[Village, ...] = VILLAGES) -> None:
    """Lay the villages out in a database, with their kecamatan and kabupaten."""
    conn.execute(
        text("""INSERT INTO source (code, kind, name, as_of)
                VALUES ('b', 'boundary', 'Batas', '2026-01-01') ON CONFLICT DO NOTHING""")
    )
    east = max(one.west for one in villages) + 0.05
    whole = {"west": min(one.west for one in villages), "east": east}
    _add_area(conn, "35.10", "kabupaten", "Kabupaten", None, **whole)
    for district in sorted({one.code[:8] for one in villages}):
        inside = [one.west for one in villages if one.code.startswith(district)]
        edges = {"west": min(inside), "east": max(inside) + 0.05}
        _add_area(conn, district, "kecamatan", f"Kecamatan {district}", "35.10", **edges)
    for one in villages:
        edges = {"west": one.west, "east": one.west + 0.05}
        _add_area(conn, one.code, "desa", one.name, one.code[:8], bps=one.bps, **edges)


def _add_area(
    conn: Connection, code: str, level: str, name: str, parent: str | None, **more: Any
) -> None:
    conn.execute(
        text("""
        INSERT INTO admin_area (code, level, kind, name, parent_code, bps_code, geom, geom_map,
                                label_point, area_km2, source, as_of)
        SELECT :code, :level, :level, :name, :parent, :bps, ST_Multi(g), ST_Multi(g),
               ST_Centroid(g), 1, 'b', '2026-01-01'
        FROM ST_MakeEnvelope(:west, -8.05, :east, -8.0, 4326) AS g"""),
        {"code": code, "level": level, "name": name, "parent": parent, "bps": None} | more,
    )
