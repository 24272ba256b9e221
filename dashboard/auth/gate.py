"""The gate: nothing passes without a session but what is listed here."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from flask import Flask, Response, redirect, request
from flask_wtf.csrf import CSRFError, CSRFProtect
from werkzeug.exceptions import HTTPException, NotFound, RequestEntityTooLarge, SecurityError

from dashboard.auth.viewer import find_account
from dashboard.errors import draw_fault_page
from dashboard.routes._errors import answer_fault, say_status
from dashboard.words import LANGUAGES, Words, words_of
from geo.errors import AccessDenied, DatabaseUnavailable, MapError
from geo.text import N_

if TYPE_CHECKING:
    from dashboard.settings import Settings

MAX_BODY_BYTES = 2_000_000
LANGUAGE_COOKIE = "kentongan_language"
CALLBACKS = "/_dash-update-component"
_INDEX = ("/", "/<path:path>")
_ACCOUNT = "auth.show_account"
OPEN = frozenset(
    {
        "_dash_assets.static",
        "/_dash-component-suites/<string:package_name>/<path:fingerprinted_path>",
        "routes.get_health",
        "auth.show_login",
        "auth.log_in",
        "auth.show_code",
        "auth.check_code",
        "auth.log_in_by_button",
        "auth.log_out",
        "auth.show_logout",
    }
)
"""Endpoints that answer without a session. A new route is closed until it stands here."""

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_LONGEST_ADDRESS = 2_000
FOREIGN = N_("Permintaan ini datang dari situs lain, jadi tidak dilayani.")
STALE_FORM = N_("Formulir ini sudah kedaluwarsa. Buka lagi halamannya, lalu coba sekali lagi.")
CHANGE_FIRST = N_("Ganti kata sandi Anda lebih dahulu.")


def add(server: Flask, settings: Settings) -> None:
    """Put the gate before every path of a server, also of those that are added later."""
    server.config.update(
        MAX_CONTENT_LENGTH=MAX_BODY_BYTES,
        WTF_CSRF_CHECK_DEFAULT=False,  # asked below, after the session
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session; an open login page stays good
        WTF_CSRF_SSL_STRICT=False,  # the origin is compared below, behind a proxy too
    )
    csrf = CSRFProtect(server)
    scheme = "https" if settings.https else None

    @server.before_request
    def pass_or_refuse() -> Response | None:
        try:
            denied = _demand_session()
            if denied is None:
                _demand_own_site(csrf, scheme)
            return denied
        except MapError as error:
            return refuse(error)
        except CSRFError:
            return refuse(AccessDenied(STALE_FORM, status=403))

    server.register_error_handler(HTTPException, _answer_http_error)


def is_page() -> bool:
    """Whether a person looks at the answer: it is a page rather than data for one."""
    if request.endpoint in _INDEX or request.blueprint == "auth":
        return True
    asked = request.headers.get("Accept", "")
    return request.blueprint != "routes" and request.method == "GET" and "text/html" in asked


def read_language() -> str:
    """Read the language of a request: the address's, else what the map was last read in."""
    asked = request.args.get("language") or request.cookies.get(LANGUAGE_COOKIE, "id")
    return asked if asked in LANGUAGES else "id"


def read_next(address: str | None) -> str:
    r"""Return where to go after the login: a path of this site, else the map.

    Browsers take ``//host``, ``/\host`` and a path with a tab in it for another site's address.
    """
    if not address or len(address) > _LONGEST_ADDRESS:
        return "/"
    parts = urlsplit(address)
    is_plain = address.isprintable() and "\\" not in address and " " not in address
    is_ours = address.startswith("/") and not address.startswith("//")
    if not (is_plain and is_ours) or parts.scheme or parts.netloc:
        return "/"
    return "/" if parts.path in ("/login", "/logout", "/login/code") else address


def refuse(error: MapError) -> Response:
    """Answer with one sentence: as a page where a person looks, else in the one shape."""
    words = words_of(read_language())
    if not is_page():
        return answer_fault(words.say_fault(error), error.status)
    page = draw_fault_page(error, words)
    response = Response(page, status=error.status, mimetype="text/html")
    if isinstance(error, DatabaseUnavailable):
        response.headers["Refresh"] = "5"
    return response


def login_address(target: str, words: Words) -> str:
    """Return the address of the login that leads to a target."""
    parts = [f"next={quote(target, safe='/')}"] if target != "/" else []
    if words.language != "id":
        parts.append(f"language={words.language}")
    return "/login" + ("?" + "&".join(parts) if parts else "")


def _demand_session() -> Response | None:
    if isinstance(request.routing_exception, SecurityError):
        raise request.routing_exception  # a foreign host name
    if request.endpoint in OPEN:
        if ".." in request.path:
            raise NotFound  # Dash would look for a package of that name, and fail loudly
        return None
    try:
        account = find_account()
    except DatabaseUnavailable:
        if request.endpoint == CALLBACKS:
            return None  # it says so in the banner; without a viewer it can read nothing
        raise
    if account is None:
        return _send_to_login()
    if account.user.must_change_password and request.blueprint != "auth":
        if is_page():
            return _lead_to("/account")
        raise AccessDenied(CHANGE_FIRST, status=403)
    return None


def _send_to_login() -> Response:
    if not is_page():
        return refuse(AccessDenied())
    words = words_of(read_language())
    is_get = request.method in ("GET", "HEAD")
    target = read_next(request.full_path.rstrip("?")) if is_get else "/"
    return _lead_to(login_address(target, words))


def _lead_to(address: str) -> Response:
    response = redirect(address)
    response.headers["Cache-Control"] = "no-store"
    assert isinstance(response, Response)
    return response


def _demand_own_site(csrf: CSRFProtect, scheme: str | None) -> None:
    if (request.content_length or 0) > MAX_BODY_BYTES:
        raise RequestEntityTooLarge
    if request.method in _SAFE_METHODS or request.endpoint is None:
        return
    is_callback = request.endpoint == CALLBACKS
    if not _is_own_site(scheme or request.scheme, must_tell=is_callback):
        raise AccessDenied(FOREIGN, status=403)
    if not is_callback:
        csrf.protect()


def _is_own_site(scheme: str, *, must_tell: bool) -> bool:
    """Whether the browser says that a page of this site sends the request."""
    origin = request.headers.get("Origin")
    fetched = request.headers.get("Sec-Fetch-Site")
    if origin is None and fetched is None:
        return not must_tell
    if fetched is not None and fetched not in ("same-origin", "none"):
        return False
    return origin is None or origin == f"{scheme}://{request.host}"


def _answer_http_error(error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    status = error.code or 500
    fault = MapError(say_status(status))
    fault.status = status
    return refuse(fault)
