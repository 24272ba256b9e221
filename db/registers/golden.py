"""Golden records: of each field the value of the strongest source record, and where it came from.

Records of a household or person are ordered by the precedence of their source for the field, then
by the newest as-of date, then by the latest batch; the first that says anything is believed. A row
without records is its own record; it gets one written down (:func:`keep_base_records`) before
another batch speaks of it. So a batch can be taken back by deleting its records, whatever came
after it.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from sqlalchemy import Connection, text

DEFAULT_RANK = 100
"""Of a source whose precedence nobody has set."""

HOUSEHOLD_FIELDS = (
    "kk", "head_name", "address", "rt", "rw", "area_code", "decile", "member_count",
    "house_ownership", "floor_material", "wall_material", "roof_material", "floor_area_m2",
    "drinking_water", "lighting", "electricity_va", "cooking_fuel", "toilet", "status",
)  # fmt: skip
POSITION_FIELDS = ("location", "accuracy_m", "location_source")
"""A position brings its own accuracy and origin; those of another don't fit it."""
PERSON_FIELDS = (
    "nik", "name", "birth_date", "sex", "relationship", "marital_status", "schooling", "education",
    "work", "disability", "chronic_illness", "life_status",
)  # fmt: skip
HEAD_FIELDS = ("nik", "birth_date", "sex")
"""What a file of households says of the head, beside the name."""
RANKED_FIELDS = (*HOUSEHOLD_FIELDS, "location", *(f for f in PERSON_FIELDS if f != "relationship"))
"""Fields whose precedence can be set."""

_HOUSEHOLD_DEFAULTS = {
    "status": "'unverified'", "member_count": "1", "head_name": "h.head_name",
    "area_code": "h.area_code",
}  # fmt: skip
_HEAD_SAYS = ", ".join(
    f"r.{name}"
    if name in HEAD_FIELDS
    else {"name": "r.head_name", "relationship": "'head'"}.get(name, "NULL")
    for name in PERSON_FIELDS
)
_PERSON_DEFAULTS = {"relationship": "'other'", "life_status": "'alive'", "name": "p.name"}

ORDER = "as_of DESC, batch_id DESC NULLS LAST, id DESC"
"""The strongest record first, where no precedence is set."""


def keep_base_records(conn: Connection, ids: str = "golden_id") -> None:
    """Write down as records what households say that have none yet.

    Parameters
    ----------
    conn
        In a transaction.
    ids
        Table with their ids in a column ``id``.
    """
    fields = ", ".join(HOUSEHOLD_FIELDS[:-1])
    conn.execute(
        text(f"""
        INSERT INTO household_record (household_id, batch_id, source, as_of, external_id, {fields},
                                      status, {", ".join(POSITION_FIELDS)}, needs,
                                      {", ".join(HEAD_FIELDS)})
        SELECT h.id, h.batch_id, h.source, h.as_of, h.external_id,
               {", ".join(f"h.{name}" for name in HOUSEHOLD_FIELDS[:-1])},
               nullif(h.status, 'unverified'), {", ".join(f"h.{name}" for name in POSITION_FIELDS)},
               {OWN_NEEDS}, {", ".join(f"p.{name}" for name in HEAD_FIELDS)}
        FROM household AS h {HEAD_OF}
        WHERE h.id IN (SELECT id FROM {ids})
          AND NOT EXISTS (SELECT FROM household_record AS r WHERE r.household_id = h.id)
        """)
    )
    # Needs that another source had added before there were records.
    conn.execute(
        text(f"""
        INSERT INTO household_record (household_id, source, as_of, needs)
        SELECT own.household_id, own.source, min(s.as_of), bit_or(CAST(1 AS bigint) << n.bit)
        FROM household_need AS own JOIN need AS n ON n.code = own.need_code
        JOIN source AS s ON s.code = own.source
        WHERE own.household_id IN (SELECT id FROM {ids}) AND NOT EXISTS (
            SELECT FROM household_record AS r
            WHERE (r.household_id, r.source) = (own.household_id, own.source))
        GROUP BY own.household_id, own.source
        """)
    )


HEAD_OF = """
        LEFT JOIN LATERAL (
            SELECT * FROM person WHERE household_id = h.id AND relationship = 'head'
            ORDER BY id LIMIT 1
        ) AS p ON true"""
"""Joins the head ``p`` to household ``h``."""
OWN_NEEDS = """(SELECT coalesce(bit_or(CAST(1 AS bigint) << n.bit), 0) FROM household_need AS own
                JOIN need AS n ON n.code = own.need_code
                WHERE own.household_id = h.id AND own.source = h.source)"""
"""The needs that the source of household ``h`` stated, as a bit mask."""


def keep_base_person_records(conn: Connection, ids: str = "golden_person_id") -> None:
    """Write down as records what persons say that have none yet; see above."""
    fields = ", ".join(PERSON_FIELDS)
    conn.execute(
        text(f"""
        INSERT INTO person_record (person_id, batch_id, source, as_of, external_id, {fields})
        SELECT p.id, p.batch_id, coalesce(b.source, h.source), coalesce(b.as_of, h.as_of),
               p.external_id, {", ".join(f"p.{name}" for name in PERSON_FIELDS)}
        FROM person AS p JOIN household AS h ON h.id = p.household_id
        LEFT JOIN import_batch AS b ON b.id = p.batch_id
        WHERE p.id IN (SELECT id FROM {ids})
          AND NOT EXISTS (SELECT FROM person_record AS r WHERE r.person_id = p.id)
        """)
    )


def refresh_households(conn: Connection, ids: str = "golden_id") -> None:
    """Set households to the strongest of their records, and their needs to the union of sources.

    Parameters
    ----------
    conn
        In a transaction.
    ids
        Table with their ids in a column ``id``; each has records.
    """
    ranks = read_ranks(conn)
    picked = ", ".join(f"{_pick(name, ranks)} AS {name}" for name in HOUSEHOLD_FIELDS)
    conn.execute(text("DROP TABLE IF EXISTS pg_temp.golden"))
    conn.execute(
        text(f"""
        CREATE TEMP TABLE golden ON COMMIT DROP AS
        SELECT household_id AS id, {picked},
               {_pick("position_id", ranks, of="location")} AS position_id,
               -- A survey or a decree completes a household; the register it belongs to is another.
               coalesce((array_agg(id) FILTER (WHERE kind = 'register'))[1],
                        (array_agg(id))[1]) AS main_id
        FROM (
            SELECT r.*, s.kind, CASE WHEN r.location IS NOT NULL THEN r.id END AS position_id
            FROM household_record AS r JOIN source AS s ON s.code = r.source
            WHERE r.household_id IN (SELECT id FROM {ids})
            ORDER BY household_id, {ORDER}
        ) AS r
        GROUP BY household_id
        """)
    )
    values = {
        name: _default(f"g.{name}", _HOUSEHOLD_DEFAULTS.get(name)) for name in HOUSEHOLD_FIELDS
    }
    values |= {name: f"main.{name}" for name in ("source", "as_of", "external_id", "batch_id")}
    # Positions apart: whoever writes one has it projected and displaced, whether it moved or not.
    _update(conn, "main", values)
    _update(conn, "position", {name: f"position.{name}" for name in POSITION_FIELDS})
    _refresh_needs(conn, ids)
    name_ids(
        conn,
        "golden_person_id",
        f"SELECT min(id) FROM person WHERE relationship = 'head' AND household_id IN"
        f" (SELECT id FROM {ids}) GROUP BY household_id",
    )
    # What a file of persons said of a head must stand beside what households say of it; so must
    # what was known before batches were kept.
    name_ids(
        conn,
        "golden_head_id",
        """SELECT p.id FROM golden_person_id g JOIN person p ON p.id = g.id WHERE NOT EXISTS (
               SELECT FROM household_record r WHERE r.household_id = p.household_id
               AND r.batch_id = p.batch_id AND r.head_name IS NOT NULL)
           -- Whoever came with a batch that was taken back has no word of their own left.
           AND NOT EXISTS (SELECT FROM import_batch b WHERE b.id = p.batch_id
                           AND b.state = 'undone')""",
    )
    keep_base_person_records(conn, "golden_head_id")
    refresh_persons(conn)


def _update(conn: Connection, record: str, values: dict[str, str]) -> None:
    """Write values of ``golden``, and of the record that its ``<record>_id`` names."""
    conn.execute(
        text(f"""
        UPDATE household AS h SET {_write_set(values)}
        FROM golden AS g LEFT JOIN household_record AS {record} ON {record}.id = g.{record}_id
        WHERE h.id = g.id AND ({_write_differs("h", values)})
        """)
    )


def _refresh_needs(conn: Connection, ids: str) -> None:
    """Make the needs of a source those it stated last; of several the newest is named."""
    conn.execute(text("DROP TABLE IF EXISTS pg_temp.golden_need"))
    conn.execute(
        text(f"""
        CREATE TEMP TABLE golden_need ON COMMIT DROP AS
        SELECT DISTINCT ON (household_id, need_code) household_id, n.code AS need_code, source
        FROM (
            SELECT DISTINCT ON (household_id, source) household_id, source, needs, as_of, batch_id,
                   id
            FROM household_record
            WHERE needs IS NOT NULL AND household_id IN (SELECT id FROM {ids})
            ORDER BY household_id, source, {ORDER}
        ) AS said
        JOIN need AS n ON said.needs & (CAST(1 AS bigint) << n.bit) <> 0
        ORDER BY household_id, need_code, {ORDER}
        """)
    )
    conn.execute(
        text(f"""
        DELETE FROM household_need AS r
        WHERE r.household_id IN (SELECT id FROM {ids}) AND NOT EXISTS (
            SELECT FROM golden_need AS g
            WHERE (g.household_id, g.need_code, g.source)
                = (r.household_id, r.need_code, r.source))
        """)
    )
    conn.execute(
        text("""
        INSERT INTO household_need (household_id, need_code, source)
        SELECT household_id, need_code, source FROM golden_need ON CONFLICT DO NOTHING
        """)
    )


def refresh_persons(conn: Connection, ids: str = "golden_person_id") -> None:
    """Set persons to the strongest of their records; see :func:`refresh_households`.

    Of a head the records of the household speak, too.
    """
    ranks = read_ranks(conn)
    picked = ", ".join(f"{_pick(name, ranks)} AS {name}" for name in PERSON_FIELDS)
    values = {name: _default(f"g.{name}", _PERSON_DEFAULTS.get(name)) for name in PERSON_FIELDS}
    values |= {"external_id": "g.external_id"}
    conn.execute(
        text(f"""
        UPDATE person AS p SET {_write_set(values)}
        FROM (
            SELECT person_id, {picked},
                   (array_agg(external_id) FILTER (WHERE external_id IS NOT NULL))[1] AS external_id
            FROM (
                SELECT * FROM (
                    SELECT id, person_id, batch_id, source, as_of, external_id,
                           {", ".join(PERSON_FIELDS)}
                    FROM person_record WHERE person_id IN (SELECT id FROM {ids})
                    UNION ALL
                    SELECT r.id, p.id, r.batch_id, r.source, r.as_of, NULL, {_HEAD_SAYS}
                    FROM {ids} AS i JOIN person AS p ON p.id = i.id
                    JOIN household_record AS r ON r.household_id = p.household_id
                    WHERE p.relationship = 'head' AND r.head_name IS NOT NULL
                ) AS said
                ORDER BY person_id, {ORDER}
            ) AS r
            GROUP BY person_id
        ) AS g
        WHERE p.id = g.person_id AND ({_write_differs("p", values)})
        """)
    )


def set_precedence(conn: Connection, field: str, source: str, rank: int | None) -> None:
    """Set how early a source is believed about a field, and bring all households up to date.

    Parameters
    ----------
    conn
        In a transaction of the owner's.
    field
        One of :data:`RANKED_FIELDS`.
    source
        Code of a source.
    rank
        1 is believed first; None takes the setting away.

    Raises
    ------
    ValueError
        When the field has no precedence, or the rank isn't 1 to 99.
    """
    if field not in RANKED_FIELDS or not (rank is None or 1 <= rank < DEFAULT_RANK):
        raise ValueError(f"No precedence {rank} of {field}")
    conn.execute(
        text("DELETE FROM field_precedence WHERE (field, source) = (:field, :source)"),
        {"field": field, "source": source},
    )
    if rank is not None:
        conn.execute(
            text("INSERT INTO field_precedence (field, source, rank) VALUES (:f, :s, :r)"),
            {"f": field, "s": source, "r": rank},
        )
    name_ids(conn, "golden_id", "SELECT DISTINCT household_id FROM household_record")
    refresh_households(conn)
    name_ids(conn, "golden_person_id", "SELECT DISTINCT person_id FROM person_record")
    refresh_persons(conn)


def name_ids(conn: Connection, table: str, query: str, values: Any = None) -> None:
    """Make a temporary table of ids, ``golden_id`` and the like, from a query."""
    conn.execute(text(f"DROP TABLE IF EXISTS pg_temp.{table}"))
    conn.execute(
        text(f"CREATE TEMP TABLE {table} ON COMMIT DROP AS SELECT q.id FROM ({query}) AS q (id)"),
        values or {},
    )
    conn.execute(text(f"ANALYZE {table}"))


def read_ranks(conn: Connection) -> dict[str, dict[str, int]]:
    """Return the precedence that is set, by field and source."""
    ranks: dict[str, dict[str, int]] = defaultdict(dict)
    for field, source, rank in conn.execute(
        text("SELECT field, source, rank FROM field_precedence ORDER BY field, source")
    ):
        ranks[field][source] = rank
    return ranks


def _pick(name: str, ranks: dict[str, dict[str, int]], of: str | None = None) -> str:
    """Write the expression of the first value that is known, in the order of its field."""
    order = ""
    if rank_of := ranks.get(of or name):
        cases = " ".join(f"WHEN '{_quote(code)}' THEN {rank}" for code, rank in rank_of.items())
        order = f" ORDER BY CASE source {cases} ELSE {DEFAULT_RANK} END, {ORDER}"
    return f"(array_agg({name}{order}) FILTER (WHERE {name} IS NOT NULL))[1]"


def _quote(code: str) -> str:
    return code.replace("'", "''").replace(":", "\\:")


def _default(value: str, default: str | None) -> str:
    return value if default is None else f"coalesce({value}, {default})"


def _write_set(values: dict[str, str]) -> str:
    return ", ".join(f"{name} = {value}" for name, value in values.items())


def _write_differs(table: str, values: dict[str, str]) -> str:
    return " OR ".join(f"{table}.{name} IS DISTINCT FROM {value}" for name, value in values.items())
