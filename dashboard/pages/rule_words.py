"""Rules in sentences, and what changed between two of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from dashboard.pages.document import Sheet
from dashboard.pages.rule_builder import GROUP_TITLES, Names
from dashboard.pages.rule_form import GROUPS
from geo.rules import Rule
from geo.text import N_
