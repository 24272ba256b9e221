"""The application: makes the engine, hands it down, puts the rooms together."""

from __future__ import annotations

from dash import Dash
from flask import Flask, Response, has_request_context, redirect, request
from sqlalchemy import Engine

from dashboard import callbacks, routes
from dashboard.assets import ASSETS, ENDPOINT, keep_assets, name_assets_path
from dashboard.auth import setup as auth
from dashboard.auth.bounds import WITHOUT_MAP
from dashboard.auth.viewer import allow_local, current_viewer
from dashboard.errors import PageNotFound, draw_fault_page, show_fault
from dashboard.pages.check import check_address
from dashboard.pages.index import draw_index
from dashboard.pages.map import draw_page
from dashboard.settings import Settings
from dashboard.state import href, read_view
from dashboard.words import LANGUAGES, words_of
from db.engine import make_engine
from db.rights import web_address
from db.viewer import Viewer
from geo.errors import DatabaseUnavailable, MapError

LANGUAGE_COOKIE = "kentongan_language"
_INDEX_ENDPOINTS = ("/", "/<path:path>")
# The library's files and the parts of the map's module are fetched by those that import them, the
# theme by the head of the page, and the last by pages that are drawn without Dash.
_NOT_LOADED_BY_DASH = (
    r"^(map_.*\.mjs|glyphs\.mjs|theme\.js|(document|data|gaps)\.css|(upload|job_progress)\.mjs"
    r"|(review|desk_job|verification|rule|plan|delivery)\.(mjs|css))$"
)


class Application(Dash):
    """Dash with a page of our own round it."""

    def interpolate_index(self, **parts: str) -> str:  # type: ignore[override]
        """Return the document in the language of its address."""
        return draw_index(parts, read_language())


def create_app(
    settings: Settings, *, local_viewer: Viewer | None = None, has_demo_buttons: bool = False
) -> Dash:
    """Make the application.

    Parameters
    ----------
    settings
        With ``database_url`` filled in. Nothing is connected yet.
    local_viewer
        In whose name every request is answered, without any login. For an application that
        listens nowhere, and for tests; ``serve`` and ``demo`` have no way to say so.
    has_demo_buttons
        Lets everybody in by a button per role. Only the command ``demo`` says so.

    Returns
    -------
    Dash
        Its ``server`` is the WSGI application.
    """
    engine = make_engine(
        _address_of_database(settings, is_local=local_viewer is not None),
        pool_size=settings.pool_size,
        statement_timeout_ms=settings.statement_timeout_ms,
    )
    app = Application(
        "dashboard",
        server=_make_server(),  # type: ignore[arg-type]  # Dash takes a Flask; its stub forgets it
        assets_folder=str(ASSETS),
        assets_url_path=name_assets_path(),
        assets_ignore=_NOT_LOADED_BY_DASH,
        assets_path_ignore=["vendor"],
        compress=True,
        enable_mcp=False,
        on_error=show_fault,
        use_pages=False,
        title="Kentongan",
        update_title="",
    )
    app.server.secret_key = settings.get_secret_key()
    if local_viewer is None:  # before anything else that looks at a request
        auth.register(app.server, engine, settings, has_demo_buttons=has_demo_buttons)
    else:
        allow_local(app.server, local_viewer)
    app.server.extensions["engine"] = engine  # for whoever ends the server to close it
    app.layout = lambda: draw_page(words_of(read_language()))
    callbacks.register(app, engine, settings)
    routes.register(app, engine, settings)
    _guard_addresses(app, engine, is_secure=settings.is_secure)
    _close_files(app)
    keep_assets(app.server)
    return app


def _address_of_database(settings: Settings, *, is_local: bool) -> str:
    """Return where to log in: as the owner for the command line, as nobody special for browsers."""
    owner = str(settings.database_url)
    if is_local:
        return owner
    address = web_address(owner, settings.get_web_password())
    return address.render_as_string(hide_password=False)


def _make_server() -> Flask:
    server = Flask("dashboard", static_folder=None)
    # Our files are streamed and compressed; without this a browser that has one gets it again.
    server.config["COMPRESS_STREAMING_ENDPOINT_CONDITIONAL"] = [ENDPOINT]
    return server


def read_language() -> str:
    """Read the language of a request: the address's, else the cookie that the document set.

    Dash asks for the layout without the page's address, so the document leaves a cookie.
    """
    if not has_request_context():
        return "id"  # Dash draws the layout once at the start, to check its ids.
    if request.endpoint in _INDEX_ENDPOINTS:
        asked = request.args.get("language", "id")
    else:
        asked = request.cookies.get(LANGUAGE_COOKIE, "id")
    return asked if asked in LANGUAGES else "id"


def _guard_addresses(app: Dash, engine: Engine, *, is_secure: bool) -> None:
    @app.server.before_request
    def refuse_wrong_addresses() -> Response | None:
        if request.endpoint not in _INDEX_ENDPOINTS:
            return None
        try:
            if request.path != "/":
                raise PageNotFound
            start = WITHOUT_MAP.get(current_viewer().role)
            if start is not None:
                return redirect(start)  # type: ignore[return-value]
            query = request.query_string.decode("utf-8", "replace")
            view = check_address(engine, query)
            if view != read_view(query) and view.household is not None:
                return redirect(f"/{href(view)}")  # type: ignore[return-value]
        except DatabaseUnavailable:
            return None  # The page opens, says so, and comes back by itself.
        except MapError as error:
            page = draw_fault_page(error, words_of(read_language()))
            return Response(page, status=error.status, mimetype="text/html")
        return None

    @app.server.after_request
    def remember_language(response: Response) -> Response:
        if request.endpoint in _INDEX_ENDPOINTS:
            response.set_cookie(
                LANGUAGE_COOKIE, read_language(), secure=is_secure, httponly=True, samesite="Lax"
            )
        return response


def _close_files(app: Dash) -> None:
    @app.server.after_request
    def close_with_answer(response: Response) -> Response:
        # Flask-Compress puts a generator in the place of a file and never closes the file.
        if response.direct_passthrough and hasattr(response.response, "close"):
            response.call_on_close(response.response.close)
        return response
