"""The routes of login, account and logout: read the form, ask, lead on."""

from __future__ import annotations

import time
from dataclasses import dataclass

from flask import Blueprint, Flask, Response, redirect, request, session
from flask_limiter import Limiter
from sqlalchemy import Engine

from dashboard.auth import draw, totp
from dashboard.auth.demo import ROLES
from dashboard.auth.gate import login_address, read_language, read_next, refuse
from dashboard.auth.limits import LOGINS
from dashboard.auth.login import check_code, check_password
from dashboard.auth.passwords import UnfitPassword, check_new_password, hash_password
from dashboard.auth.sessions import Sessions
from dashboard.auth.viewer import Account, current_viewer, find_account
from dashboard.words import words_of
from db.accounts import (
    change_password,
    get_login,
    log_out_everywhere,
    set_totp,
)
from db.audit import record
from db.engine import writing
from db.queries.sources import is_all_synthetic
from db.viewer import NOBODY
from geo.errors import AccessDenied, MapError
from geo.text import N_

WRONG = N_(
    "Nama pengguna atau kata sandi keliru. Setelah lima kali keliru, akun terkunci 15 menit."
)
WRONG_CODE = N_("Kode keliru atau sudah dipakai. Tunggu kode berikutnya, lalu coba lagi.")
WRONG_CURRENT = N_("Kata sandi sekarang keliru.")
UNEQUAL = N_("Kedua kata sandi baru tidak sama.")
SAME_AS_BEFORE = N_("Kata sandi baru harus berbeda dari yang sekarang.")
ENDED = N_("Sesi Anda sudah berakhir. Silakan masuk lagi.")
SAVED = N_("Kata sandi tersimpan. Perangkat lain sudah dikeluarkan.")
TOTP_ON = N_("Kode kedua menyala.")
TOTP_OFF = N_("Kode kedua mati.")
NO_BUTTONS = N_("Basis data ini memuat data yang tidak dibuat-buat; tombol peragaan tidak berlaku.")
_DONE = {"password": SAVED, "code-on": TOTP_ON, "code-off": TOTP_OFF}

PENDING_S = 300
"""How long a right password waits for its code."""
_LONGEST_FIELD = 200


@dataclass(frozen=True, slots=True)
class Desk:
    """What the pages work with.

    Attributes
    ----------
    engine, sessions
        Of this server.
    key
        The program's, under which second factors are encrypted.
    has_buttons
        Whether this is the demo, which lets everybody in by a button per role.
    """

    engine: Engine
    sessions: Sessions
    key: str
    has_buttons: bool

    def offers_buttons(self) -> bool:
        """Whether the buttons hold: asked each time, since real data may come in meanwhile."""
        if not self.has_buttons:
            return False
        with writing(self.engine, NOBODY) as conn:
            return is_all_synthetic(conn)


def add(server: Flask, desk: Desk, limiter: Limiter) -> None:
    """Add the pages to a server."""
    blueprint = Blueprint("auth", __name__)
    _add_login(blueprint, desk, limiter)
    _add_code(blueprint, desk, limiter)
    if desk.has_buttons:
        _add_buttons(blueprint, desk, limiter)
    _add_logout(blueprint, desk)
    _add_account(blueprint, desk, limiter)
    _add_totp(blueprint, desk, limiter)
    blueprint.register_error_handler(MapError, _answer_fault)
    server.register_blueprint(blueprint)


def _add_login(blueprint: Blueprint, desk: Desk, limiter: Limiter) -> None:
    @blueprint.get("/login")
    def show_login() -> Response:
        if find_account():
            return _lead_to(read_next(request.args.get("next")))
        error = words_of(read_language()).say(ENDED) if desk.sessions.has_cookie() else None
        response = _show(
            draw.draw_login(_frame("/login"), error=error, with_buttons=desk.offers_buttons())
        )
        desk.sessions.drop_cookie(response)
        return response

    @blueprint.post("/login")
    @limiter.limit(LOGINS)
    def log_in() -> Response:
        name, password = _read("name").strip().lower(), _read("password")
        found = check_password(desk.engine, name, password)
        if found is None:
            return _refuse_login(desk, name)
        if found.totp_secret:
            session.clear()
            session["pending"] = [found.name, time.time()]
            return _lead_to(_frame("/login/code").address())
        return _begin(desk, found.id, found.name, found.role) or _refuse_login(desk, name)


def _add_code(blueprint: Blueprint, desk: Desk, limiter: Limiter) -> None:
    @blueprint.get("/login/code")
    def show_code() -> Response:
        if _read_pending() is None:
            return _lead_to(_frame("/login").address())
        return _show(draw.draw_code(_frame("/login/code")))

    @blueprint.post("/login/code", endpoint="check_code")
    @limiter.limit(LOGINS)
    def take_code() -> Response:
        name = _read_pending()
        if name is None:
            return _lead_to(_frame("/login").address())
        found = check_code(desk.engine, name, _read("code"), desk.key)
        begun = _begin(desk, found.id, found.name, found.role) if found else None
        if begun:
            return begun
        frame = _frame("/login/code")
        return _show(draw.draw_code(frame, error=frame.words.say(WRONG_CODE)), 401)


def _add_buttons(blueprint: Blueprint, desk: Desk, limiter: Limiter) -> None:
    @blueprint.post("/login/demo")
    @limiter.limit(LOGINS)
    def log_in_by_button() -> Response:
        if not desk.offers_buttons():
            raise AccessDenied(NO_BUTTONS, status=403)
        role = next((role for role in ROLES if role.role == _read("role")), None)
        with writing(desk.engine, NOBODY) as conn:
            found = get_login(conn, role.name) if role else None
        begun = _begin(desk, found.id, found.name, found.role) if found else None
        return begun or _refuse_login(desk, "")


def _add_logout(blueprint: Blueprint, desk: Desk) -> None:
    @blueprint.get("/logout")
    def show_logout() -> Response:
        return _lead_to("/account" if find_account() else "/login")

    @blueprint.post("/logout")
    def log_out() -> Response:
        response = _lead_to(login_address("/", words_of(read_language())))
        desk.sessions.end(response)
        return response


def _add_account(blueprint: Blueprint, desk: Desk, limiter: Limiter) -> None:
    @blueprint.get("/account")
    def show_account() -> Response:
        frame = _frame("/account")
        done = _DONE.get(request.args.get("done", ""))
        page = draw.draw_account(
            frame, _account().user, done=frame.words.say(done) if done else None
        )
        return _show(page)

    @blueprint.post("/account/password")
    @limiter.limit(LOGINS)
    def change() -> Response:
        account = _account()
        new = _read("new")
        error = _find_fault(desk, account, new)
        if error:
            page = draw.draw_account(_frame("/account"), account.user, error=error)
            return _show(page, 400)
        with writing(desk.engine, current_viewer()) as conn:
            change_password(conn, account.token_hash, hash_password(new))
            record(conn, "change", detail={"what": "password"})
        was_temporary = account.user.must_change_password
        return _begin(
            desk,
            account.user.user_id,
            account.user.name,
            account.user.role,
            "/" if was_temporary else "/account?done=password",
        ) or _refuse_login(desk, account.user.name)

    @blueprint.post("/account/end")
    def end_all() -> Response:
        with writing(desk.engine, current_viewer()) as conn:
            log_out_everywhere(conn, _account().token_hash)
            record(conn, "logout", detail={"what": "everywhere"})
        response = _lead_to(login_address("/", words_of(read_language())))
        desk.sessions.forget(response)
        return response


def _find_fault(desk: Desk, account: Account, new: str) -> str | None:
    words = words_of(read_language())
    current = _read("current")
    try:
        if new != _read("again"):
            return words.say(UNEQUAL)
        check_new_password(new, account.user.name)
    except UnfitPassword as error:
        return words.say_fault(error)
    if not _is_current(desk, account, current):
        return words.say(WRONG_CURRENT)
    return words.say(SAME_AS_BEFORE) if new == current else None


def _add_totp(blueprint: Blueprint, desk: Desk, limiter: Limiter) -> None:
    @blueprint.get("/account/code")
    def show_totp() -> Response:
        secret = totp.make_secret()
        session["new_code"] = totp.encrypt(secret, desk.key)
        return _show(_draw_totp(secret))

    @blueprint.post("/account/code")
    @limiter.limit(LOGINS)
    def turn_on() -> Response:
        account = _account()
        secret = totp.decrypt(session.get("new_code", ""), desk.key)
        if secret is None:
            return _lead_to("/account/code")
        if totp.find_step(secret, _read("code")) is None:
            return _show(_draw_totp(secret, WRONG_CODE), 400)
        if not _is_current(desk, account, _read("current")):
            return _show(_draw_totp(secret, WRONG_CURRENT), 400)
        return _save_totp(desk, account, totp.encrypt(secret, desk.key))

    @blueprint.post("/account/code/remove")
    @limiter.limit(LOGINS)
    def turn_off() -> Response:
        account = _account()
        if not _is_current(desk, account, _read("code-current")):
            frame = _frame("/account")
            error = frame.words.say(WRONG_CURRENT)
            return _show(draw.draw_account(frame, account.user, error=error), 400)
        return _save_totp(desk, account, None)


def _save_totp(desk: Desk, account: Account, secret: str | None) -> Response:
    with writing(desk.engine, current_viewer()) as conn:
        set_totp(conn, account.token_hash, secret)
        record(conn, "change", detail={"what": "code", "is_on": secret is not None})
    session.pop("new_code", None)
    return _lead_to(f"/account?done=code-{'on' if secret else 'off'}")


def _draw_totp(secret: str, error: str | None = None) -> str:
    frame = _frame("/account/code")
    picture = totp.draw_code(secret, _account().user.name)
    return draw.draw_totp(frame, secret, picture, error=frame.words.say(error) if error else None)


def _is_current(desk: Desk, account: Account, password: str) -> bool:
    return check_password(desk.engine, account.user.name, password) is not None


def _begin(
    desk: Desk, user_id: int, name: str, role: str, target: str | None = None
) -> Response | None:
    """Start a session and lead on; None when the account is locked or disabled by now."""
    response = _lead_to(target or read_next(request.args.get("next")))
    return response if desk.sessions.start(user_id, name, role, response) else None


def _refuse_login(desk: Desk, name: str) -> Response:
    frame = _frame("/login")
    page = draw.draw_login(
        frame, name=name, error=frame.words.say(WRONG), with_buttons=desk.offers_buttons()
    )
    return _show(page, 401)


def _read_pending() -> str | None:
    name, since = session.get("pending") or (None, 0.0)
    return name if time.time() - since < PENDING_S else None


def _account() -> Account:
    account = find_account()
    if account is None:
        raise AccessDenied
    return account


def _frame(path: str) -> draw.Frame:
    target = read_next(request.args.get("next"))
    return draw.Frame(words_of(read_language()), path, target)


def _read(field: str) -> str:
    return request.form.get(field, "")[:_LONGEST_FIELD].replace("\0", "")


def _show(page: str, status: int = 200) -> Response:
    response = Response(page, status=status, mimetype="text/html")
    response.headers["Cache-Control"] = "no-store"
    return response


def _lead_to(address: str) -> Response:
    response = redirect(address, 303)
    response.headers["Cache-Control"] = "no-store"
    assert isinstance(response, Response)
    return response


def _answer_fault(error: Exception) -> Response:
    assert isinstance(error, MapError)
    return refuse(error)
