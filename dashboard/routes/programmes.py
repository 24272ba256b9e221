"""Programmes and their rules: the list, the page of one, its editor, and the count beside it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from dash import Dash
from flask import Blueprint, Response, request
from sqlalchemy import Connection, Engine

from dashboard.pages.document import Sheet
from dashboard.pages.programme_list import PATH, ProgrammeLine, draw_programmes
from dashboard.pages.programme_rule import COUNTED, Edit, Programme, draw_programme
from dashboard.pages.rule_answer import Answer, write_answer
from dashboard.pages.rule_form import GROUPS, Draft, draft_rule
from dashboard.pages.rule_frame import PROGRAMME_READERS
from dashboard.routes._documents import add_faults, answer_page, read_sheet
from dashboard.routes._errors import answer_fault
from dashboard.routes._rules import Desk, act_on, read_names
from db.audit import record
from db.engine import reading, writing
from db.queries.programme_facts import get_programme_facts, list_programme_facts
from db.rules import (
    ProgrammeRule,
    StaleEdit,
    get_programme_rule,
    list_rule_versions,
    save_programme_rule,
)
from geo.errors import MapError
from geo.rules import InvalidRule
from geo.text import N_
