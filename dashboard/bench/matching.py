"""How well and how fast rows of a file find their household in the register."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import shapely

from db.demo.outline import draw_features
from db.demo.register import draw_register
from db.demo.retyping import COLUMNS, Retyped, as_people, list_heads, retype
from geo.matching import Decision, People, decide, find_candidates

SEED = 7
FILES: dict[str, Sequence[str]] = {
    "register": COLUMNS,
    "aid list": ("name", "address", "area_code"),
    "name and birth date": ("name", "birth_date", "area_code"),
}
"""What each kind of file says."""
_HABITS_OF = {"nik": "nik_", "kk": "kk_", "birth_date": "date_", "address": "address_"}


@dataclass(frozen=True, slots=True)
class Figures:
    """What came of one file.

    Attributes
    ----------
    rows, exact
        Rows of the file, and those found by their NIK alone. All else is about the other rows.
    joined, precision
        Rows joined without anybody looking, and the share of them that was right.
    recall
        Share of the rows of known families whose household was joined or stands in the review.
    joined_share
        Share of them that was joined rightly.
    review_share
        Share of the rows that wait for somebody.
    wrong
        Wrong joins, by what was done to the row.
    by_habit
        For each habit the number of rows and the recall.
    cpu_s, rows_per_cpu_s
        Of finding and deciding, on one core.
    """

    rows: int
    exact: int
    joined: int
    precision: float
    recall: float
    joined_share: float
    review_share: float
    wrong: dict[str, int]
    cpu_s: float
    rows_per_cpu_s: int
    by_habit: dict[str, str] = field(default_factory=dict)


def draw_heads(household_count: int, seed: int = SEED) -> pd.DataFrame:
    """Invent a register and list the heads of its households."""
    rows = [
        {**feature["properties"], "geom": shapely.geometry.shape(feature["geometry"])}
        for feature in draw_features()["features"]
    ]
    areas = pd.DataFrame(rows).rename(columns={"parent": "parent_code"})
    return list_heads(draw_register(areas, household_count, seed))


def measure_file(
    heads: pd.DataFrame, seed: int, columns: Sequence[str] = COLUMNS
) -> tuple[Figures, Decision]:
    """Type a register again, match it, and compare with the truth.

    Parameters
    ----------
    heads
        As :func:`draw_heads` gives them.
    seed
        Of the typing.
    columns
        What the file says.
    """
    file = retype(heads, seed, columns=columns)
    is_exact = file.rows["nik"].isin(set(heads["nik"])).to_numpy()
    scored = np.flatnonzero(~is_exact)
    incoming, register = as_people(file.rows.iloc[scored]), as_people(heads)
    start = time.process_time()
    decision = decide(find_candidates(incoming, register))
    seconds = time.process_time() - start
    return _compare(file, scored, decision, columns, seconds), decision


def measure_matching(household_count: int, progress: Callable[[str], None]) -> dict[str, Any]:
    """Measure each kind of file, and the speed with every row of the largest scored."""
    progress(f"Inventing {household_count:,} households")
    heads = draw_heads(household_count)
    figures: dict[str, Any] = {}
    for name, columns in FILES.items():
        progress(f"Matching a file: {name}")
        found, _ = measure_file(heads, SEED, columns)
        figures[name] = asdict(found)
    progress("Matching every row by score")
    incoming, register = as_people(retype(heads, SEED).rows), as_people(heads)
    times = sorted(_time(incoming, register) for _ in range(3))
    figures["every row scored"] = {
        "cpu_s": round(times[1], 2),
        "rows_per_cpu_s": round(len(incoming) / times[1]),
    }
    return figures


def _time(incoming: People, register: People) -> float:
    start = time.process_time()
    find_candidates(incoming, register)
    return time.process_time() - start


def _compare(
    file: Retyped,
    scored: np.ndarray,
    decision: Decision,
    columns: Sequence[str],
    seconds: float,
) -> Figures:
    truth = file.truth[scored]
    # What was done to a column that the file doesn't have plays no part.
    unseen = tuple(word for column, word in _HABITS_OF.items() if column not in columns)
    habits = [
        frozenset(habit for habit in file.habits[row] if not habit.startswith(unseen))
        for row in scored.tolist()
    ]
    joins, reviews = decision
    is_right = truth[joins.incoming] == joins.register
    found = np.zeros(len(scored), bool)
    found[joins.incoming[is_right]] = True
    found[reviews.incoming[truth[reviews.incoming] == reviews.register]] = True
    known = np.flatnonzero(truth >= 0)
    wrong = Counter(habit for row in joins.incoming[~is_right].tolist() for habit in habits[row])
    return Figures(
        rows=len(file.rows),
        exact=len(file.rows) - len(scored),
        joined=len(joins),
        precision=round(float(is_right.mean()), 4) if len(joins) else 1.0,
        recall=round(float(found[known].mean()), 4),
        joined_share=round(float(is_right.sum() / len(known)), 4),
        review_share=round(len(np.unique(reviews.incoming)) / len(scored), 4),
        wrong=dict(wrong.most_common()),
        by_habit=_by_habit(habits, found, known),
        cpu_s=round(seconds, 2),
        rows_per_cpu_s=round(len(scored) / seconds),
    )


def _by_habit(habits: list[frozenset[str]], found: np.ndarray, known: np.ndarray) -> dict[str, str]:
    rows = Counter(habit for row in known.tolist() for habit in habits[row])
    hits = Counter(habit for row in known[found[known]].tolist() for habit in habits[row])
    return {habit: f"{hits[habit] / count:.3f} of {count}" for habit, count in sorted(rows.items())}
