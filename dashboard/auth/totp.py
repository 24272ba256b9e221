"""The second factor: codes of six digits from an app on the phone (RFC 6238)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import time

import pyotp
import segno
from cryptography.fernet import Fernet, InvalidToken

STEP_S = 30
_ISSUER = "Kentongan"


def make_secret() -> str:
    """Return a new secret."""
    return pyotp.random_base32()


def find_step(secret: str, code: str, now: float | None = None) -> int | None:
    """Return the time step that a code belongs to, None when it is wrong.

    The step before and the one after are taken, since phones' clocks differ.
    """
    plain = "".join(code.split())
    current = int((time.time() if now is None else now) // STEP_S)
    totp = pyotp.TOTP(secret)
    for step in (current, current - 1, current + 1):
        if hmac.compare_digest(totp.at(step * STEP_S).encode(), plain.encode()):
            return step
    return None


def draw_code(secret: str, name: str) -> str:
    """Draw the QR code that brings a secret into the app, as SVG."""
    address = pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=_ISSUER)
    code = segno.make(address, error="m", micro=False)
    return code.svg_inline(scale=5, border=3, dark="#191f24", light="#fff", omitsize=True)


def encrypt(secret: str, key: str) -> str:
    """Encrypt a secret with the program's key, so that a copy of the database alone is no use."""
    return _cipher(key).encrypt(secret.encode()).decode()


def decrypt(encrypted: str, key: str) -> str | None:
    """Decrypt a secret, None when it was encrypted with another key."""
    try:
        return _cipher(key).decrypt(encrypted.encode()).decode()
    except InvalidToken:
        return None


def _cipher(key: str) -> Fernet:
    digest = hashlib.sha256(b"kentongan second factor\0" + key.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))
