"""Errors of the routes: one shape, ``{"ok": false, "error": sentence, "status": number}``."""

from __future__ import annotations

import logging

from flask import Blueprint, Response, jsonify, request
from werkzeug.exceptions import HTTPException

from dashboard.errors import UNKNOWN_FAULT
from dashboard.words import Words, words_of
from geo.errors import MapError
from geo.text import N_

_LOG = logging.getLogger(__name__)
NOT_THERE = N_("Alamat ini tidak ada.")
_SENTENCES = {
    400: N_("Permintaan ini tidak dapat dibaca."),
    408: N_("Kiriman ini terlalu lambat."),
    413: N_("Kiriman ini terlalu besar."),
    429: N_("Terlalu banyak permintaan. Tunggu sebentar, lalu coba lagi."),
}


def add(blueprint: Blueprint) -> None:
    """Let a blueprint answer its errors as JSON."""
    blueprint.register_error_handler(MapError, _answer_map_error)
    blueprint.register_error_handler(HTTPException, _answer_http_error)
    blueprint.register_error_handler(Exception, _answer_unexpected)


def answer_fault(sentence: str, status: int) -> Response:
    """Return the one shape of an error. It is never kept by anybody."""
    response = jsonify(ok=False, error=sentence, status=status)
    response.status_code = status
    response.headers["Cache-Control"] = "no-store"
    if status == 503:
        response.headers["Retry-After"] = "2"
    return response


def say_status(status: int) -> str:
    """Return the sentence for an HTTP status that has no fault of its own."""
    return _SENTENCES.get(status, UNKNOWN_FAULT if status >= 500 else NOT_THERE)


def _words() -> Words:
    return words_of(request.args.get("language", "id"))


def _answer_map_error(error: Exception) -> Response:
    assert isinstance(error, MapError)  # registered for it alone
    return answer_fault(_words().say_fault(error), error.status)


def _answer_http_error(error: Exception) -> Response:
    status = error.code if isinstance(error, HTTPException) else None
    return answer_fault(_words().say(say_status(status or 500)), status or 500)


def _answer_unexpected(error: Exception) -> Response:
    _LOG.exception("%s failed", request.path, exc_info=error)
    return answer_fault(_words().say(UNKNOWN_FAULT), 500)
