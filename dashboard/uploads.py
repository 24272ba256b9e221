"""Files on their way in: sent in pieces, kept in a folder that nobody serves.

Each upload is a folder of its own under a random name: ``content.<ending>``, the bytes so far, and
``about.json``. Nothing of a path comes from a browser. Both are readable by their owner only.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import secrets
import shutil
import time
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from dashboard.upload_faults import (
    BrokenPiece,
    EmptyFile,
    FileTooLarge,
    FolderFull,
    UnknownEnding,
    UploadNotFound,
    WrongOffset,
)

MAX_FILE_BYTES = 200_000_000
MAX_USER_BYTES = 600_000_000
MAX_USER_UPLOADS = 12
MAX_PIECE_BYTES = 1_000_000
"""Below what the gate lets a body have."""
DIGEST_BLOCK_BYTES = 1 << 20
KEPT_S = 24 * 3600
FREE_BYTES = 500_000_000
"""What an upload must leave on the disk."""
ENDINGS = (".csv", ".txt", ".tsv", ".xlsx", ".xls", ".ods", ".geojson", ".json")
_ID = re.compile(r"[0-9a-f]{32}")
_LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that is coming in or has come.

    Attributes
    ----------
    id
        Random; with it goes whoever began it.
    user
        Whose it is; nobody else may know that it is there.
    name
        What the file is called at its owner's, without control characters.
    size
        In bytes, as announced.
    folder
        Where it lies.
    form
        What its owner said of it: kind, source, as-of, format, mapping.
    is_whole
        Whether all of it has come and its digest was right.
    """

    id: str
    user: str
    name: str
    size: int
    folder: Path
    form: Mapping[str, Any] = field(default_factory=dict)
    is_whole: bool = False

    @property
    def path(self) -> Path:
        """Where its bytes are."""
        return self.folder / f"content{ending_of(self.name)}"

    @property
    def offset(self) -> int:
        """How many bytes have come."""
        return self.path.stat().st_size


@dataclass(frozen=True, slots=True)
class Uploads:
    """The uploads of one server and its worker.

    Parameters
    ----------
    home
        The program's folder.
    """

    home: Path

    @property
    def folder(self) -> Path:
        """Where they lie; readable by their owner only."""
        return self.home / "uploads"

    def create(self, user: str, name: str, size: int, form: Mapping[str, Any]) -> Upload:
        """Begin an upload.

        Raises
        ------
        FileTooLarge, EmptyFile, UnknownEnding, FolderFull
            When it can't be taken.
        """
        name = clean_name(name)
        if ending_of(name) not in ENDINGS:
            raise UnknownEnding(name, ENDINGS)
        if size > MAX_FILE_BYTES:
            raise FileTooLarge(MAX_FILE_BYTES)
        if size < 1:
            raise EmptyFile(name)
        self.sweep()
        mine = list(self.list_of(user))
        taken = sum(upload.size for upload in mine)
        if len(mine) >= MAX_USER_UPLOADS or taken + size > MAX_USER_BYTES:
            raise FolderFull()
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if shutil.disk_usage(self.folder).free < size + FREE_BYTES:
            raise FolderFull()
        upload_id = secrets.token_hex(16)
        upload = Upload(upload_id, user, name, size, self.folder / upload_id, dict(form))
        upload.folder.mkdir(mode=0o700)
        os.close(os.open(upload.path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        _write_about(upload)
        return upload

    def get(self, upload_id: str, user: str) -> Upload:
        """Return an upload of somebody.

        Raises
        ------
        UploadNotFound
            When there is none of that name, or it is another person's.
        """
        upload = self._read(upload_id)
        if upload is None or upload.user != user:
            raise UploadNotFound()
        return upload

    def list_of(self, user: str) -> Iterator[Upload]:
        """Yield the uploads of somebody."""
        for folder in sorted(self.folder.glob("*")) if self.folder.is_dir() else ():
            upload = self._read(folder.name)
            if upload is not None and upload.user == user:
                yield upload

    def append(self, upload: Upload, offset: int, piece: bytes, digest: str) -> int:
        """Add the next piece, and return how many bytes there are now.

        Raises
        ------
        WrongOffset
            When the piece doesn't begin where the last one ended; it tells where that is.
        BrokenPiece
            When it isn't what its SHA-256 says, or goes beyond the end.
        """
        if not secrets.compare_digest(hashlib.sha256(piece).hexdigest().encode(), digest.encode()):
            raise BrokenPiece()
        if upload.is_whole or offset + len(piece) > upload.size:
            raise BrokenPiece()
        with upload.path.open("r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)  # two windows may send the same file
            there = file.seek(0, os.SEEK_END)
            if offset != there:
                raise WrongOffset(there)
            file.write(piece)
            return there + len(piece)

    def finish(self, upload: Upload, digest: str) -> Upload:
        """Say that all pieces have come.

        Parameters
        ----------
        upload
            With all its bytes.
        digest
            Of :func:`digest_file`, as the browser has counted it.

        Raises
        ------
        BrokenPiece
            When bytes are missing or others than the browser's.
        """
        if upload.offset != upload.size or digest != digest_file(upload.path):
            raise BrokenPiece()
        whole = replace(upload, is_whole=True)
        _write_about(whole)
        return whole

    def describe(self, upload: Upload, form: Mapping[str, Any]) -> Upload:
        """Keep what its owner says of an upload."""
        described = replace(upload, form={**upload.form, **form})
        _write_about(described)
        return described

    def remove(self, upload: Upload) -> None:
        """Delete an upload; it may be gone already."""
        shutil.rmtree(upload.folder, ignore_errors=True)

    def sweep(self, older_than_s: float = KEPT_S) -> int:
        """Delete uploads that nothing was done to for a day; return how many."""
        latest = time.time() - older_than_s
        swept = 0
        for folder in self.folder.glob("*") if self.folder.is_dir() else ():
            if _touched_at(folder) < latest:
                shutil.rmtree(folder, ignore_errors=True)
                swept += 1
        return swept

    def _read(self, upload_id: str) -> Upload | None:
        if not _ID.fullmatch(upload_id):
            return None
        folder = self.folder / upload_id
        try:
            about = json.loads((folder / "about.json").read_text())
        except (FileNotFoundError, ValueError):
            return None
        return Upload(folder=folder, **about)


def clean_name(name: str) -> str:
    """Return the last part of a file's name, without what can't be seen; it may be empty."""
    last = re.split(r"[/\\]", name)[-1]
    seen = "".join(c for c in last if unicodedata.category(c)[0] != "C")
    stem, ending = os.path.splitext(" ".join(seen.split()))
    return stem[: _LONGEST_NAME - len(ending[:10])] + ending[:10]


def ending_of(name: str) -> str:
    """Return the ending of a name in lower case, with its dot."""
    return os.path.splitext(name)[1].lower()


def digest_file(path: Path) -> str:
    """Return the SHA-256 of the SHA-256 of each MiB of a file, in hexadecimal.

    A browser can count this piece by piece; of a whole file it would need all of it in memory.
    """
    blocks = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(DIGEST_BLOCK_BYTES):
            blocks.update(hashlib.sha256(block).digest())
    return blocks.hexdigest()


def _write_about(upload: Upload) -> None:
    about = {k: v for k, v in asdict(upload).items() if k != "folder"}
    aside = upload.folder / f"about.{secrets.token_hex(4)}"
    with os.fdopen(os.open(aside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
        json.dump(about, file)
    aside.replace(upload.folder / "about.json")


def _touched_at(folder: Path) -> float:
    try:
        return max(path.stat().st_mtime for path in (folder, *folder.glob("*")))
    except FileNotFoundError:
        return time.time()  # somebody else is at it
