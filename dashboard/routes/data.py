"""The pages of data: what came in, how fresh it is, and the way for more."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from flask import Blueprint, Flask, Response, request
from sqlalchemy import Engine

from dashboard.errors import draw_fault_page
from dashboard.pages.data_home import Home, draw_home
from dashboard.pages.data_parts import READERS
from dashboard.routes import data_batches, data_jobs, data_sources, data_uploads
from dashboard.routes._data_desk import KINDS_OF_ROLE, DataDesk, name_own_source
from dashboard.routes._desk import allow, read_page
from dashboard.routes._documents import answer_page, read_words
from dashboard.routes._errors import answer_fault
from dashboard.uploads import Uploads
from db.engine import reading
from db.jobs import list_jobs
from db.queries.batches import count_waiting, list_batches, list_source_states
from db.queries.sources import is_all_synthetic
from geo.errors import MapError

if TYPE_CHECKING:
    from dashboard.settings import Settings


def add(server: Flask, engine: Engine, settings: Settings) -> None:
    """Add ``/data`` and what lies beneath it, but for the other desks.

    Parameters
    ----------
    server
        The application's.
    engine
        Handed down by the app factory.
    settings
        Say where uploads lie, and in which zone times are shown.
    """
    blueprint = Blueprint("data", __name__)
    desk = DataDesk(engine, ZoneInfo(settings.time_zone), Uploads(settings.home))
    _add_home(blueprint, desk)
    for module in (data_uploads, data_jobs, data_batches, data_sources):
        module.add(blueprint, desk)

    @blueprint.errorhandler(MapError)
    def answer(error: MapError) -> Response:
        if request.endpoint in data_uploads.SPOKEN_BY_SCRIPTS:
            return answer_fault(read_words().say_fault(error), error.status)
        return answer_page(draw_fault_page(error, read_words()), error.status)

    server.register_blueprint(blueprint)


def _add_home(blueprint: Blueprint, desk: DataDesk) -> None:
    @blueprint.get("/data")
    def get_home() -> Response:
        viewer, sheet = allow(READERS), desk.sheet()
        kinds = KINDS_OF_ROLE.get(viewer.role, ())
        own_source = name_own_source(desk, viewer) if kinds else None
        with reading(desk.engine, viewer) as conn:
            home = Home(
                sources=list_source_states(conn),
                batches=list_batches(conn, read_page(sheet), page_size=10),
                jobs=list_jobs(conn, unfinished=True),
                uploads=tuple(desk.uploads.list_of(viewer.user)),
                waiting=count_waiting(conn),
                kinds=kinds,
                own_source=own_source,
                today=desk.today(),
                is_trial_house=is_all_synthetic(conn),
            )
        return answer_page(draw_home(sheet, home))
