"""Uploads in their folder: whoever owns them, in pieces, whole, and gone after a day."""

from __future__ import annotations

import hashlib
import json
import os
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard import uploads as module
from dashboard.upload_faults import (
    BrokenPiece,
    EmptyFile,
    FileTooLarge,
    FolderFull,
    UnknownEnding,
    UploadNotFound,
    WrongOffset,
)
from dashboard.uploads import MAX_FILE_BYTES, Uploads, clean_name, digest_file, ending_of


@pytest.fixture
def uploads(tmp_path: Path) -> Uploads:
    return Uploads(tmp_path)


def sha(piece: bytes) -> str:
    return hashlib.sha256(piece).hexdigest()


def test_pieces_make_a_file(uploads: Uploads) -> None:
    content = os.urandom(2_500_000)
    upload = uploads.create("siti", "daftar.csv", len(content), {"kind": "households"})
    while (offset := upload.offset) < upload.size:
        piece = content[offset : offset + 700_000]
        assert uploads.append(upload, offset, piece, sha(piece)) == offset + len(piece)
    whole = uploads.finish(upload, digest_file(upload.path))
    assert whole.is_whole
    assert uploads.get(upload.id, "siti") == whole
    assert whole.path.read_bytes() == content


def test_nobody_else_reads_them(uploads: Uploads) -> None:
    upload = uploads.create("siti", "daftar.csv", 3, {})
    modes = [path.stat().st_mode & 0o777 for path in (uploads.folder, upload.folder)]
    files = [path.stat().st_mode & 0o777 for path in upload.folder.iterdir()]
    assert modes == [0o700, 0o700]
    assert files == [0o600, 0o600]
    with pytest.raises(UploadNotFound):
        uploads.get(upload.id, "budi")
    assert list(uploads.list_of("budi")) == []


@pytest.mark.parametrize("name", ["", "..", "../../etc", "a" * 32, "g" * 31, "0" * 32, "\0" * 32])
def test_a_made_up_name_leads_nowhere(uploads: Uploads, name: str) -> None:
    with pytest.raises(UploadNotFound):
        uploads.get(name, "siti")


def test_a_torn_piece_is_sent_again_from_where_it_stands(uploads: Uploads) -> None:
    upload = uploads.create("siti", "a.csv", 6, {})
    uploads.append(upload, 0, b"abc", sha(b"abc"))
    with pytest.raises(WrongOffset) as found:
        uploads.append(upload, 0, b"abc", sha(b"abc"))
    assert found.value.offset == 3
    with pytest.raises(BrokenPiece):
        uploads.append(upload, 3, b"deX", sha(b"def"))
    with pytest.raises(BrokenPiece):
        uploads.append(upload, 3, b"defg", sha(b"defg"))
    with pytest.raises(BrokenPiece):
        uploads.finish(upload, digest_file(upload.path))
    assert uploads.append(upload, 3, b"def", sha(b"def")) == 6
    with pytest.raises(BrokenPiece):
        uploads.finish(upload, "0" * 64)  # another file of the same length went on
    assert uploads.finish(upload, digest_file(upload.path)).is_whole


def test_limits(uploads: Uploads, monkeypatch: pytest.MonkeyPatch) -> None:
    for fault, name, size in (
        (FileTooLarge, "a.csv", MAX_FILE_BYTES + 1),
        (EmptyFile, "a.csv", 0),
        (UnknownEnding, "a.exe", 1),
        (UnknownEnding, ".csv/..", 1),
    ):
        with pytest.raises(fault):
            uploads.create("siti", name, size, {})
    for _ in range(3):
        uploads.create("siti", "a.csv", MAX_FILE_BYTES, {})
    with pytest.raises(FolderFull):
        uploads.create("siti", "a.csv", 1, {})
    uploads.create("budi", "a.csv", 1, {})  # each has room of their own
    monkeypatch.setattr(module, "FREE_BYTES", 1 << 60)
    with pytest.raises(FolderFull):
        uploads.create("budi", "a.csv", 1, {})


def test_what_lies_for_a_day_goes(uploads: Uploads) -> None:
    old, new = (uploads.create("siti", "a.csv", 1, {}) for _ in range(2))
    yesterday = time.time() - module.KEPT_S - 1
    for path in (*old.folder.iterdir(), old.folder):
        os.utime(path, (yesterday, yesterday))
    assert uploads.sweep() == 1
    assert [one.id for one in uploads.list_of("siti")] == [new.id]


@given(st.text())
def test_names_hold_nothing_of_a_path(name: str) -> None:
    cleaned = clean_name(name)
    assert not set(cleaned) & set("/\\\0\n\r\u202e")
    assert len(cleaned) <= 120
    assert clean_name(cleaned) == cleaned


@pytest.mark.parametrize(
    ("name", "cleaned"),
    [
        ("C:\\Users\\siti\\daftar.csv", "daftar.csv"),
        ("../../secret.csv", "secret.csv"),
        ("a\u202egpj.csv", "agpj.csv"),
        ("x" * 300 + ".XLSX", "x" * 115 + ".XLSX"),
    ],
)
def test_names_of_files(name: str, cleaned: str) -> None:
    assert clean_name(name) == cleaned
    assert ending_of(cleaned) in (".csv", ".xlsx")


def test_the_digest_is_that_of_the_browser(tmp_path: Path) -> None:
    content = b"a" * (1 << 20) + b"b"
    path = tmp_path / "x"
    path.write_bytes(content)
    blocks = hashlib.sha256(b"a" * (1 << 20)).digest() + hashlib.sha256(b"b").digest()
    assert digest_file(path) == hashlib.sha256(blocks).hexdigest()


def test_a_half_written_description_counts_as_none(uploads: Uploads) -> None:
    upload = uploads.create("siti", "a.csv", 1, {})
    about = upload.folder / "about.json"
    assert json.loads(about.read_text())["user"] == "siti"
    about.write_text('{"id": ')
    with pytest.raises(UploadNotFound):
        uploads.get(upload.id, "siti")
