"""Passwords: argon2id, twelve characters or more, none of those that are tried first."""

from __future__ import annotations

import re
import secrets
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from geo.errors import MapError
from geo.text import N_

SHORTEST, LONGEST = 12, 128
_FEWEST_DIFFERENT = 5
_NAME_THAT_SHOWS = 4
# What remains of the commonest passwords when digits and marks at their end are taken off.
_COMMON = frozenset(
    re.findall(
        r"\w+",
        """
        abcdefghijkl admin administrator adminadmin asdfghjkl bandung bappeda bismillah
        bupati changeme dinassosial gantisandi indonesia indonesiaku iloveyou jawatimur jakarta
        katasandi kentongan letmein mahasiswa masuk operator password passwordpassword qwerty
        qwertyuiop rahasia rahasiasekali sandi satgas sayang sayangku selamat sempurna surabaya
        terimakasih welcome
        """,
    )
)
_ROWS = "01234567890123456789", "98765432109876543210", "qwertyuiopasdfghjklzxcvbnm"
# Letters and digits that are not taken for each other.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_MADE_GROUPS, _MADE_LENGTH = 4, 5

# Two passes over 32 MiB: about 40 ms here; eight logins at once stay below 300 MB.
_hasher = PasswordHasher(time_cost=2, memory_cost=32 * 1024, parallelism=1)


class UnfitPassword(MapError):
    """A new password that is refused, with the reason."""

    status = 400


def hash_password(password: str) -> str:
    """Return the hash to keep."""
    return _hasher.hash(_normalise(password))


def verify_password(password_hash: str | None, password: str) -> bool:
    """Tell whether a password fits; it takes as long without a hash to compare with."""
    try:
        return _hasher.verify(password_hash or _dummy(), _normalise(password)[:LONGEST])
    except InvalidHashError:
        verify_password(None, password)
        return False
    except VerificationError:
        return False


def is_outdated(password_hash: str) -> bool:
    """Tell whether a hash was made with other parameters than today's."""
    return _hasher.check_needs_rehash(password_hash)


def check_new_password(password: str, name: str) -> None:
    """Refuse a password that is too short, holds the account's name, or is tried first.

    Raises
    ------
    UnfitPassword
        With the sentence for its reader.
    """
    plain = _normalise(password).lower()
    if len(plain) < SHORTEST:
        raise UnfitPassword(N_("Kata sandi harus sedikitnya {count} karakter."), count=SHORTEST)
    if len(plain) > LONGEST:
        raise UnfitPassword(N_("Kata sandi paling banyak {count} karakter."), count=LONGEST)
    if len(name) >= _NAME_THAT_SHOWS and name.lower() in plain:
        raise UnfitPassword(N_("Kata sandi tidak boleh memuat nama pengguna."))
    if _is_common(plain):
        raise UnfitPassword(
            N_("Kata sandi ini terlalu mudah ditebak. Pakailah beberapa kata yang tidak berkaitan.")
        )


def make_password() -> str:
    """Return a random password that can be read out: ``k7mzt-q2hda-…``, 99 bits."""
    groups = (
        "".join(secrets.choice(_LETTERS) for _ in range(_MADE_LENGTH)) for _ in range(_MADE_GROUPS)
    )
    return "-".join(groups)


def _is_common(plain: str) -> bool:
    word = re.sub(r"[\W\d_]+$", "", plain)
    halves = {word, word[: len(word) // 2]} if word == word[: len(word) // 2] * 2 else {word}
    in_a_row = any(plain[:SHORTEST] in row or plain in row for row in _ROWS)
    return bool(halves & _COMMON) or len(set(plain)) < _FEWEST_DIFFERENT or in_a_row


def _normalise(password: str) -> str:
    return unicodedata.normalize("NFKC", password)


@cache
def _dummy() -> str:
    return _hasher.hash(secrets.token_hex())
