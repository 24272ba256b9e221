"""Zipped Shapefiles, unpacked with a limit on everything that a zip file may lie about."""

from __future__ import annotations

import shutil
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from geo.errors import InvalidFile
from geo.text import N_

MAX_UNPACKED_BYTES = 500 * 2**20
MAX_RATIO = 200
RATIO_COUNTS_FROM_BYTES = 20 * 2**20
"""Small tables padded with blanks pack better than any bomb; below this size all is well."""
MAX_MEMBERS = 1000

_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
_BROKEN = N_("Berkas “{name}” bukan zip yang sah, atau rusak.")


def unpack_shapefiles(path: Path, folder: Path) -> list[Path]:
    """Unpack the Shapefiles of a zip file under names of our own.

    Parameters
    ----------
    path
        The zip file.
    folder
        An empty folder.

    Returns
    -------
    list of Path
        The ``.shp`` files in `folder`, in the order of their names in the zip file.

    Raises
    ------
    InvalidFile
        When it is no zip file, unpacks to too much, leads out of its folder, is encrypted, or
        holds no Shapefile.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            _check_members(archive.infolist(), path)
            return _unpack(archive, path, folder)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError) as error:
        raise InvalidFile(_BROKEN, name=path.name) from error


def _check_members(members: list[zipfile.ZipInfo], path: Path) -> None:
    unpacked = sum(member.file_size for member in members)
    packed = max(path.stat().st_size, 1)
    is_bomb = unpacked > RATIO_COUNTS_FROM_BYTES and unpacked / packed > MAX_RATIO
    if len(members) > MAX_MEMBERS or unpacked > MAX_UNPACKED_BYTES or is_bomb:
        raise InvalidFile(
            N_("Berkas zip “{name}” mengembang terlalu besar dan tidak dibuka."), name=path.name
        )
    if any(_leads_out(member) for member in members):
        raise InvalidFile(
            N_("Berkas zip “{name}” memuat nama berkas yang keluar dari foldernya."),
            name=path.name,
        )
    if any(member.flag_bits & 1 for member in members):
        raise InvalidFile(N_("Berkas zip “{name}” terkunci kata sandi."), name=path.name)


def _leads_out(member: zipfile.ZipInfo) -> bool:
    name = member.filename
    is_link = (member.external_attr >> 28) == 0o12
    return is_link or name.startswith("/") or ".." in PurePosixPath(name).parts or "\\" in name


def _unpack(archive: zipfile.ZipFile, path: Path, folder: Path) -> list[Path]:
    members = {
        member.filename.lower(): member
        for member in archive.infolist()
        if not PurePosixPath(member.filename).name.startswith(".")
    }
    stems = sorted(name[: -len(".shp")] for name in members if name.endswith(".shp"))
    if not stems:
        raise InvalidFile(N_("Berkas zip “{name}” tidak berisi Shapefile (.shp)."), name=path.name)
    copies = []
    for number, stem in enumerate(stems):
        for suffix in _PARTS:
            if stem + suffix in members:
                copy = folder / str(number) / f"boundaries{suffix}"
                copy.parent.mkdir(exist_ok=True)
                with archive.open(members[stem + suffix]) as packed, copy.open("wb") as file:
                    shutil.copyfileobj(packed, file)
        copies.append(folder / str(number) / "boundaries.shp")
    return copies
