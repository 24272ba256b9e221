"""Checked households into the register: compared with what their source said, and written."""

from __future__ import annotations

from sqlalchemy import Connection, text

from db.ledger import Ledger
from db.registers.bulk import rebuilding_indexes
from db.registers.golden import (
    HEAD_FIELDS,
    HEAD_OF,
    HOUSEHOLD_FIELDS,
    OWN_NEEDS,
    keep_base_records,
    name_ids,
    refresh_households,
)
from db.registers.incoming import (
    AS_OF,
    BATCH,
    POINT,
    SOURCE,
    TABLES,
    UNCOUNTED,
    insert_aid,
    insert_heads,
    insert_households,
    insert_needs,
    note_corrections,
)
from db.registers.journal import Origin

_SAID = (*HOUSEHOLD_FIELDS, *HEAD_FIELDS, "external_id", "needs")

# What the source has said of each household until the date of the file: the same file, or an older
# one, is then compared with its own words and not with what came later.
_COLLECT = text(f"""
    CREATE TEMP TABLE incoming_said ON COMMIT DROP AS
    SELECT household_id AS id, max(as_of) AS as_of,
           {", ".join(f"(array_agg({n}) FILTER (WHERE {n} IS NOT NULL))[1] AS {n}" for n in _SAID)},
           (array_agg(location) FILTER (WHERE location IS NOT NULL))[1] AS location,
           (array_agg(accuracy_m) FILTER (WHERE location IS NOT NULL))[1] AS accuracy_m
    FROM (
        SELECT r.* FROM household_record r
        JOIN incoming_match m ON m.id = r.household_id AND NOT m.is_new
        WHERE r.source = :source AND r.as_of <= :as_of
        ORDER BY r.household_id, r.as_of DESC, r.batch_id DESC NULLS LAST, r.id DESC
    ) AS r
    GROUP BY household_id
    UNION ALL
    SELECT h.id, h.as_of, {", ".join(f"h.{name}" for name in HOUSEHOLD_FIELDS)},
           {", ".join(f"p.{name}" for name in HEAD_FIELDS)}, h.external_id, {OWN_NEEDS},
           h.location, h.accuracy_m
    FROM household h JOIN incoming_match m ON m.id = h.id AND NOT m.is_new {HEAD_OF}
    WHERE h.source = :source AND h.as_of <= :as_of
      AND NOT EXISTS (SELECT FROM household_record r WHERE r.household_id = h.id)
""")


def _is_news(value: str, said: str) -> str:
    return f"{value} IS NOT NULL AND {value} IS DISTINCT FROM {said}"


_NEWS = " OR ".join(
    (
        "s.id IS NULL OR s.as_of < :as_of",
        *(_is_news(f"i.{name}", f"s.{name}") for name in _SAID if name != "needs"),
        _is_news(POINT, "s.location"),
        _is_news("CASE WHEN i.lon IS NOT NULL THEN i.accuracy_m END", "s.accuracy_m"),
        ":has_needs AND coalesce(i.needs, 0) IS DISTINCT FROM coalesce(s.needs, 0)",
    )
)
_COMPARE = text(f"""
    CREATE TEMP TABLE incoming_change ON COMMIT DROP AS
    SELECT m.row_number, m.id, m.score, false AS is_new, false AS is_uncounted, {_NEWS} AS is_news,
           NOT EXISTS (SELECT FROM person p WHERE p.household_id = m.id AND p.relationship = 'head')
               AS is_headless
    FROM incoming_match m
    JOIN incoming_household i USING (row_number)
    LEFT JOIN incoming_said s ON s.id = m.id
    WHERE NOT m.is_new
    UNION ALL
    SELECT m.row_number, m.id, NULL, true, i.member_count IS NULL, false, true
    FROM incoming_match m JOIN incoming_household i USING (row_number)
    WHERE m.is_new
""")

_COUNT = text("""
    SELECT count(*) FILTER (WHERE is_new) AS new,
           count(*) FILTER (WHERE is_news) AS matched,
           count(*) FILTER (WHERE NOT (is_new OR is_news)) AS unchanged,
           count(*) FILTER (WHERE is_uncounted) AS uncounted
    FROM incoming_change
""")

_CHANGED = "incoming_change c JOIN incoming_household i USING (row_number)"

_NEW = (
    insert_households("c.id", f"{_CHANGED} WHERE c.is_new"),
    insert_heads("c.id", f"{_CHANGED} WHERE c.is_headless AND i.head_name IS NOT NULL"),
)

_RECORD = text(f"""
    INSERT INTO household_record (household_id, batch_id, row_number, score, source, as_of,
                                  external_id, {", ".join(HOUSEHOLD_FIELDS)},
                                  {", ".join(HEAD_FIELDS)}, location, accuracy_m, location_source,
                                  needs)
    SELECT c.id, {BATCH}, c.row_number, c.score, {SOURCE}, {AS_OF}, i.external_id,
           {", ".join(f"i.{name}" for name in (*HOUSEHOLD_FIELDS, *HEAD_FIELDS))}, {POINT},
           CASE WHEN i.lon IS NOT NULL THEN i.accuracy_m END,
           CASE WHEN i.lon IS NOT NULL THEN i.location_source END,
           CASE WHEN :has_needs THEN coalesce(i.needs, 0) END
    FROM {_CHANGED} WHERE c.is_news
""")
_AID = text(insert_aid("c.id", _CHANGED))


def merge_households(
    conn: Connection, ledger: Ledger, origin: Origin, *, has_needs: bool, has_aid: bool
) -> None:
    """Compare and write the rows of ``incoming_household`` that stand in ``incoming_match``.

    Parameters
    ----------
    conn
        In the transaction of the import.
    ledger
        Of the open batch; takes the outcome of every row.
    origin
        Of the file.
    has_needs, has_aid
        Whether the file has a column of needs, and of aid received; without one nothing is said.
    """
    values = {
        "source": origin.code,
        "as_of": origin.as_of,
        "batch": ledger.batch_id,
        "has_needs": has_needs,
    }
    conn.execute(_COLLECT, values)
    conn.execute(text("ANALYZE incoming_said (id)"))
    conn.execute(_COMPARE, values)
    conn.execute(text("ANALYZE incoming_change"))
    counts = conn.execute(_COUNT).one()
    for outcome in ("new", "matched", "unchanged"):
        ledger.count(outcome, getattr(counts, outcome))
    if counts.uncounted:
        ledger.notes.append(UNCOUNTED.format(count=counts.uncounted))
    if counts.new or counts.matched:
        with rebuilding_indexes(conn, TABLES, counts.new):
            _write(conn, values, has_needs=has_needs)
        if counts.matched:
            _write_changes(conn, values)
    if has_aid:
        given = conn.execute(_AID, values).rowcount
        if given:
            ledger.derived["aid"] = given
    note_corrections(conn, "incoming_household", ledger.batch_id)


def _write(conn: Connection, values: dict[str, object], *, has_needs: bool) -> None:
    for statement in _NEW:
        conn.execute(text(statement), values)
    if has_needs:
        conn.execute(text(insert_needs("c.id", _CHANGED, "c.is_new")), values)


def _write_changes(conn: Connection, values: dict[str, object]) -> None:
    name_ids(conn, "golden_id", "SELECT id FROM incoming_change WHERE is_news")
    keep_base_records(conn)
    conn.execute(_RECORD, values)
    refresh_households(conn)
