"""How routes answer: views from addresses, compressed bodies, who may keep them."""

from __future__ import annotations

import gzip

from flask import Request, Response

from dashboard.auth.bounds import read_own_view
from geo.view import View

PRIVATE = "private, no-store"

# One byte less for level 6 costs a tile twice the time of level 5; see docs/performance.md.
TILE_GZIP_LEVEL = 5


def read_view(request: Request, *besides: str) -> View:
    """Read the view of a request as far as its viewer may look, what else stands in it taken out.

    Parameters
    ----------
    request
        Its query is the view's; ``v``, the version of the data, is never part of it.
    *besides
        Further names that belong to the route, not to the view.

    Raises
    ------
    InvalidView
        When the rest can't be read as a view.
    AccessDenied
        When its viewer may not look there.
    """
    query = request.query_string.decode("latin-1")
    parts = [part for part in query.split("&") if part.partition("=")[0] not in ("v", *besides)]
    return read_own_view("&".join(parts))


def takes_gzip(request: Request) -> bool:
    """Whether the browser takes gzip."""
    return bool(request.accept_encodings.quality("gzip"))


def send(
    request: Request, body: bytes, mimetype: str, cache: str, *, gzip_level: int = TILE_GZIP_LEVEL
) -> Response:
    """Answer with bytes, compressed when the browser takes it and it pays.

    Parameters
    ----------
    request
        Its conditional headers may turn the answer into 304.
    body
        Not compressed.
    mimetype
        Of the body.
    cache
        ``Cache-Control``.
    gzip_level
        1 to 9.
    """
    if len(body) > 200 and takes_gzip(request):
        packed = gzip.compress(body, compresslevel=gzip_level, mtime=0)
        return send_packed(request, packed, mimetype, cache)
    return send_as_is(request, body, mimetype, cache)


def send_as_is(request: Request, body: bytes, mimetype: str, cache: str) -> Response:
    """Answer with bytes that gain nothing by compression."""
    return _finish(request, Response(body, content_type=mimetype), cache)


def send_packed(request: Request, packed: bytes, mimetype: str, cache: str) -> Response:
    """Answer with bytes that are gzipped already."""
    response = Response(packed, content_type=mimetype)
    response.headers["Content-Encoding"] = "gzip"
    return _finish(request, response, cache)


def _finish(request: Request, response: Response, cache: str) -> Response:
    response.headers["Cache-Control"] = cache
    response.headers["Vary"] = "Accept-Encoding, Cookie" if cache == PRIVATE else "Accept-Encoding"
    response.add_etag()
    response.make_conditional(request)  # turns it into 304 where it stands
    return response
