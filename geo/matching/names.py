"""Names as Indonesian offices type them, brought to one spelling.

The rules come from how names are written on family cards and aid lists: titles before and degrees
after, ``ST.`` for Siti, ``MOH.`` for Muhammad, the spelling from before 1972 (``oe``, ``dj``,
``tj``), ``P. Budi`` for Budi's father in Javanese and Madurese villages.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

_TITLES = frozenset(
    [
        *("H", "HJ", "HI", "HAJI", "HAJAH", "HAJJAH", "KH", "KYAI", "KIAI", "NYAI", "USTAD"),
        *("USTADZ", "USTADZAH", "UST", "DR", "DRS", "DRA", "DRG", "IR", "PROF", "BPK", "BAPAK"),
        *("BP", "PAK", "P", "IBU", "BU", "B", "SDR", "SDRI", "TN", "NY", "NN", "ALM", "ALMH"),
        *("ALMARHUM", "ALMARHUMAH", "MBAH", "MBOK", "MAK", "MBAK", "MAS", "BIK", "RADEN", "RR"),
    ]
)
_DEGREES = frozenset(
    [
        *("SPD", "SPDI", "SPDSD", "MPD", "MPDI", "SE", "SH", "SHI", "MH", "SAG", "MAG", "SSOS"),
        *("SSOSI", "SKOM", "MKOM", "SIP", "MSI", "MM", "ST", "MT", "SKEP", "SKM", "AMD", "AMDKEB"),
        *("AMDKEP", "SP", "SPT", "SSI", "STP", "SHUT", "MKES", "BA", "SST", "BSC", "MSC"),
    ]
)
_MEANINGS = {
    variant: name
    for name, variants in {
        "SITI": "ST STI SITTI SITHI SITIE SITY",
        "MUHAMMAD": (
            "MUH MOH MHD MHMD MOHD MOCH MUCH MUHAMAD MOHAMAD MOHAMMAD MOCHAMAD MOCHAMMAD "
            "MUCHAMAD MUCHAMMAD MOHAMED MOHAMMED MUHAMMED MUHAMED MUHAMMAT MUHAMAT MAMAD"
        ),
        "AHMAD": "ACH ACHMAD AKHMAD AHMD AHMAT AKH AHM ACHMAT AHAMAD",
        "ABDUL": "ABD ABDL ABDU ABDUR ABDUS ABDUN ABDOL",
    }.items()
    for variant in variants.split()
}
_CUT_FROM = frozenset(("BIN", "BINTI", "BT", "BTI", "ALIAS"))
_OLD_SPELLING = (("OE", "U"), ("DJ", "J"), ("TJ", "C"), ("SJ", "SY"))
_FOLDS = (
    ("KH", "H"), ("CH", "H"), ("SY", "S"), ("SH", "S"), ("TS", "S"), ("DZ", "D"), ("DH", "D"),
    ("TH", "T"), ("IY", "I"), ("V", "P"), ("F", "P"), ("Q", "K"), ("Z", "S"), ("J", "Y"),
    ("O", "U"), ("E", "I"),
)  # fmt: skip
_NO_LETTER = re.compile(r"[^A-Z0-9. ]+")
_JOINED_ABDUL = re.compile(r"(ABDU[RLSN])([A-Z]{4,})")
_MAY_BE_OLD = re.compile(r"OE|[DTS]J|ABDU")
_REPEATED = re.compile(r"(.)\1+")
_VOWELS = str.maketrans("", "", "AIU")
_OPTIONAL = frozenset(("SITI", "MUHAMMAD"))


class NameForm(NamedTuple):
    """One name in the forms in which it is compared.

    Attributes
    ----------
    words
        The words of the normalised name in alphabetical order, with spaces between.
    folded
        The same words as they sound: letters that stand for one sound written alike.
    core
        ``folded`` without a leading Siti or Muhammad, which are often left out.
    skeleton
        ``core`` without vowels.
    stems
        The skeleton of each word of the core.
    """

    words: str
    folded: str
    core: str
    skeleton: str
    stems: tuple[str, ...]


def normalise_name(text: str) -> str:
    """Bring a name to one spelling.

    Parameters
    ----------
    text
        As typed, in any case.

    Returns
    -------
    str
        Upper case without titles, degrees, the father's name after bin or binti, and punctuation;
        usual abbreviations written out, the spelling from before 1972 brought to today's. A name
        of nothing but titles keeps its last word. Applying it twice changes nothing more.
    """
    words = _split(text)
    while len(words) > 1 and words[0] in _TITLES:
        del words[0]
    for place in range(1, len(words)):
        if words[place] in _CUT_FROM:
            del words[place:]
            break
    return " ".join(_write_out(word, place, len(words)) for place, word in enumerate(words))


def name_forms(texts: Iterable[str]) -> dict[str, NameForm]:
    """Return the forms of each name, computed once for names that are typed alike.

    Parameters
    ----------
    texts
        As typed; repeated ones cost nothing.
    """
    folds: dict[str, str] = {}
    by_name: dict[str, NameForm] = {}
    forms: dict[str, NameForm] = {}
    for text in texts:
        if text in forms:
            continue
        name = normalise_name(text)
        form = by_name.get(name)
        if form is None:
            form = by_name[name] = _form_of(name, folds)
        forms[text] = form
    return forms


def _form_of(name: str, folds: dict[str, str]) -> NameForm:
    words = name.split()
    for word in words:
        if word not in folds:
            folds[word] = _fold(word)
    core_words = [word for word in words if word not in _OPTIONAL] or words
    core = sorted(folds[word] for word in core_words)
    stems = tuple(word.translate(_VOWELS) or word for word in core)
    folded = " ".join(sorted(folds[word] for word in words))
    return NameForm(" ".join(sorted(words)), folded, " ".join(core), " ".join(stems), stems)


def _fold(word: str) -> str:
    for letters, sound in _FOLDS:
        word = word.replace(letters, sound)
    word = _REPEATED.sub(r"\1", word)
    return word[:-1] if len(word) > 2 and word[-1] == "H" else word


def _split(text: str) -> list[str]:
    name = text.upper()
    if not name.isascii():
        name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().upper()
    if not name.replace(" ", "").isalpha():
        # Behind a comma stand degrees; names of civil registration have none.
        before = name.partition(",")[0]
        name = before if before.strip(" .") else name
        name = _NO_LETTER.sub(" ", name.replace("'", "").replace("`", ""))
    words: list[str] = []
    for word in name.split():
        if "." in word:
            parts = word.strip(".").split(".")
            if len(parts) == 1 or "".join(parts) not in _DEGREES:
                words += [part for part in parts if part]
        else:
            words.append(word)
    return [part for word in words for part in _modernise(word).split()]


def _write_out(word: str, place: int, count: int) -> str:
    # Before other words "M" is Muhammad to everybody; alone or behind it is an initial.
    if len(word) <= 2 and count == 1:
        return word
    if word == "M":
        return "MUHAMMAD" if place == 0 else word
    return _MEANINGS.get(word, word)


def _modernise(word: str) -> str:
    if not _MAY_BE_OLD.search(word):
        return word
    before = ""
    while before != word:
        before = word
        for old, new in _OLD_SPELLING:
            word = word.replace(old, new)
    joined = _JOINED_ABDUL.fullmatch(word)
    return f"ABDUL {_modernise(joined[2])}" if joined else word
