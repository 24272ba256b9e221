"""Passwords and codes of the second factor."""

from __future__ import annotations

import pyotp
import pytest
from argon2 import PasswordHasher

from dashboard.auth import passwords, totp
from dashboard.auth.passwords import UnfitPassword, check_new_password
from db.accounts import NO_PASSWORD

GOOD = "kelapa jauh lampu biru"


@pytest.mark.parametrize(
    ("password", "hint"),
    [
        ("", "sedikitnya"),
        ("elevenchars", "sedikitnya"),
        ("x" * 129, "paling banyak"),
        ("wayan.satu-7q", "memuat nama"),
        ("WAYAN.Satu-7q", "memuat nama"),
        ("123456789012", "mudah ditebak"),
        ("qwertyuiopas", "mudah ditebak"),
        ("password1234", "mudah ditebak"),
        ("Password!!2026", "mudah ditebak"),
        ("passwordpassword1", "mudah ditebak"),
        ("aaaabbbbaaaabbbb", "mudah ditebak"),
        ("Bismillah1234", "mudah ditebak"),
    ],
)
def test_a_weak_password_is_refused(password: str, hint: str) -> None:
    with pytest.raises(UnfitPassword, match=hint):
        check_new_password(password, "wayan")


def test_a_good_password_is_taken() -> None:
    check_new_password(GOOD, "wayan")
    check_new_password(passwords.make_password(), "wayan")


def test_a_hash_fits_its_password_only() -> None:
    kept = passwords.hash_password(GOOD)
    assert kept.startswith("$argon2id$")
    assert passwords.verify_password(kept, GOOD)
    assert not passwords.verify_password(kept, GOOD + " ")
    assert not passwords.verify_password(NO_PASSWORD, NO_PASSWORD)
    assert not passwords.verify_password(None, GOOD)
    assert not passwords.is_outdated(kept)
    assert passwords.is_outdated(PasswordHasher(time_cost=1, memory_cost=8192).hash(GOOD))


def test_letters_that_look_alike_are_one() -> None:
    kept = passwords.hash_password("kafe\u0301 di tepi laut")
    assert passwords.verify_password(kept, "kaf\u00e9 di tepi laut")


def test_a_code_belongs_to_its_half_minute() -> None:
    secret = totp.make_secret()
    now = 1_900_000_000
    code = pyotp.TOTP(secret).at(now)
    step = now // 30
    assert totp.find_step(secret, code, now) == step
    assert totp.find_step(secret, f"{code[:3]} {code[3:]}", now) == step
    assert totp.find_step(secret, code, now + 30) == step
    assert totp.find_step(secret, code, now + 90) is None
    for wrong in ("", "abcdef", "é" * 6, code + "0"):
        assert totp.find_step(secret, wrong, now) is None


def test_a_secret_is_read_under_its_key_only() -> None:
    secret = totp.make_secret()
    kept = totp.encrypt(secret, "key")
    assert secret not in kept
    assert totp.decrypt(kept, "key") == secret
    assert totp.decrypt(kept, "other") is None
    assert totp.decrypt("nonsense", "key") is None


def test_the_picture_is_drawn_in_place() -> None:
    drawn = totp.draw_code(totp.make_secret(), "wayan")
    assert drawn.startswith("<svg")
    assert "viewBox" in drawn
