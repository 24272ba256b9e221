"""What can go wrong with an upload."""

from __future__ import annotations

from collections.abc import Sequence

from geo.errors import InvalidFile, MapError
from geo.text import N_


class UploadNotFound(MapError):
    """An upload that does not exist, or is another person's; both answer alike."""

    status = 404

    def __init__(self) -> None:
        super().__init__(N_("Unggahan ini tidak ada lagi. Pilih berkasnya dan unggah lagi."))


class FileTooLarge(InvalidFile):
    """A file beyond the limit."""

    status = 413

    def __init__(self, limit_bytes: int) -> None:
        super().__init__(
            N_("Berkas terlalu besar; paling besar {limit} MB. Bagi menjadi beberapa berkas."),
            limit=limit_bytes // 1_000_000,
        )


class EmptyFile(InvalidFile):
    """A file without a byte."""

    def __init__(self, name: str) -> None:
        super().__init__(N_("Berkas “{name}” kosong."), name=name)


class UnknownEnding(InvalidFile):
    """A file of a kind that is not read."""

    def __init__(self, name: str, endings: Sequence[str]) -> None:
        super().__init__(
            N_("Berkas “{name}” tidak dapat dibaca; akhiran yang diterima: {endings}."),
            name=name,
            endings=", ".join(endings),
        )


class FolderFull(MapError):
    """No room for another upload."""

    status = 409

    def __init__(self) -> None:
        super().__init__(
            N_("Unggahan Anda sudah terlalu banyak. Buang yang tidak dipakai, lalu coba lagi.")
        )


class WrongOffset(MapError):
    """A piece that doesn't begin where the last one ended.

    Parameters
    ----------
    offset
        Where it should begin.
    """

    status = 409

    def __init__(self, offset: int) -> None:
        self.offset = offset
        super().__init__(N_("Potongan berkas datang tidak berurutan; unggahan dilanjutkan."))


class BrokenPiece(MapError):
    """Bytes that were changed on the way, or belong to another file."""

    status = 400

    def __init__(self) -> None:
        super().__init__(
            N_("Isi yang diterima tidak sama dengan berkasnya. Unggah lagi dari awal.")
        )
