"""The pages beside the map: what each is called, and to which roles it is open.

The account menu of the map and the header of every page lead to the same ones, in this order.
"""

from __future__ import annotations

from typing import NamedTuple

from geo.text import N_

ASKERS = ("planner", "village_operator", "task_unit")
"""Roles that work with households of their own: on their data, and with questions of their own."""
DECIDERS = ("regent", *ASKERS, "local")
"""Roles that see who needs what and gets nothing, and what is planned."""


class Room(NamedTuple):
    """A page, or a group of pages under one address."""

    path: str
    title: str
    roles: tuple[str, ...]


ROOMS = (
    Room("/gaps", N_("Kesenjangan"), DECIDERS),
    Room("/plans", N_("Rencana"), DECIDERS),
    Room("/handed", N_("Daftar sasaran"), ("agency",)),
    Room("/programmes", N_("Program"), DECIDERS),
    Room("/questions", N_("Pertanyaan"), ASKERS),
    Room("/data", N_("Data"), ASKERS),
)


def list_rooms(role: str) -> tuple[Room, ...]:
    """Return the pages beside the map that are open to a role."""
    return tuple(room for room in ROOMS if role in room.roles)
