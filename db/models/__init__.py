"""The tables. Field terms as in docs/data.md; units in the names; SRID 4326 unless said.

A household carries its needs and its aid twice: as rows (``household_need``, ``aid``), which say
where each came from, and as bit masks, which make filters fast. Triggers keep the masks, and the
bit strings and grid cells derived from them, equal to the rows (``db/sql/derived.sql``).
"""

from db.models._base import Base
from db.models.accounts import AppUser, LoginSession
from db.models.areas import AdminArea, AreaStat, ClassBreaks, Indicator, Source
from db.models.audit import AuditEvent, AuditHead
from db.models.derived import DataVersion, HouseholdBitmap, HouseholdCell, HouseholdStale
from db.models.ledger import ImportBatch, ImportRow
from db.models.publication import Publication, PublicCount
from db.models.register import Aid, Household, HouseholdNeed, Need, Person, Programme
from db.models.rights import Reveal

__all__ = [
    "AdminArea",
    "Aid",
    "AppUser",
    "AreaStat",
    "AuditEvent",
    "AuditHead",
    "Base",
    "ClassBreaks",
    "DataVersion",
    "Household",
    "HouseholdBitmap",
    "HouseholdCell",
    "HouseholdNeed",
    "HouseholdStale",
    "ImportBatch",
    "ImportRow",
    "Indicator",
    "LoginSession",
    "Need",
    "Person",
    "Programme",
    "PublicCount",
    "Publication",
    "Reveal",
    "Source",
]
