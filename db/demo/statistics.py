"""Invented area statistics: the families of each area, and three indicators to map."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from db.demo.draws import PERIODS, Floats

FAMILY_COUNT = "family_count"
NO_DATA_SHARE = 0.03


class IndicatorRow(NamedTuple):
    """A row of ``indicator``, and how the demo draws it from a village's hardship."""

    code: str
    name: str
    name_en: str
    unit: str
    decimals: int
    direction: str
    is_layer: bool
    mean: float = 0
    per_hardship: float = 0
    chance: float = 0
    per_year: float = 0
    lowest: float = 0
    highest: float = 100


INDICATORS = (
    IndicatorRow(FAMILY_COUNT, "Jumlah keluarga", "Families", "keluarga", 0, "neutral", False),
    IndicatorRow(
        "school_dropout_pct", "Anak 7-18 tahun tidak sekolah", "Out of school, age 7-18",
        "%", 1, "high_is_bad", True, 4.2, 1.5, 0.7, -0.4, 0.2,
    ),
    IndicatorRow(
        "mobile_coverage_pct", "Jangkauan sinyal telepon seluler", "Mobile phone coverage",
        "%", 1, "high_is_good", True, 90.0, -5.0, 2.5, 1.6,
    ),
    IndicatorRow(
        "satisfaction_index", "Indeks kepuasan layanan publik", "Public service satisfaction index",
        "indeks 0-100", 1, "high_is_good", True, 79.0, -2.2, 3.0, 0.8,
    ),
)  # fmt: skip


def count_families(villages: pd.DataFrame) -> pd.DataFrame:
    """Count the families of every desa, kecamatan and kabupaten; each level has the same sum.

    Parameters
    ----------
    villages
        With ``code`` and ``family_count``.

    Returns
    -------
    DataFrame
        ``area_code``, ``indicator``, ``period`` and ``value``.
    """
    levels = []
    for parts in (2, 3, 4):
        code = villages["code"].str.split(".").str[:parts].str.join(".")
        levels.append(villages.groupby(code)["family_count"].sum())
    counts = pd.concat(levels).rename_axis("area_code").reset_index(name="value")
    return counts.assign(indicator=FAMILY_COUNT, period=PERIODS[-1])


def draw_indicators(villages: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Draw the mapped indicators of every desa, and of every kecamatan as their mean.

    Parameters
    ----------
    villages
        With ``code``, ``parent_code``, ``hardship`` and ``family_count``.
    rng
        The source of chance.

    Returns
    -------
    DataFrame
        ``area_code``, ``indicator``, ``period`` and ``value``; NaN is no data.
    """
    rows = []
    for indicator in (row for row in INDICATORS if row.is_layer):
        own = rng.standard_normal(len(villages))
        for years, period in enumerate(PERIODS):
            value = _draw_value(indicator, villages["hardship"].to_numpy(), own, years, rng)
            labels = {"indicator": indicator.code, "period": period}
            rows.append(_with_kecamatan(villages, value, indicator.decimals, rng).assign(**labels))
    return pd.concat(rows, ignore_index=True)


def _draw_value(
    indicator: IndicatorRow, hardship: Floats, own: Floats, years: int, rng: np.random.Generator
) -> Floats:
    noise = 0.9 * own + 0.3 * rng.standard_normal(len(own))
    value = indicator.mean + indicator.per_year * years + indicator.per_hardship * hardship
    return np.clip(value + indicator.chance * noise, indicator.lowest, indicator.highest)


def _with_kecamatan(
    villages: pd.DataFrame, value: Floats, decimals: int, rng: np.random.Generator
) -> pd.DataFrame:
    parent, families = villages["parent_code"], villages["family_count"]
    mean = (value * families).groupby(parent).sum() / families.groupby(parent).sum()
    missing = rng.random(len(value)) < NO_DATA_SHARE
    # One kecamatan did not report, now and then; with few of them all do.
    unreported = mean.index[rng.integers(len(mean))] if len(mean) > 5 and rng.random() < 0.6 else ""
    desa = np.where(missing | (parent == unreported), np.nan, value)
    codes = [*villages["code"], *mean.index]
    values = np.round([*desa, *mean.mask(mean.index == unreported)], decimals)
    return pd.DataFrame({"area_code": codes, "value": values})
