"""The invented register as it was in earlier years: counts only, made of the present ones."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
from sqlalchemy import Connection, delete
from sqlalchemy.dialects.postgresql import insert

from db.demo.copying import copy_columns
from db.demo.draws import AS_OF, Floats, Ints
from db.demo.loading import SOURCE_CODE
from db.models import RegisterSnapshot, Source
from db.queries.breaks import refresh_derived
from db.trend import count_register

OLD_SOURCE_CODE = "demo_lama"
EARLIER = (
    (AS_OF.replace(year=2025), SOURCE_CODE, 1.05),
    (AS_OF.replace(year=2024), OLD_SOURCE_CODE, 1.22),
)
"""Day and source of the earlier registers, and how many families each held as poor beside the one
after it. The oldest was another register with another yardstick: nothing is compared with it."""

# A year back: how many families there were, and how many of those whom a programme reaches now.
FEWER_FAMILIES, REACHED = 0.985, 0.97
CHANCE = 0.09
_LEVELS = (5, 8, 13)


def add_history(conn: Connection, seed: int) -> None:
    """Keep the counts of two earlier years, in which more were poor and fewer were reached.

    The same register and seed give the same counts. Those of every area are the sum of its parts,
    and nobody received a programme who was not poor.

    Parameters
    ----------
    conn
        After the register was written.
    seed
        Of the demo.
    """
    refresh_derived(conn)
    present = pd.DataFrame(count_register(conn))
    if present.empty or not present["source"].any():
        return
    _add_old_source(conn)
    # Of a demo that was here before; the present is kept with the breaks.
    invented = [source for _day, source, _poorer in EARLIER]
    conn.execute(delete(RegisterSnapshot).where(RegisterSnapshot.source.in_(invented)))
    desa = present[present["area_code"].str.len() == _LEVELS[-1]]
    counts = desa.pivot(index="area_code", columns="flag", values="households")
    families = desa.groupby("area_code")["families"].first()
    rng = np.random.default_rng([seed, len(present)])
    for day, source, poorer in EARLIER:
        counts, families = _go_back(counts, families, poorer, rng)
        _write(conn, counts, families, day, source)


def _add_old_source(conn: Connection) -> None:
    conn.execute(
        insert(Source).on_conflict_do_nothing(),
        {
            "code": OLD_SOURCE_CODE,
            "kind": "statistic",  # the figures of the present come from one register
            "name": "Register lama, sintetis (demo)",
            "as_of": EARLIER[-1][0],
            "note": "Hanya jumlah per wilayah, semuanya rekaan.",
            "is_synthetic": True,
        },
    )


def _go_back(
    counts: pd.DataFrame, families: pd.Series, poorer: float, rng: np.random.Generator
) -> tuple[pd.DataFrame, pd.Series]:
    """Return the counts of the year before, and its families."""
    before = counts.copy()
    poor = _vary(counts["all"].to_numpy(), poorer, rng)
    earlier: Floats = np.round(families.to_numpy(dtype=float) * FEWER_FAMILIES)
    # Never more poor families than there are any.
    before["all"] = np.where(np.isnan(earlier), poor, np.minimum(poor, earlier)).astype(np.int64)
    for flag in sorted(set(counts.columns) - {"all", "aid:none"}):
        then = _vary(counts[flag].to_numpy(), REACHED, rng)
        before[flag] = np.minimum(then, before["all"])
    reached = _vary((counts["all"] - counts["aid:none"]).to_numpy(), REACHED, rng)
    programmes = before.drop(columns=["all", "aid:none"])
    # At least as many have something as the largest programme reaches, at most all of them.
    reached = np.maximum(reached, programmes.max(axis=1).fillna(0).to_numpy(dtype=np.int64))
    before["aid:none"] = before["all"] - np.minimum(reached, before["all"])
    return before, pd.Series(earlier, index=families.index)


def _vary(counts: Ints, factor: float, rng: np.random.Generator) -> Ints:
    drawn = counts * factor * np.exp(CHANCE * rng.standard_normal(len(counts)))
    return np.asarray(np.round(drawn), dtype=np.int64)


def _write(
    conn: Connection, counts: pd.DataFrame, families: pd.Series, day: date, source: str
) -> None:
    parts = []
    for length in _LEVELS:
        code = counts.index.str[:length]
        of_level = counts.groupby(code).sum().stack().rename("households").reset_index()
        of_level.columns = pd.Index(["area_code", "flag", "households"])
        all_families = families.groupby(families.index.str[:length]).sum(min_count=1)
        of_level["families"] = of_level["area_code"].map(all_families).astype("Int64")
        parts.append(of_level)
    table = pd.concat(parts, ignore_index=True)
    columns = {name: table[name] for name in ("area_code", "flag", "households", "families")}
    labels = {"period": f"{day:%Y-%m}", "source": source, "as_of": day.isoformat()}
    copy_columns(conn, "register_snapshot", {**columns, **labels})
