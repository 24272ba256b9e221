"""The doors through which register files come in, one kind of file each."""

from db.registers.aid import import_aid
from db.registers.households import import_households
from db.registers.stats import import_stats

__all__ = ["import_aid", "import_households", "import_stats"]
