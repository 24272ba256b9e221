"""Opening the identities of one household for a purpose."""

from __future__ import annotations

from flask import Blueprint, Response, request
from sqlalchemy import Engine

from dashboard.auth.viewer import current_viewer
from dashboard.routes._answers import read_view
from dashboard.routes._desk import lead_on
from dashboard.state import href
from db.audit import record
from db.engine import writing
from db.reveals import open_reveal
from geo.errors import HouseholdNotFound


def add(blueprint: Blueprint, engine: Engine) -> None:
    """Add ``POST /households/<id>/reveal?<view>``, which leads back to the card."""

    @blueprint.post("/households/<int:household>/reveal")
    def reveal(household: int) -> Response:
        view = read_view(request)
        if household > 2**63 - 1:
            raise HouseholdNotFound(household)
        purpose = request.form.get("purpose", "")
        with writing(engine, current_viewer()) as conn:
            open_reveal(conn, household, purpose)
            record(conn, "reveal", household=household, purpose=" ".join(purpose.split()))
        return lead_on(f"/{href(view)}")
