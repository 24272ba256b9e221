"""The view: what is looked at. An address in, an address out.

The map, the tiles, the table, the exports and the printed sheet all take the same frozen value,
so that a file always equals the screen it was made from.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, replace
from typing import Any, Literal
from urllib.parse import parse_qsl, urlencode

from geo.errors import InvalidView
from geo.text import N_

Level = Literal["kabupaten", "kecamatan", "desa", "household"]

LEVELS: tuple[Level, ...] = ("kabupaten", "kecamatan", "desa", "household")
METHODS = ("quantile", "equal", "natural")
BREAKS = ("frozen", "shown")
STATUSES = ("unverified", "verified", "rejected", "graduated")
DOMAINS = ("education", "health", "food", "business", "housing", "cash")
GAP_CELLS = ("eligible", "served", "excluded", "included", "double")
"""Of a programme: whom its rule is for, who gets it, who is left out, who gets it all the same, who
gets it beside a programme that excludes it."""
NO_AID = "none"
"""The domain choice that means: a household that has received no aid at all."""

# A family counts as poor while the register holds it and nobody rejected or graduated it.
POOR_STATUSES = ("unverified", "verified")
DEFAULT_LAYER = "poverty_rate"
MAX_PAGE = 100_000

_AREA = re.compile(r"\d{2}\.\d{2}(\.\d{2}(\.\d{4})?)?")
_KEY = re.compile(r"[a-z][a-z0-9_]{0,59}(:[a-z][a-z0-9_]{0,59})?")
_PERIOD = re.compile(r"\d{4}(-(0[1-9]|1[0-2]|[SQ][1-4]))?")
_GAP = re.compile(rf"[a-z][a-z0-9_]{{0,59}}:({'|'.join(GAP_CELLS)})")
_QUESTION = re.compile(r"[0-9a-f]{12}")
_PLAN = re.compile(r"[1-9]\d{0,17}(:left)?")
_SORT = re.compile(r"-?[a-z][a-z_]{0,39}")


def level_of(area_code: str) -> Level:
    """Return the level of a Kemendagri area code, told by its number of parts.

    Parameters
    ----------
    area_code
        A code such as ``35.10``, ``35.10.01`` or ``35.10.01.2001``.

    Returns
    -------
    str
        ``kabupaten``, ``kecamatan`` or ``desa``.
    """
    return LEVELS[area_code.count(".") - 1]


def level_below(area_code: str | None) -> Level:
    """Return the level one step below an area; below nothing at all come the kecamatan."""
    if area_code is None:
        return "kecamatan"
    return LEVELS[LEVELS.index(level_of(area_code)) + 1]


@dataclass(frozen=True, slots=True)
class View:
    """What is looked at.

    Attributes
    ----------
    layer
        Key of the layer painted as fill, such as ``poverty_rate`` or ``indicator:school_dropout``.
    area
        Kemendagri code of the area looked into; None is everything that is loaded.
    level
        What the map paints: ``kecamatan``, ``desa`` or ``household`` (pins).
    deciles, domains, needs, statuses
        Filters; within one of them a household needs any of the values, between them all.
        An empty tuple leaves the filter out.
    received, not_received
        Programme codes; a household must have received every one of the first and none of the
        second.
    gap
        A cell of the gap matrix, ``<programme>:<cell>`` with one of :data:`GAP_CELLS`.
    question
        Key of a rule that somebody asked: the households for which it is true.
    plan
        Number of a plan: its targets; with ``:left`` those whose delivery is open.
    method, classes
        Class method and number of classes of the choropleth.
    breaks
        Where its classes part: ``frozen``, so that filters and years compare, or ``shown``, made of
        the values on the map.
    period
        Period of an area statistic, ``2026`` or ``2026-S1``; None is the newest.
    since
        The period that ``period`` is compared with; None is the one before it.
    language
        ``id`` or ``en``.
    household
        Id of the household whose card is open.
    at
        Id of a household; the list then holds the households at exactly its position.
    sort, page
        Order (a column of the layer, ``-`` before it for descending) and page of the list.
    """

    layer: str = DEFAULT_LAYER
    area: str | None = None
    level: Level = "kecamatan"
    deciles: tuple[int, ...] = ()
    received: tuple[str, ...] = ()
    not_received: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    statuses: tuple[str, ...] = POOR_STATUSES
    gap: str | None = None
    question: str | None = None
    plan: str | None = None
    method: str = "quantile"
    classes: int = 5
    breaks: str = "frozen"
    period: str | None = None
    since: str | None = None
    language: str = "id"
    household: int | None = None
    at: int | None = None
    sort: str | None = None
    page: int = 1

    def descend(self, area: str) -> View:
        """Look into an area: its parts are painted, the list starts anew, the filters stay."""
        return replace(
            self, area=area, level=level_below(area), household=None, at=None, page=1, sort=None
        )

    def ascend(self) -> View:
        """Look at the area one level up; above the kabupaten lies everything."""
        parent = self.area.rpartition(".")[0] if self.area and self.area.count(".") > 1 else None
        return replace(
            self, area=parent, level=level_below(parent), household=None, at=None, page=1, sort=None
        )

    def with_filters(self, **filters: Any) -> View:
        """Change filters; the list goes back to its first page."""
        return replace(self, page=1, at=None, **filters)

    def without_filters(self) -> View:
        """Drop every filter; the statuses go back to those that count as poor."""
        return self.with_filters(
            deciles=(),
            received=(),
            not_received=(),
            domains=(),
            needs=(),
            statuses=POOR_STATUSES,
            gap=None,
            question=None,
            plan=None,
        )

    @property
    def plan_number(self) -> int | None:
        """Number of the plan that is looked at, all of it or what is left."""
        return None if self.plan is None else int(self.plan.partition(":")[0])

    @property
    def is_filtered(self) -> bool:
        """Whether any filter differs from its start."""
        return self.without_filters() != replace(self, page=1, at=None)

    @classmethod
    def from_query(cls, query: str) -> View:
        """Read a view from the query part of an address.

        Parameters
        ----------
        query
            With or without its leading ``?``. Names left out take their start values.

        Returns
        -------
        View

        Raises
        ------
        InvalidView
            When a name is unknown, stands twice, or holds a value that it can't hold.
        """
        try:
            pairs = parse_qsl(query.removeprefix("?"), keep_blank_values=True, max_num_fields=40)
        except ValueError as error:
            raise InvalidView(N_("Alamat halaman ini tidak dapat dibaca.")) from error
        values: dict[str, Any] = {}
        for name, text in pairs:
            if name not in _READERS or name in values:
                raise InvalidView(N_("Bagian alamat “{name}” tidak dikenal."), name=name[:40])
            values[name] = _READERS[name](name, text)
        if "level" not in values:
            values["level"] = level_below(values.get("area"))
        return cls(**values)._checked()

    def to_query(self) -> str:
        """Write the view as the query part of an address, start values left out.

        Returns
        -------
        str
            Without a leading ``?``; empty for the view that the program opens with.
            ``View.from_query(view.to_query()) == view`` holds for every view.
        """
        written = []
        for field in fields(self):
            value = getattr(self, field.name)
            start = level_below(self.area) if field.name == "level" else field.default
            if value != start:
                text = ",".join(map(str, value)) if isinstance(value, tuple) else str(value)
                written.append((field.name, text))
        return urlencode(written, safe=",:")

    def _checked(self) -> View:
        if self.area is not None and LEVELS.index(self.level) <= LEVELS.index(level_of(self.area)):
            raise InvalidView(
                N_("Tingkat “{level}” tidak berada di dalam wilayah {area}."),
                level=self.level,
                area=self.area,
            )
        if set(self.received) & set(self.not_received):
            raise InvalidView(N_("Satu program tidak bisa sekaligus diterima dan tidak diterima."))
        return self


def _refuse(name: str, text: str) -> InvalidView:
    return InvalidView(
        N_("Nilai “{text}” untuk “{name}” tidak dikenal."), text=text[:40], name=name
    )


def _one_of(choices: tuple[str, ...]) -> Any:
    def read(name: str, text: str) -> str:
        if text not in choices:
            raise _refuse(name, text)
        return text

    return read


def _matching(pattern: re.Pattern[str]) -> Any:
    def read(name: str, text: str) -> str:
        if not pattern.fullmatch(text):
            raise _refuse(name, text)
        return text

    return read


def _integer(low: int, high: int) -> Any:
    def read(name: str, text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) < 20 and low <= int(text) <= high):
            raise _refuse(name, text)
        return int(text)

    return read


def _list_of(read_one: Any) -> Any:
    def read(name: str, text: str) -> tuple[Any, ...]:
        return tuple(sorted({read_one(name, part) for part in text.split(",") if part}))

    return read


def _statuses(name: str, text: str) -> tuple[str, ...]:
    chosen = _list_of(_one_of(STATUSES))(name, text)
    return tuple(status for status in STATUSES if status in chosen)


_BIGGEST_ID = 2**63 - 1
_READERS: dict[str, Any] = {
    "layer": _matching(_KEY),
    "area": _matching(_AREA),
    "level": _one_of(LEVELS[1:]),
    "deciles": _list_of(_integer(1, 10)),
    "received": _list_of(_matching(_KEY)),
    "not_received": _list_of(_matching(_KEY)),
    "domains": _list_of(_one_of((*DOMAINS, NO_AID))),
    "needs": _list_of(_matching(_KEY)),
    "statuses": _statuses,
    "gap": _matching(_GAP),
    "question": _matching(_QUESTION),
    "plan": _matching(_PLAN),
    "method": _one_of(METHODS),
    "classes": _integer(3, 7),
    "breaks": _one_of(BREAKS),
    "period": _matching(_PERIOD),
    "since": _matching(_PERIOD),
    "language": _one_of(("id", "en")),
    "household": _integer(1, _BIGGEST_ID),
    "at": _integer(1, _BIGGEST_ID),
    "sort": _matching(_SORT),
    "page": _integer(1, MAX_PAGE),
}
