"""What a plan is asked to do: how many, for what money, in which order, shared among whom."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from geo.errors import MapError
from geo.text import N_

RANKINGS = ("decile", "needs", "waiting", "weights")
SPLITS = ("none", "need", "equal")
VILLAGES = ("all", "desa", "kelurahan")
CRITERIA = ("decile", "needs", "waiting")
"""What a score is made of."""
MOST_PLACES = 1_000_000
MOST_BUDGET_IDR = 10_000_000_000_000
"""Ten trillion rupiah: three times what a large regency spends in a year."""
MOST_UNIT_COST_IDR = 1_000_000_000
MOST_WEIGHT = 100

_PERIOD = re.compile(r"\d{4}(-(0[1-9]|1[0-2]|[SQ][1-4]))?")
_GROUPED = re.compile(r"-?(\d+|\d{1,3}(\.\d{3})+)")


class InvalidSettings(MapError):
    """Settings that no plan can have.

    Parameters
    ----------
    user_msg
        The sentence.
    field_name
        Which setting is wrong, as its path in the JSON: ``quota``, ``split.floor``…
    """

    status = 400

    def __init__(self, user_msg: str, field_name: str, **fields: object) -> None:
        self.field_name = field_name
        super().__init__(user_msg, **fields)


@dataclass(frozen=True, slots=True)
class Ranking:
    """Who comes first: by one criterion, or by ``weights`` of all three, 0 to 100 each."""

    by: str = "decile"
    weights: Mapping[str, int] = field(default_factory=lambda: dict.fromkeys(CRITERIA, 0))

    @property
    def used_weights(self) -> dict[str, int]:
        """The weights that count: those set by hand, or one for the only criterion."""
        if self.by == "weights":
            return {key: self.weights[key] for key in CRITERIA}
        return {key: int(key == self.by) for key in CRITERIA}


@dataclass(frozen=True, slots=True)
class Split:
    """How the places are shared among villages.

    Attributes
    ----------
    by
        ``none`` (whoever ranks highest, wherever), ``need`` (by the number of candidates) or
        ``equal``.
    floor
        Places that a village gets at least, as far as it has candidates.
    most
        Places that a village gets at most; None is no limit.
    """

    by: str = "none"
    floor: int = 0
    most: int | None = None


@dataclass(frozen=True, slots=True)
class PlanSettings:
    """The settings of a plan.

    Attributes
    ----------
    period
        For which the aid is given: ``2026``, ``2026-S1``, ``2026-Q3`` or ``2026-05``.
    quota
        Places; None leaves it to the budget.
    budget_idr, unit_cost_idr
        The money, and what one household costs.
    ranking, split
        The order, and the share of each village.
    puts_first
        Whether those for whom the programme's rule says ``first`` go ahead of all others.
    villages
        ``all``, or ``desa`` or ``kelurahan`` only.
    due_on
        When all should be delivered.
    lot
        Seed of the lot that decides between equals.
    """

    period: str
    quota: int | None = None
    budget_idr: int | None = None
    unit_cost_idr: int | None = None
    ranking: Ranking = Ranking()
    puts_first: bool = True
    split: Split = Split()
    villages: str = "all"
    due_on: date | None = None
    lot: str = ""

    @property
    def places(self) -> int:
        """How many households there is room for: the quota or the money, whichever is smaller."""
        limits = [] if self.quota is None else [self.quota]
        if self.budget_idr is not None and self.unit_cost_idr:
            limits.append(self.budget_idr // self.unit_cost_idr)
        return min(limits)

    def name_lot(self, programme: str) -> str:
        """Return the seed of the lot: the one that was set, or that of the programme's period."""
        return self.lot or f"{programme}:{self.period}"

    def to_json(self) -> dict[str, Any]:
        """Return the settings as JSON; ``parse_settings`` reads the same from it."""
        return {
            "period": self.period,
            "quota": self.quota,
            "budget_idr": self.budget_idr,
            "unit_cost_idr": self.unit_cost_idr,
            "ranking": {"by": self.ranking.by, "weights": dict(self.ranking.weights)},
            "puts_first": self.puts_first,
            "split": {"by": self.split.by, "floor": self.split.floor, "most": self.split.most},
            "villages": self.villages,
            "due_on": self.due_on.isoformat() if self.due_on else None,
            "lot": self.lot,
        }


def parse_settings(data: Mapping[str, Any], *, today: date | None = None) -> PlanSettings:
    """Read settings from JSON or a form.

    Parameters
    ----------
    data
        As :meth:`PlanSettings.to_json` writes it. Numbers may be text as people type it, with or
        without dots between thousands; empty text and None leave a setting out.
    today
        When given, a due date before it is refused. Not for settings that were stored before.

    Returns
    -------
    PlanSettings

    Raises
    ------
    InvalidSettings
        With the first thing that is wrong.
    """
    known = {"period", "quota", "budget_idr", "unit_cost_idr", "ranking", "puts_first", "split"}
    known |= {"villages", "due_on", "lot"}
    for name in sorted(set(data) - known):
        raise InvalidSettings(N_("Pengaturan “{name}” tidak dikenal."), name, name=name[:40])
    settings = PlanSettings(
        period=_period(data.get("period")),
        quota=_number(data.get("quota"), "quota", 1, MOST_PLACES),
        budget_idr=_number(data.get("budget_idr"), "budget_idr", 1, MOST_BUDGET_IDR),
        unit_cost_idr=_number(data.get("unit_cost_idr"), "unit_cost_idr", 1, MOST_UNIT_COST_IDR),
        ranking=_ranking(_part(data, "ranking")),
        puts_first=_flag(data.get("puts_first", True)),
        split=_split(_part(data, "split")),
        villages=_word(data.get("villages"), "villages", VILLAGES),
        due_on=_day(data.get("due_on"), today),
        lot=_lot(data.get("lot")),
    )
    _check_room(settings)
    return settings


def _check_room(settings: PlanSettings) -> None:
    if settings.quota is None and settings.budget_idr is None:
        raise InvalidSettings(N_("Isi kuota, anggaran, atau keduanya."), "quota")
    if settings.budget_idr is None:
        return
    if settings.unit_cost_idr is None:
        raise InvalidSettings(
            N_("Anggaran tanpa biaya per keluarga tidak dapat dibagi. Isi biaya per keluarga."),
            "unit_cost_idr",
        )
    if settings.budget_idr < settings.unit_cost_idr:
        raise InvalidSettings(
            N_("Anggaran lebih kecil daripada biaya satu keluarga: tidak ada yang dapat dibantu."),
            "budget_idr",
        )


def _ranking(data: Mapping[str, Any]) -> Ranking:
    by = _word(data.get("by"), "ranking.by", RANKINGS)
    told = _part(data, "weights", "ranking.weights")
    for name in sorted(set(told) - set(CRITERIA)):
        raise InvalidSettings(
            N_("Bobot “{name}” tidak dikenal."), "ranking.weights", name=name[:40]
        )
    weights = {
        key: _number(told.get(key), f"ranking.weights.{key}", 0, MOST_WEIGHT) or 0
        for key in CRITERIA
    }
    if by == "weights" and not any(weights.values()):
        raise InvalidSettings(
            N_("Semua bobot nol: tidak ada urutan. Beri bobot pada paling sedikit satu hal."),
            "ranking.weights",
        )
    return Ranking(by, weights)


def _split(data: Mapping[str, Any]) -> Split:
    floor = _number(data.get("floor"), "split.floor", 0, MOST_PLACES) or 0
    most = _number(data.get("most"), "split.most", 1, MOST_PLACES)
    if most is not None and floor > most:
        raise InvalidSettings(
            N_("Jatah paling sedikit ({floor}) melebihi jatah paling banyak ({most}) per desa."),
            "split.floor",
            floor=floor,
            most=most,
        )
    split = Split(_word(data.get("by"), "split.by", SPLITS), floor, most)
    if split.by == "none" and (split.floor or split.most is not None):
        raise InvalidSettings(
            N_("Jatah per desa hanya berlaku bila kuota dibagi antardesa. Pilih cara membaginya."),
            "split.by",
        )
    return split


def _part(data: Mapping[str, Any], name: str, path: str | None = None) -> Mapping[str, Any]:
    part = data.get(name)
    if part is None:
        return {}
    if not isinstance(part, Mapping):
        raise InvalidSettings(
            N_("Pengaturan “{name}” tidak dapat dibaca."), path or name, name=name
        )
    return part


def _number(value: Any, path: str, least: int, most: int) -> int | None:
    if value is None or value == "":
        return None
    text = str(value).strip().removeprefix("Rp").replace(" ", "")
    if isinstance(value, bool) or not _GROUPED.fullmatch(text) or len(text) > 30:
        raise InvalidSettings(N_("“{value}” bukan bilangan bulat."), path, value=str(value)[:40])
    number = int(text.replace(".", ""))
    if number < 0:
        raise InvalidSettings(N_("Bilangan tidak boleh negatif: {value}."), path, value=number)
    if not least <= number <= most:
        raise InvalidSettings(
            N_("{value} di luar batas: paling sedikit {least}, paling banyak {most}."),
            path,
            value=number,
            least=least,
            most=most,
        )
    return number


def _word(value: Any, path: str, words: tuple[str, ...]) -> str:
    if value is None or value == "":
        return words[0]
    if value not in words:
        raise InvalidSettings(N_("Pilihan “{value}” tidak dikenal."), path, value=str(value)[:40])
    return str(value)


def _flag(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    raise InvalidSettings(
        N_("Pengaturan “{name}” tidak dapat dibaca."), "puts_first", name="puts_first"
    )


def _period(value: Any) -> str:
    if not isinstance(value, str) or not _PERIOD.fullmatch(value.strip()):
        raise InvalidSettings(
            N_("Tulis periode penyaluran sebagai 2026, 2026-S1, 2026-Q3, atau 2026-05."), "period"
        )
    return value.strip()


def _day(value: Any, today: date | None) -> date | None:
    if value is None or value == "":
        return None
    try:
        day = value if isinstance(value, date) else date.fromisoformat(str(value))
    except ValueError:
        raise InvalidSettings(
            N_("“{value}” bukan tanggal."), "due_on", value=str(value)[:40]
        ) from None
    if today is not None and day < today:
        raise InvalidSettings(N_("Tenggat {day} sudah lewat."), "due_on", day=day.isoformat())
    return day


def _lot(value: Any) -> str:
    text = "" if value is None else " ".join(str(value).split())
    if len(text) > 80 or not text.isprintable():
        raise InvalidSettings(N_("Benih undian paling panjang 80 huruf."), "lot")
    return text
