"""The tables. Field terms as in docs/data.md; units in the names; SRID 4326 unless said.

A household carries its needs and its aid twice: as rows (``household_need``, ``aid``), which say
where each came from, and as bit masks, which make filters fast. Triggers keep the masks, and the
bit strings and grid cells derived from them, equal to the rows (``db/sql/derived.sql``).
"""

from db.models._base import Base
from db.models.accounts import AppUser, LoginSession
from db.models.areas import AdminArea, AreaStat, ClassBreaks, Indicator, Source
from db.models.audit import AuditEvent, AuditHead
from db.models.derived import (
    DataVersion,
    HouseholdBitmap,
    HouseholdCell,
    HouseholdOrder,
    HouseholdStale,
)
from db.models.desks import PositionFault, Verification
from db.models.ledger import ColumnMapping, ImportBatch, ImportRow, Job, MatchCandidate
from db.models.plans import Delivery, Plan, PlanChange, PlanHandover, PlanOpening, PlanTarget
from db.models.publication import Publication, PublicCount
from db.models.records import (
    AidRecord,
    AreaStatRecord,
    FieldPrecedence,
    HouseholdRecord,
    PersonRecord,
)
from db.models.register import Aid, Household, HouseholdNeed, Need, Person, Programme
from db.models.rights import Reveal
from db.models.rules import ProgrammeRule, Question, RuleState, SavedView
from db.models.trend import RegisterSnapshot

__all__ = [
    "AdminArea",
    "Aid",
    "AidRecord",
    "AppUser",
    "AreaStat",
    "AreaStatRecord",
    "AuditEvent",
    "AuditHead",
    "Base",
    "ClassBreaks",
    "ColumnMapping",
    "DataVersion",
    "Delivery",
    "FieldPrecedence",
    "Household",
    "HouseholdBitmap",
    "HouseholdCell",
    "HouseholdNeed",
    "HouseholdOrder",
    "HouseholdRecord",
    "HouseholdStale",
    "ImportBatch",
    "ImportRow",
    "Indicator",
    "Job",
    "LoginSession",
    "MatchCandidate",
    "Need",
    "Person",
    "PersonRecord",
    "Plan",
    "PlanChange",
    "PlanHandover",
    "PlanOpening",
    "PlanTarget",
    "PositionFault",
    "Programme",
    "ProgrammeRule",
    "PublicCount",
    "Publication",
    "Question",
    "RegisterSnapshot",
    "Reveal",
    "RuleState",
    "SavedView",
    "Source",
    "Verification",
]
