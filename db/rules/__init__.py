"""Rules in the database: the live count, questions, versions of rules, views under a name."""

from db.rules.questions import count_rule, get_question, open_question, read_rule
from db.rules.saved_views import (
    LONGEST_NAME,
    SavedView,
    drop_saved_view,
    list_saved_views,
    save_view,
)
from db.rules.versions import (
    LONGEST_NOTE,
    MOST_SERVED_YEARS,
    ProgrammeNotFound,
    ProgrammeRule,
    get_programme_rule,
    list_programme_rules,
    list_rule_versions,
    save_programme_rule,
)

__all__ = [
    "LONGEST_NAME",
    "LONGEST_NOTE",
    "MOST_SERVED_YEARS",
    "ProgrammeNotFound",
    "ProgrammeRule",
    "SavedView",
    "count_rule",
    "drop_saved_view",
    "get_programme_rule",
    "get_question",
    "list_programme_rules",
    "list_rule_versions",
    "list_saved_views",
    "open_question",
    "read_rule",
    "save_programme_rule",
    "save_view",
]
