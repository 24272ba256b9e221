"""Encrypted files: a passphrase, scrypt, and AES-256-GCM in chunks, so that memory stays flat.

::

    magic 8 · version 1 · log2(n) 1 · r 1 · p 1 · salt 16 · nonce prefix 7 · check 16    (header)
    length 4 · ciphertext with its tag                                                  (per chunk)

The nonce of a chunk is the prefix, its number (4 bytes) and whether it is the last (1 byte), and
the header is authenticated with every chunk: chunks moved, left out, repeated or taken from another
file don't decrypt, and a file that ends without its last chunk is cut short ("STREAM", Hoang,
Reyhanitabar, Rogaway, Vizár 2015). ``check`` tells a wrong passphrase from a damaged file.
"""

from __future__ import annotations

import hmac
import os
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from db.refusal import Refusal

MAGIC = b"KTGBACK\n"
VERSION = 1
CHUNK_BYTES = 1 << 20
LEAST_PASSPHRASE = 12
_HEADER = struct.Struct(">8sBBBB16s7s16s")
_LENGTH = struct.Struct(">I")
_TAG_BYTES = 16
_LOG_N, _R, _P = 17, 8, 1
"""128 MB and a third of a second for each guess."""
_MOST_LOG_N = 20
_CHECK_LABEL = b"kentongan backup, check of the passphrase"


class WrongPassphrase(Refusal):
    """The passphrase is not the one that the file was encrypted with."""


class DamagedFile(Refusal):
    """The file was cut short or changed."""


@dataclass(frozen=True, slots=True)
class _Key:
    cipher: AESGCM
    header: bytes
    prefix: bytes

    def nonce(self, number: int, *, is_last: bool) -> bytes:
        return self.prefix + struct.pack(">I?", number, is_last)


def check_passphrase(passphrase: str) -> str:
    """Return a passphrase that is long enough.

    Raises
    ------
    Refusal
        When it isn't.
    """
    if len(passphrase) < LEAST_PASSPHRASE:
        raise Refusal(f"The passphrase must have {LEAST_PASSPHRASE} characters or more.")
    return passphrase


def encrypt(plain: Iterable[bytes], passphrase: str) -> Iterator[bytes]:
    """Yield an encrypted file piece by piece.

    Parameters
    ----------
    plain
        The content, in pieces of any size.
    passphrase
        Of :data:`LEAST_PASSPHRASE` characters or more.
    """
    salt, prefix = os.urandom(16), os.urandom(7)
    secret, check = _derive(check_passphrase(passphrase), salt, _LOG_N, _R, _P)
    header = _HEADER.pack(MAGIC, VERSION, _LOG_N, _R, _P, salt, prefix, check)
    key = _Key(AESGCM(secret), header, prefix)
    yield header
    number, waiting = 0, b""
    for chunk in _cut(plain):
        if waiting:
            yield _seal(key, number, waiting, is_last=False)
            number += 1
        waiting = chunk
    yield _seal(key, number, waiting, is_last=True)


def decrypt(file: BinaryIO, passphrase: str) -> Iterator[bytes]:
    """Yield the content of an encrypted file piece by piece, each authenticated before it comes.

    Only when the iterator has ended is the file known to be whole.

    Raises
    ------
    WrongPassphrase
        Before anything is yielded.
    DamagedFile
        When the file was cut short, changed, or put together from others.
    """
    key = _read_header(file, passphrase)
    number, is_last = 0, False
    while not is_last:
        sealed = _read_chunk(file)
        is_last = _is_at_end(file)
        try:
            yield key.cipher.decrypt(key.nonce(number, is_last=is_last), sealed, key.header)
        except InvalidTag as error:
            raise DamagedFile("The file was cut short or changed.") from error
        number += 1


def is_encrypted(file: BinaryIO) -> bool:
    """Tell whether a file begins like one of ours; it is at its start again then."""
    start = file.read(len(MAGIC))
    file.seek(0)
    return start == MAGIC


def _derive(passphrase: str, salt: bytes, log_n: int, r: int, p: int) -> tuple[bytes, bytes]:
    secret = Scrypt(salt=salt, length=32, n=1 << log_n, r=r, p=p).derive(passphrase.encode())
    return secret, hmac.digest(secret, _CHECK_LABEL, "sha256")[:16]


def _read_header(file: BinaryIO, passphrase: str) -> _Key:
    header = file.read(_HEADER.size)
    if len(header) < _HEADER.size or not header.startswith(MAGIC):
        raise DamagedFile("The file was cut short or changed.")
    _, version, log_n, r, p, salt, prefix, check = _HEADER.unpack(header)
    if version != VERSION:
        raise Refusal("The file was encrypted by a newer version of the program.")
    if not (10 <= log_n <= _MOST_LOG_N and 1 <= r <= 16 and 1 <= p <= 4):
        raise DamagedFile("The file was cut short or changed.")
    secret, expected = _derive(passphrase, salt, log_n, r, p)
    if not hmac.compare_digest(check, expected):
        raise WrongPassphrase("The passphrase is wrong, or the start of the file was changed.")
    return _Key(AESGCM(secret), header, prefix)


def _read_chunk(file: BinaryIO) -> bytes:
    start = file.read(_LENGTH.size)
    length = _LENGTH.unpack(start)[0] if len(start) == _LENGTH.size else 0
    # Whoever changes a length must not make us take gigabytes of memory.
    sealed = file.read(length) if _TAG_BYTES <= length <= CHUNK_BYTES + _TAG_BYTES else b""
    if not sealed or len(sealed) < length:
        raise DamagedFile("The file was cut short or changed.")
    return sealed


def _is_at_end(file: BinaryIO) -> bool:
    position = file.tell()
    at_end = not file.read(1)
    file.seek(position)
    return at_end


def _seal(key: _Key, number: int, chunk: bytes, *, is_last: bool) -> bytes:
    sealed = key.cipher.encrypt(key.nonce(number, is_last=is_last), chunk, key.header)
    return _LENGTH.pack(len(sealed)) + sealed


def _cut(pieces: Iterable[bytes]) -> Iterator[bytes]:
    buffer = bytearray()
    for piece in pieces:
        buffer += piece
        while len(buffer) >= CHUNK_BYTES:
            yield bytes(buffer[:CHUNK_BYTES])
            del buffer[:CHUNK_BYTES]
    if buffer:
        yield bytes(buffer)
