-- Drops what this program made and leaves extensions in place: making them again needs a
-- superuser, and would lose what a migration set on their functions.
SET LOCAL client_min_messages = warning;
DROP SCHEMA IF EXISTS masked CASCADE;
DO $$
DECLARE
    statement text;
    statements text[];
BEGIN
    -- All names first: what is dropped along with another thing has none any more.
    SELECT array_agg(format('DROP %s IF EXISTS %s CASCADE',
                            CASE c.relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW'
                                           WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END,
                            c.oid::regclass))
    INTO statements
    FROM pg_class c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'S')
          AND NOT EXISTS (SELECT FROM pg_depend d
                          WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid
                                AND d.deptype IN ('e', 'a', 'i'));
    statements := statements || ARRAY(
        SELECT format('DROP ROUTINE IF EXISTS %s CASCADE', p.oid::regprocedure)
        FROM pg_proc p
        WHERE p.pronamespace = 'public'::regnamespace
              AND NOT EXISTS (SELECT FROM pg_depend d
                              WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid
                                    AND d.deptype = 'e'));
    FOREACH statement IN ARRAY coalesce(statements, '{}') LOOP
        EXECUTE statement;
    END LOOP;
END
$$;
