"""Which person of which household each checked row of a file of persons is."""

from __future__ import annotations

from sqlalchemy import Connection, text

from db.registers.check_persons import COLUMNS
from db.registers.journal import Journal, Origin
from db.registers.match import FOREIGN, Review, explain_fault
from db.registers.scoring import CASES_OF_PERSONS, describe_cases
from geo.text import N_

_TYPES = {"row_number": "integer", "birth_date": "date"}
_CREATE = (
    "DROP TABLE IF EXISTS pg_temp.incoming_person, pg_temp.incoming_home,"
    " pg_temp.incoming_person_match, pg_temp.incoming_person_change",
    "CREATE TEMP TABLE incoming_person ("
    + ", ".join(f"{name} {_TYPES.get(name, 'text')}" for name in COLUMNS)
    + ") ON COMMIT DROP",
    "SELECT set_config('work_mem', '128MB', true)",
)

FAULTS = {
    "unknown": N_("Keluarga orang ini tidak ada dalam register; muat dulu berkas keluarganya."),
    "ambiguous": N_("NIK ini tercatat pada lebih dari satu orang."),
    "repeated": N_("Baris lain dalam berkas ini adalah orang yang sama."),
    "foreign": FOREIGN,
}
_PASSED_OVER = N_("{count} orang bukan anggota keluarga dalam register; tidak disimpan.")

# The household of a row: by the key of its source, else the family card, else the NIK of its head.
_HOMES = text("""
    CREATE TEMP TABLE incoming_home ON COMMIT DROP AS
    SELECT DISTINCT ON (row_number) row_number, id FROM (
        SELECT i.row_number, h.id, 1 AS place FROM incoming_person i JOIN household h
            ON h.source = :source AND h.external_id = i.household_key
        UNION ALL
        SELECT i.row_number, r.household_id, 2 FROM incoming_person i JOIN household_record r
            ON r.source = :source AND r.external_id = i.household_key
        UNION ALL
        SELECT i.row_number, h.id, 3 FROM incoming_person i JOIN household h ON h.kk = i.kk
        UNION ALL
        SELECT i.row_number, p.household_id, 4 FROM incoming_person i
        JOIN person p ON p.nik = i.household_nik AND p.relationship = 'head'
    ) AS found
    ORDER BY row_number, place, id
""")

# Of the persons of a household with a name much like it, one whose birth date and NIK don't speak
# against it; twins differ in their names, father and son in their birth dates.
_MATCH = text("""
    CREATE TEMP TABLE incoming_person_match ON COMMIT DROP AS
    WITH known AS (
        SELECT p.nik, min(p.id) AS id, min(p.household_id) AS household_id, count(*) AS person_count
        FROM person p JOIN incoming_person i ON i.nik = p.nik
        WHERE p.life_status <> 'moved' GROUP BY p.nik
    ), placed AS (
        SELECT i.row_number, k.id AS known_id, k.person_count, k.household_id AS known_home,
               coalesce(home.id, k.household_id) AS household_id
        FROM incoming_person i
        LEFT JOIN incoming_home home USING (row_number)
        LEFT JOIN known k ON k.nik = i.nik
    ), alike AS (
        SELECT DISTINCT ON (i.row_number) i.row_number, p.id,
               i.nik IS NOT NULL AND p.nik IS NOT NULL AS is_nik_changed
        FROM incoming_person i
        JOIN placed USING (row_number)
        JOIN person p ON p.household_id = placed.household_id
        WHERE placed.known_id IS NULL AND (
            p.external_id = i.external_id OR (
            similarity(p.name, i.name) >= 0.5
            AND coalesce(p.birth_date = i.birth_date, true)
            AND coalesce(p.sex = i.sex, true)
            AND (p.birth_date IS NOT NULL AND i.birth_date IS NOT NULL
                 OR lower(p.name) = lower(i.name))))
        ORDER BY i.row_number, p.external_id = i.external_id DESC NULLS LAST,
                 similarity(p.name, i.name) DESC, p.id
    )
    SELECT m.row_number, m.household_id, coalesce(m.known_id, alike.id) AS person_id, m.known_home,
           coalesce(alike.is_nik_changed, false) AS is_nik_changed,
           CASE WHEN m.household_id IS NULL THEN 'unknown'
                WHEN m.person_count > 1 THEN 'ambiguous'
                WHEN CAST(:area AS text) IS NOT NULL
                     AND NOT starts_with(h.area_code || '.', :area || '.') THEN 'foreign'
           END AS fault
    FROM placed m
    LEFT JOIN alike USING (row_number)
    LEFT JOIN household h ON h.id = m.household_id
""")

_CASES = text("""
    WITH found AS (
        SELECT m.row_number, m.household_id, m.known_home, CASE
            WHEN m.known_home <> m.household_id THEN 'merged_kk'
            WHEN m.is_nik_changed THEN 'nik_changed'
            WHEN i.life_status = 'dead' AND p.relationship = 'head' AND p.life_status <> 'dead'
                THEN 'dead'
            WHEN i.life_status = 'moved' AND p.relationship = 'head' AND p.life_status <> 'moved'
                THEN 'moved'
            WHEN i.relationship = 'head' AND EXISTS (
                SELECT FROM person o WHERE o.household_id = m.household_id
                AND o.relationship = 'head' AND o.life_status = 'alive'
                AND o.id IS DISTINCT FROM m.person_id) THEN 'new_head'
        END AS kind
        FROM incoming_person_match m
        JOIN incoming_person i USING (row_number)
        LEFT JOIN person p ON p.id = m.person_id
        WHERE m.fault IS NULL
    )
    SELECT row_number, household_id, kind FROM found WHERE kind IS NOT NULL
    UNION ALL
    SELECT row_number, known_home, kind FROM found WHERE kind = 'merged_kk'
    ORDER BY 1, 2
""")
_TAKE_FAULTY = text("""
    WITH ranked AS (
        SELECT row_number, person_id,
               rank() OVER (PARTITION BY person_id ORDER BY row_number) AS place
        FROM incoming_person_match WHERE fault IS NULL
    )
    DELETE FROM incoming_person_match m USING ranked r
    WHERE m.row_number = r.row_number AND r.person_id IS NOT NULL AND r.place > 1
    RETURNING m.row_number, 'repeated' AS fault
""")


def create_incoming_persons(conn: Connection) -> None:
    """Make the empty temporary table that checked rows are copied into."""
    for statement in _CREATE:
        conn.execute(text(statement))


def match_persons(
    conn: Connection, journal: Journal, origin: Origin, *, is_of_everybody: bool
) -> Review:
    """Make ``incoming_person_match``: for each row that is taken its household and person.

    Parameters
    ----------
    conn
        In the transaction of the import, ``incoming_person`` filled.
    journal
        Takes the rows that are rejected or wait.
    origin
        Of the file.
    is_of_everybody
        Whether rows without a household of the register are passed over rather than rejected.

    Returns
    -------
    Review
        To be stored once the journal is saved. A row without a person is a new one.
    """
    values = {"source": origin.code, "area": origin.area}
    conn.execute(text("ANALYZE incoming_person"))
    conn.execute(_HOMES, values)
    conn.execute(text("ANALYZE incoming_home"))
    conn.execute(_MATCH, values)
    conn.execute(text("ANALYZE incoming_person_match"))
    review = Review()
    cases = [(row[0], row[1], row[2]) for row in conn.execute(_CASES)]
    review.suggest(describe_cases(conn, cases, CASES_OF_PERSONS))
    review.enter(conn, journal, "incoming_person", "incoming_person_match")
    faulty = conn.execute(
        text(
            "DELETE FROM incoming_person_match WHERE fault IS NOT NULL RETURNING row_number, fault"
        )
    ).all()
    if is_of_everybody:
        strangers = sum(fault == "unknown" for _, fault in faulty)
        faulty = [row for row in faulty if row.fault != "unknown"]
        journal.ledger.count("unchanged", strangers)
        if strangers:
            journal.ledger.notes.append(_PASSED_OVER.format(count=strangers))
    faulty = [*faulty, *conn.execute(_TAKE_FAULTY)]
    journal.reject_later({number: explain_fault(fault, FAULTS, origin) for number, fault in faulty})
    return review
