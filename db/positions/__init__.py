"""The quality of positions: faults found and kept, listed, counted, dismissed, repaired."""

from db.positions.desk import (
    PAGE_SIZE,
    FaultFilter,
    FaultLine,
    PlacedHousehold,
    count_faulty_households,
    count_position_faults,
    iterate_position_faults,
    list_position_faults,
    set_fault_dismissed,
)
from db.positions.repair import Repair, repair_positions, submit_repair
from db.positions.search import refresh_position_faults

__all__ = [
    "PAGE_SIZE",
    "FaultFilter",
    "FaultLine",
    "PlacedHousehold",
    "Repair",
    "count_faulty_households",
    "count_position_faults",
    "iterate_position_faults",
    "list_position_faults",
    "refresh_position_faults",
    "repair_positions",
    "set_fault_dismissed",
    "submit_repair",
]
