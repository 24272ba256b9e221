"""The pages of login and account, as HTML. They work without any script."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from dashboard.assets import address_of
from dashboard.auth.demo import GROUPS, DemoRole
from dashboard.auth.passwords import LONGEST, SHORTEST
from dashboard.labels import ROLE
from dashboard.words import Words
from db.accounts import SessionUser
from geo.text import N_

_PAGE = Markup(
    """<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title} · Kentongan</title>
<link rel="icon" href="{assets}favicon.svg" type="image/svg+xml">
<script src="{assets}theme.js"></script>
<link rel="stylesheet" href="{assets}style.css">
<link rel="stylesheet" href="{assets}account.css">
</head>
<body class="account-page">
<header>
<span class="brand"><span class="drum" aria-hidden="true"></span><span>Kentongan</span></span>
<a class="button language" href="{switch}" lang="{other}" hreflang="{other}">{other_name}</a>
</header>
<main>
<h1>{title}</h1>
{content}
</main>
</body>
</html>
"""
)
_FORM = Markup(
    '<form method="post" action="{action}"><input type="hidden" name="csrf_token" value="{token}">'
    "{content}</form>"
)
_FIELD = Markup(
    '<p class="field"><label for="{id}">{label}</label>'
    '<input id="{id}" name="{id}" type="{kind}"{more}>{hint}</p>'
)
_OTHER = {"id": ("en", "English"), "en": ("id", "Bahasa Indonesia")}


@dataclass(frozen=True, slots=True)
class Frame:
    """What every page knows.

    Attributes
    ----------
    words
        The reader's language.
    path
        Of the page.
    target
        Where the login leads; the map when it is ``/``.
    """

    words: Words
    path: str
    target: str = "/"

    def address(self, path: str | None = None, language: str | None = None) -> str:
        """Return an address that keeps the target and the language."""
        chosen = language or self.words.language
        query = {"next": self.target} if self.target != "/" else {}
        query |= {"language": chosen} if chosen != "id" else {}
        return (path or self.path) + (f"?{urlencode(query, safe='/')}" if query else "")


def draw_login(
    frame: Frame, *, name: str = "", error: str | None = None, with_buttons: bool = False
) -> str:
    """Draw the login: name and password, and in the demo a button per role."""
    say = frame.words.say
    user = _field(
        "name",
        say(N_("Nama pengguna")),
        value=name,
        autocomplete="username",
        autocapitalize="none",
        spellcheck="false",
        autofocus=not name and not with_buttons,
    )
    password = _field(
        "password",
        say(N_("Kata sandi")),
        kind="password",
        autocomplete="current-password",
        autofocus=bool(name),
    )
    form = _form(frame.address("/login"), [user, password, _submit(say(N_("Masuk")))])
    if not with_buttons:
        help_text = _note(say(N_("Lupa kata sandi? Hubungi pengelola Kentongan di Bappeda.")))
        return _page(frame, say(N_("Masuk")), [_error(error), form, help_text])
    intro = _note(say(N_("Ini peragaan dengan data buatan. Pilih siapa Anda.")))
    account = Markup("<details><summary>{0}</summary>{1}</details>").format(
        say(N_("Masuk dengan nama pengguna")), form
    )
    content = [_error(error), intro, *_draw_roles(frame), account]
    return _page(frame, say(N_("Masuk")), content)


def draw_code(frame: Frame, *, error: str | None = None) -> str:
    """Draw the question for the second factor."""
    say = frame.words.say
    form = _form(frame.address("/login/code"), [_code_field(frame), _submit(say(N_("Masuk")))])
    hint = _note(say(N_("Buka aplikasi autentikator di ponsel Anda dan ketik enam angkanya.")))
    title = say(N_("Kode kedua"))
    return _page(frame, title, [_error(error), hint, form])


def draw_account(
    frame: Frame, user: SessionUser, *, error: str | None = None, done: str | None = None
) -> str:
    """Draw the account: password, second factor, sessions."""
    say = frame.words.say
    title = say(N_("Akun"))
    password = _draw_password_form(frame, user)
    if user.must_change_password:
        first = _note(say(N_("Kata sandi Anda sementara. Buat kata sandi Anda sendiri.")))
        return _page(frame, title, [_error(error), first, password, _draw_logout(frame)])
    content = [
        _error(error),
        _status(done),
        _draw_person(user, frame.words),
        _section(say(N_("Ganti kata sandi")), password),
        _section(say(N_("Kode kedua")), _draw_totp_state(frame, user)),
        _section(say(N_("Keluar")), Markup().join([_draw_logout(frame), _draw_end_all(frame)])),
        _back(frame),
    ]
    return _page(frame, title, content)


def draw_totp(frame: Frame, secret: str, picture: str, *, error: str | None = None) -> str:
    """Draw the page that brings the second factor onto a phone."""
    say = frame.words.say
    steps = Markup('<figure class="qr">{0}<figcaption>{1} <code>{2}</code></figcaption></figure>')
    figure = steps.format(
        Markup(picture), say(N_("Atau ketik kunci ini:")), " ".join(_in_fours(secret))
    )
    intro = _note(say(N_("Pindai gambar ini dengan aplikasi autentikator, lalu ketik kodenya.")))
    fields = [_code_field(frame, autofocus=False), _ask_current(frame)]
    form = _form(frame.address("/account/code"), [*fields, _submit(say(N_("Nyalakan")))])
    title = say(N_("Nyalakan kode kedua"))
    return _page(frame, title, [_error(error), intro, figure, form, _back(frame, "/account")])


def _draw_roles(frame: Frame) -> Iterable[Markup]:
    for heading, roles in GROUPS:
        buttons = Markup().join(_draw_role(role, frame.words) for role in roles)
        group = Markup('<section class="roles"><h2>{0}</h2>{1}</section>').format(
            frame.words.say(heading), buttons
        )
        yield _form(frame.address("/login/demo"), [group])


def _draw_role(role: DemoRole, words: Words) -> Markup:
    kind = " first" if role.role == "planner" else ""
    return Markup(
        '<button class="role{0}" name="role" value="{1}"><strong>{2}</strong>'
        "<span>{3}</span></button>"
    ).format(kind, role.role, words.say(ROLE[role.role]), words.say(role.sees))


def _draw_person(user: SessionUser, words: Words) -> Markup:
    parts = [words.say(ROLE[user.role]), user.agency or "", user.area_code or ""]
    role = ", ".join(filter(None, parts))
    return Markup('<p class="person"><strong>{0}</strong><span>{1} · {2}</span></p>').format(
        user.display_name, user.name, role
    )


def _draw_password_form(frame: Frame, user: SessionUser) -> Markup:
    say = frame.words.say
    hint = say(N_("Sedikitnya {count} karakter; beberapa kata lebih baik."), count=SHORTEST)
    name = Markup(
        '<input name="name" type="text" value="{0}" autocomplete="username" hidden readonly>'
    ).format(user.name)  # so that a browser keeps the new password under it
    fields = [
        name,
        _field("current", say(N_("Kata sandi sekarang")), kind="password",
               autocomplete="current-password"),
        _field("new", say(N_("Kata sandi baru")), kind="password", autocomplete="new-password",
               minlength=SHORTEST, maxlength=LONGEST, hint=hint),
        _field("again", say(N_("Kata sandi baru, sekali lagi")), kind="password",
               autocomplete="new-password", minlength=SHORTEST, maxlength=LONGEST),
    ]  # fmt: skip
    button = _submit(say(N_("Simpan kata sandi")))
    return _form(frame.address("/account/password"), [*fields, button])


def _draw_totp_state(frame: Frame, user: SessionUser) -> Markup:
    say = frame.words.say
    if user.has_totp:
        content = [
            _note(say(N_("Menyala: setiap masuk meminta kode dari ponsel Anda."))),
            _ask_current(frame, "code-current"),
            _submit(say(N_("Matikan")), "quiet"),
        ]
        return _form(frame.address("/account/code/remove"), content)
    hint = _note(say(N_("Melindungi akun ini juga bila kata sandinya bocor.")))
    link = Markup('<p><a class="button outlined" href="{0}">{1}</a></p>').format(
        frame.address("/account/code"), say(N_("Nyalakan kode kedua"))
    )
    return hint + link


def _draw_logout(frame: Frame) -> Markup:
    say = frame.words.say
    return _form(frame.address("/logout"), [_submit(say(N_("Keluar")), "quiet")])


def _draw_end_all(frame: Frame) -> Markup:
    label = frame.words.say(N_("Keluar dari semua perangkat"))
    return _form(frame.address("/account/end"), [_submit(label, "quiet")])


def _ask_current(frame: Frame, name: str = "current") -> Markup:
    label = frame.words.say(N_("Kata sandi sekarang"))
    return _field(name, label, kind="password", autocomplete="current-password")


def _code_field(frame: Frame, *, autofocus: bool = True) -> Markup:
    return _field(
        "code",
        frame.words.say(N_("Kode enam angka")),
        autocomplete="one-time-code",
        inputmode="numeric",
        pattern="[0-9 ]*",
        maxlength=8,
        autofocus=autofocus,
    )


def _field(name: str, label: str, *, kind: str = "text", hint: str = "", **more: object) -> Markup:
    written = Markup().join(
        Markup(" {0}").format(key) if value is True else Markup(' {0}="{1}"').format(key, value)
        for key, value in more.items()
        if value is not False
    )
    note = Markup("")
    if hint:
        note = Markup('<span class="note" id="{0}-hint">{1}</span>').format(name, hint)
        written += Markup(' aria-describedby="{0}-hint"').format(name)
    return _FIELD.format(id=name, label=label, kind=kind, more=written + " required", hint=note)


def _form(action: str, content: list[Markup]) -> Markup:
    return _FORM.format(action=action, token=generate_csrf(), content=Markup().join(content))


def _submit(label: str, kind: str = "primary") -> Markup:
    look = "button primary" if kind == "primary" else "button outlined"
    return Markup('<p><button class="{0}">{1}</button></p>').format(look, label)


def _section(heading: str, content: Markup) -> Markup:
    return Markup("<section><h2>{0}</h2>{1}</section>").format(heading, content)


def _note(sentence: str) -> Markup:
    return Markup('<p class="note">{0}</p>').format(sentence)


def _error(sentence: str | None) -> Markup:
    if not sentence:
        return Markup("")
    return Markup('<p class="form-error" role="alert" aria-live="assertive">{0}</p>').format(
        sentence
    )


def _status(sentence: str | None) -> Markup:
    if not sentence:
        return Markup("")
    return Markup('<p class="form-done" role="status">{0}</p>').format(sentence)


def _back(frame: Frame, path: str = "/") -> Markup:
    to_map = path == "/"
    label = frame.words.say(N_("Kembali ke peta") if to_map else N_("Kembali ke akun"))
    return Markup('<p><a class="way-back" href="{0}">{1}</a></p>').format(
        frame.address(path), label
    )


def _page(frame: Frame, title: str, content: Iterable[Markup]) -> str:
    other, other_name = _OTHER[frame.words.language]
    return str(
        _PAGE.format(
            assets=address_of(""),
            language=frame.words.language,
            title=title,
            switch=frame.address(language=other),
            other=other,
            other_name=other_name,
            content=Markup("\n").join(content),
        )
    )


def _in_fours(text: str) -> list[str]:
    return [text[at : at + 4] for at in range(0, len(text), 4)]
