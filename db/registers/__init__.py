"""The doors through which register files come in, one kind of file each."""

from db.registers.aid import import_aid
from db.registers.households import import_households
from db.registers.persons import import_persons, import_population
from db.registers.points import import_points
from db.registers.stats import import_stats

IMPORTERS = {
    "households": import_households,
    "persons": import_persons,
    "population": import_population,
    "aid": import_aid,
    "points": import_points,
    "stats": import_stats,
}
"""By the kind of file."""

__all__ = [
    "IMPORTERS",
    "import_aid",
    "import_households",
    "import_persons",
    "import_points",
    "import_population",
    "import_stats",
]
