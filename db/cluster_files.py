"""What the operating system says of a cluster's processes and files."""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path


def version_of(data: Path) -> int | None:
    """Return the PostgreSQL version that made a data folder, None when none did."""
    try:
        return int((data / "PG_VERSION").read_text())
    except (FileNotFoundError, ValueError):
        return None


def names_living_process(path: Path) -> bool:
    """Tell whether a lock file names a process that lives."""
    try:
        return Path(f"/proc/{int(path.read_text().split(maxsplit=1)[0])}").exists()
    except (ValueError, IndexError):
        return False


def is_running(pid: int) -> bool:
    """Tell whether a process runs; one that only waits to be reaped doesn't."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def quoted_list(folder: Path) -> str:
    """Write a folder as a PostgreSQL list of one quoted name."""
    return '"' + str(folder).replace('"', '""') + '"'


def short_hash(path: Path) -> str:
    """Return ten digits that stand for a path."""
    return sha256(os.fsencode(path)).hexdigest()[:10]
