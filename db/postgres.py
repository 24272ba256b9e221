"""The PostgreSQL of the distribution, and the account that its server runs as."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from db.refusal import Refusal

_DEBIAN_BIN = Path("/usr/lib/postgresql")
_DEBIAN_SHARE = Path("/usr/share/postgresql")


@dataclass(frozen=True, slots=True)
class Postgres:
    """An installed PostgreSQL that has PostGIS.

    Attributes
    ----------
    version
        Major version.
    bin
        Folder of its programs.
    """

    version: int
    bin: Path


@dataclass(frozen=True, slots=True)
class ServerAccount:
    """The account that the server runs as."""

    name: str
    uid: int
    gid: int

    def for_subprocess(self) -> dict[str, Any]:
        """Return what makes a subprocess run as this account; nothing when it is our own."""
        if os.geteuid() == self.uid:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


def list_postgres() -> list[Postgres]:
    """List the installed PostgreSQL that have PostGIS, the newest first."""
    found = [
        Postgres(int(folder.name), folder / "bin")
        for folder in _DEBIAN_BIN.glob("[0-9]*")
        if folder.name.isdigit()
        and (folder / "bin/initdb").exists()
        and (_DEBIAN_SHARE / folder.name / "extension/postgis.control").exists()
    ]
    if not found and shutil.which("pg_config"):
        found = _list_from_pg_config()
    return sorted(found, key=lambda postgres: -postgres.version)


def find_postgres(version: int | None = None) -> Postgres:
    """Return the newest PostgreSQL with PostGIS, or the one of a given major version.

    Raises
    ------
    Refusal
        When there is none.
    """
    for postgres in list_postgres():
        if version in (None, postgres.version):
            return postgres
    wanted = f"postgresql-{version or 'NN'}-postgis-3"
    raise Refusal(
        f"PostgreSQL{f' {version}' if version else ''} with PostGIS is missing; please install the "
        f"package {wanted}, or name another database in KENTONGAN_DATABASE_URL."
    )


def server_account(data: Path) -> ServerAccount:
    """Return the account for the server: our own, or as root an unprivileged one.

    Parameters
    ----------
    data
        The data folder. When it exists already, its owner stays the server's account.
    """
    uid = os.geteuid()
    if uid == 0:
        owner = data.stat().st_uid if data.exists() else 0
        uid = owner or _unprivileged_uid()
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:  # a container may run as a number without a name
        return ServerAccount(str(uid), uid, os.getegid())
    return ServerAccount(entry.pw_name, uid, entry.pw_gid)


def may_enter(account: ServerAccount, folder: Path) -> bool:
    """Tell whether an account can reach what lies in a folder."""
    command = ["/usr/bin/test", "-x", str(folder)]
    return not subprocess.run(command, cwd="/", **account.for_subprocess()).returncode


def _unprivileged_uid() -> int:
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name).pw_uid
        except KeyError:
            continue
    raise Refusal("PostgreSQL refuses to run as root and there is no account postgres.")


def _list_from_pg_config() -> list[Postgres]:
    def ask(what: str) -> str:
        asked = ["pg_config", f"--{what}"]
        return subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip()

    if not Path(ask("sharedir"), "extension/postgis.control").exists():
        return []
    return [Postgres(int(ask("version").split()[1].split(".")[0]), Path(ask("bindir")))]
