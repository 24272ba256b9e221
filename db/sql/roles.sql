-- The roles of the web server. They belong to the whole server, which no backup holds, and two
-- databases may be made at once.
DO $$
DECLARE
    wanted text;
BEGIN
    FOR wanted IN VALUES ('kentongan_web LOGIN'), ('kentongan_reader NOLOGIN') LOOP
        CONTINUE WHEN EXISTS (SELECT FROM pg_roles WHERE rolname = split_part(wanted, ' ', 1));
        BEGIN
            EXECUTE 'CREATE ROLE ' || wanted
                || ' NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT NOBYPASSRLS';
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL; -- made meanwhile
        END;
    END LOOP;
END
$$;
