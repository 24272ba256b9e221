"""What can go wrong, each with its HTTP status and the sentence its reader sees."""

from __future__ import annotations

from geo.text import N_


class MapError(Exception):
    """A fault with a sentence for the person in front of the screen.

    Parameters
    ----------
    user_msg
        The Indonesian sentence, marked with :func:`geo.text.N_`; it may hold ``{name}`` fields.
    **fields
        The values of those fields.
    """

    status = 500

    def __init__(self, user_msg: str, **fields: object) -> None:
        self.user_msg = user_msg
        self.fields = fields
        super().__init__(user_msg.format(**fields))


class InvalidView(MapError):
    """An address whose layer, level, filter or page can't be read."""

    status = 400


class InvalidTile(MapError):
    """A tile number outside the pyramid."""

    status = 400


class InvalidFile(MapError):
    """A file that is refused whole, with nothing of it loaded."""

    status = 400


class UnknownLayer(MapError):
    """A layer key that no file in ``layers/`` carries."""

    status = 404

    def __init__(self, key: str) -> None:
        super().__init__(N_("Tidak ada lapisan peta bernama “{key}”."), key=key)


class AreaNotFound(MapError):
    """An area code that is not in the database."""

    status = 404

    def __init__(self, code: str) -> None:
        super().__init__(N_("Wilayah dengan kode “{code}” tidak ditemukan."), code=code)


class HouseholdNotFound(MapError):
    """A household that does not exist or lies outside the viewer's rights; both answer alike."""

    status = 404

    def __init__(self, household_id: int) -> None:
        super().__init__(N_("Keluarga nomor {id} tidak ditemukan."), id=household_id)


class InvalidPurpose(MapError):
    """A purpose that says nothing, for which identities would have been shown."""

    status = 400

    def __init__(self) -> None:
        super().__init__(N_("Tuliskan tujuannya, 10 sampai 500 huruf."))


class AccessDenied(MapError):
    """Nobody is logged in (401), or what is asked for is not for this role (403).

    Parameters
    ----------
    user_msg
        The sentence; without one, the wish to log in.
    status
        401 or 403.
    """

    def __init__(
        self, user_msg: str = N_("Silakan masuk lebih dahulu."), *, status: int = 401
    ) -> None:
        super().__init__(user_msg)
        self.status = status


class StaleEdit(MapError):
    """Somebody else saved a change first. What the second one typed is theirs to look at again.

    Parameters
    ----------
    user
        Who saved it.
    at
        When, as text.
    """

    status = 409

    def __init__(self, user: str, at: str) -> None:
        super().__init__(
            N_(
                "{user} sudah menyimpan perubahan pada {at}. Isian Anda belum disimpan dan tidak"
                " hilang: bandingkan, lalu simpan lagi."
            ),
            user=user,
            at=at,
        )


class DatabaseUnavailable(MapError):
    """The database does not answer."""

    status = 503

    def __init__(self) -> None:
        super().__init__(
            N_("Basis data sedang tidak dapat dihubungi. Halaman akan mencoba lagi sendiri.")
        )


class QueryTooSlow(MapError):
    """A statement ran into its time limit."""

    status = 503

    def __init__(self) -> None:
        super().__init__(
            N_("Hitungan ini terlalu lama. Persempit wilayah atau saringannya, lalu coba lagi.")
        )


class NothingPublished(MapError):
    """No totals were published yet."""

    status = 404

    def __init__(self) -> None:
        super().__init__(N_("Belum ada angka yang diterbitkan."))
