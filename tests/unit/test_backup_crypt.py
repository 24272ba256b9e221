"""Encrypted files: what was changed, cut, moved or mixed does not come back."""

from __future__ import annotations

import io
import struct
import tracemalloc
from collections.abc import Iterator

import pytest

from db import backup_crypt
from db.backup_crypt import (
    CHUNK_BYTES,
    DamagedFile,
    WrongPassphrase,
    decrypt,
    encrypt,
    is_encrypted,
)
from db.refusal import Refusal

PASSPHRASE = "kentongan dipukul tiga kali"
HEADER_BYTES = backup_crypt._HEADER.size


@pytest.fixture(autouse=True)
def _cheap_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backup_crypt, "_LOG_N", 10)


def pack(content: bytes, passphrase: str = PASSPHRASE) -> bytes:
    pieces = (content[i : i + 70_000] for i in range(0, len(content), 70_000))
    return b"".join(encrypt(pieces, passphrase))


def unpack(sealed: bytes, passphrase: str = PASSPHRASE) -> bytes:
    return b"".join(decrypt(io.BytesIO(sealed), passphrase))


def list_chunks(sealed: bytes) -> list[bytes]:
    chunks, at = [], HEADER_BYTES
    while at < len(sealed):
        (length,) = struct.unpack(">I", sealed[at : at + 4])
        chunks.append(sealed[at : at + 4 + length])
        at += 4 + length
    return chunks


LONG = bytes(range(256)) * (3 * CHUNK_BYTES // 256) + b"end"


@pytest.mark.parametrize(
    "content",
    [b"", b"x", LONG, LONG[:CHUNK_BYTES], LONG[: CHUNK_BYTES + 1], LONG[: 2 * CHUNK_BYTES]],
    ids=len,
)
def test_what_goes_in_comes_out(content: bytes) -> None:
    assert unpack(pack(content)) == content


def test_nothing_of_the_content_shows_and_no_two_files_are_alike() -> None:
    content = b"SITI AMINAH 3510014101900001" * 10
    first, second = pack(content), pack(content)
    assert first[HEADER_BYTES:] != second[HEADER_BYTES:]
    assert b"SITI" not in first


def test_a_wrong_passphrase_is_told_from_damage_before_anything_comes() -> None:
    pieces = decrypt(io.BytesIO(pack(LONG)), PASSPHRASE + "!")
    with pytest.raises(WrongPassphrase):
        next(pieces)


def test_a_short_passphrase_is_refused() -> None:
    with pytest.raises(Refusal, match="12 characters"):
        pack(b"x", "pendek")


@pytest.mark.parametrize("share", [0.01, 0.3, 0.5, 0.9, 0.999999])
def test_a_cut_file_is_found(share: float) -> None:
    sealed = pack(LONG)
    with pytest.raises(DamagedFile):
        unpack(sealed[: int(len(sealed) * share)])


def test_every_way_to_put_chunks_together_anew_is_found() -> None:
    sealed = pack(LONG)
    header, (one, two, three, four) = sealed[:HEADER_BYTES], list_chunks(sealed)
    other = list_chunks(pack(LONG))
    for chunks in (
        (one, two, three),
        (one, two),
        (four,),
        (),
        (two, one, three, four),
        (one, three, two, four),
        (one, one, two, three, four),
        (one, three, four),
        (two, three, four),
        (one, two, three, four, four),
        (one, two, three, four, b"\x00"),
        (one, other[1], three, four),
    ):
        with pytest.raises(DamagedFile):
            unpack(header + b"".join(chunks))
    assert unpack(header + one + two + three + four) == LONG


def test_every_flipped_bit_is_found() -> None:
    sealed = pack(b"a small file")
    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 1
        with pytest.raises(Refusal):
            unpack(bytes(changed))


def test_a_header_cannot_ask_for_all_the_memory() -> None:
    sealed = bytearray(pack(b"x"))
    sealed[9] = 40
    with pytest.raises(DamagedFile):
        unpack(bytes(sealed))


def test_a_newer_form_says_so() -> None:
    sealed = bytearray(pack(b"x"))
    sealed[8] = 2
    with pytest.raises(Refusal, match="newer version"):
        unpack(bytes(sealed))


def test_only_our_files_count_as_encrypted() -> None:
    assert is_encrypted(io.BytesIO(pack(b"x")))
    assert not is_encrypted(io.BytesIO(b"PGDMP"))
    assert not is_encrypted(io.BytesIO(b""))


class _Pipe(io.RawIOBase):
    """A file that is made while it is read."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._rest, self._at = pieces, b"", 0

    def read(self, size: int = -1) -> bytes:
        while len(self._rest) < size and (piece := next(self._pieces, b"")):
            self._rest += piece
        part, self._rest = self._rest[:size], self._rest[size:]
        self._at += len(part)
        self._last = part
        return part

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = 0) -> int:
        self._rest = (
            self._last[offset - self._at :] + self._rest if offset < self._at else self._rest
        )
        self._at = offset
        return offset


def test_memory_stays_flat() -> None:
    zeros = (bytes(CHUNK_BYTES) for _ in range(200))
    tracemalloc.start()
    pieces = decrypt(_Pipe(encrypt(zeros, PASSPHRASE)), PASSPHRASE)  # type: ignore[arg-type]
    total = sum(len(piece) for piece in pieces)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert total == 200 * CHUNK_BYTES
    assert peak < 12 * CHUNK_BYTES
