-- Rules as bit strings: for each desa and rule one bit a household, in the order of household_bitmap's
-- other strings, so that a rule is a filter like any other. Kept true by refresh_stale (derived.sql).
--
-- eligible:P   the rule of programme P is true          first:P   P puts it ahead of others
-- served:P     P was received, and that still holds     double:P  so was a programme that excludes P
-- question:K   what somebody asked is true              plan:N, plan_left:N   target of plan N; still open
--
-- Ages and years are counted for the day in rule_state. It is moved on by advance_rule_day, for all
-- desa at once: two desa are never of two days.

-- What a desa's bits stand for. Without a desa, the register was emptied.
CREATE OR REPLACE FUNCTION keep_household_order(of_area text, of_ids bigint[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM household_order WHERE area_code = of_area OR of_area IS NULL;
    IF cardinality(of_ids) > 0 THEN
        INSERT INTO household_order VALUES (of_area, of_ids);
    END IF;
END
$$;

-- A string of a given length with ones at some places, counted from 1.
CREATE OR REPLACE FUNCTION bits_at(size int, places int[]) RETURNS varbit
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    made varbit := repeat('0', size);
    place int;
BEGIN
    FOREACH place IN ARRAY places LOOP
        made := set_bit(made, place - 1, 1);
    END LOOP;
    RETURN made;
END
$$;

CREATE OR REPLACE FUNCTION refresh_rule_flags(of_areas text[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM refresh_programme_flags(of_areas);
    PERFORM refresh_question_flags(ARRAY(SELECT key FROM question), of_areas);
    PERFORM refresh_plan_flags(NULL, of_areas);
END
$$;

-- Each household is one letter per programme, whose four bits are eligible, first, served and double;
-- translate() makes the strings of them. All programmes in one pass, all rules in one parameter.
CREATE OR REPLACE FUNCTION refresh_programme_flags(of_areas text[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    letters CONSTANT text := '0123456789:;<=>?';
    rules CONSTANT jsonb := (SELECT jsonb_agg(coalesce(eligibility, '{}') ORDER BY bit) FROM programme);
    p record; place int := 0; columns text := ''; strings text := ''; parts text := '';
BEGIN
    FOR p IN
        SELECT bit, code, coalesce(eligibility, '{}') AS rule,
               (SELECT coalesce(bit_or(1::bigint << o.bit), 0) FROM programme AS o
                WHERE o.code = ANY (q.excludes) OR q.code = ANY (o.excludes)) AS excluded
        FROM programme AS q ORDER BY bit
    LOOP
        columns := columns || format(
            ', chr(48 + (%s)::int + (%s)::int * 2 + (s.mask & %s <> 0)::int * 4
                 + (s.mask & %s <> 0 AND s.mask & %s <> 0)::int * 8) AS p%s',
            CASE WHEN p.rule = '{}' THEN 'false'
                 ELSE replace(rule_predicate(p.rule, 'eligible'), '$1', format('($1 -> %s)', place)) END,
            CASE WHEN p.rule ? 'first' AND p.rule -> 'first' <> '[]'
                 THEN replace(rule_predicate(p.rule, 'first'), '$1', format('($1 -> %s)', place))
                 ELSE 'false' END,
            1::bigint << p.bit, 1::bigint << p.bit, p.excluded, place);
        strings := strings || format(', string_agg(p%s, %L) AS p%s', place, '', place);
        parts := parts || format(
            ', (%L, p%s, %L), (%L, p%s, %L), (%L, p%s, %L), (%L, p%s, %L)',
            'eligible:' || p.code, place, repeat('01', 8), 'first:' || p.code, place, repeat('0011', 4),
            'served:' || p.code, place, repeat('00001111', 2), 'double:' || p.code, place,
            repeat('0', 8) || repeat('1', 8));
        place := place + 1;
    END LOOP;
    DELETE FROM household_bitmap
    WHERE flag = ANY (ARRAY(SELECT kind || code FROM programme,
                            unnest('{eligible:,first:,served:,double:}'::text[]) AS kind))
          AND area_code = ANY (of_areas);
    IF place = 0 THEN
        RETURN;
    END IF;
    EXECUTE format($q$
        WITH lasting AS MATERIALIZED (
            SELECT code, 1::bigint << bit AS mask, periods_after(
                       ($2 - make_interval(years => served_years))::date, $2) AS periods
            FROM programme
        ),
        served AS MATERIALIZED (
            SELECT a.household_id, bit_or(l.mask) AS mask
            FROM aid AS a JOIN lasting AS l ON l.code = a.programme_code
            JOIN household AS h ON h.id = a.household_id
            WHERE a.status = 'received' AND h.area_code = ANY ($3)
                  AND (l.periods IS NULL OR a.period = ANY (l.periods))
            GROUP BY a.household_id
        ),
        found AS MATERIALIZED (
            SELECT h.id %s
            FROM household AS h
            LEFT JOIN served AS s0 ON s0.household_id = h.id
            CROSS JOIN LATERAL (SELECT coalesce(s0.mask, 0) AS mask) AS s
            WHERE h.area_code = ANY ($3)
        ),
        string AS MATERIALIZED (
            SELECT area_code %s FROM (
                SELECT o.area_code, found.*
                FROM household_order AS o CROSS JOIN unnest(o.ids) WITH ORDINALITY AS u (id, n)
                JOIN found USING (id)
                WHERE o.area_code = ANY ($3) ORDER BY o.area_code, u.n
            ) AS in_order GROUP BY area_code
        )
        INSERT INTO household_bitmap (flag, area_code, bits)
        SELECT f.flag, area_code, translate(f.letters, %L, f.bits)::varbit
        FROM string CROSS JOIN LATERAL (VALUES %s) AS f (flag, letters, bits)
    $q$, columns, strings, letters, substr(parts, 3))
    USING rules, (SELECT day FROM rule_state), of_areas;
END
$$;

CREATE OR REPLACE FUNCTION refresh_question_flags(of_keys text[], of_areas text[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    q record;
BEGIN
    DELETE FROM household_bitmap WHERE flag = ANY (ARRAY(SELECT 'question:' || unnest(of_keys)))
                                       AND area_code = ANY (of_areas);
    FOR q IN SELECT key, rule FROM question WHERE key = ANY (of_keys) LOOP
        EXECUTE format($q$
            INSERT INTO household_bitmap (flag, area_code, bits)
            SELECT %L, area_code, string_agg(bit, '')::varbit FROM (
                SELECT o.area_code, CASE WHEN found.id IS NULL THEN '0' ELSE '1' END AS bit
                FROM household_order AS o CROSS JOIN unnest(o.ids) WITH ORDINALITY AS u (id, n)
                LEFT JOIN (
                    SELECT h.id FROM household AS h WHERE h.area_code = ANY ($3) AND (%s)
                ) AS found USING (id)
                WHERE o.area_code = ANY ($3) ORDER BY o.area_code, u.n
            ) AS in_order GROUP BY area_code
        $q$, 'question:' || q.key, rule_predicate(q.rule, 'eligible'))
        USING q.rule, (SELECT day FROM rule_state), of_areas;
    END LOOP;
END
$$;

-- Of one plan, or of all; NULL areas are all of them.
CREATE OR REPLACE FUNCTION refresh_plan_flags(of_plan bigint, of_areas text[] DEFAULT NULL) RETURNS void
LANGUAGE sql AS $$
    DELETE FROM household_bitmap
    WHERE of_plan IS NULL AND flag LIKE 'plan%' AND (of_areas IS NULL OR area_code = ANY (of_areas));
    DELETE FROM household_bitmap
    WHERE flag = ANY (ARRAY['plan:' || of_plan, 'plan_left:' || of_plan])
          AND (of_areas IS NULL OR area_code = ANY (of_areas));
    WITH place AS MATERIALIZED (
        SELECT t.plan_id, o.area_code, cardinality(o.ids) AS size, u.n::int AS n, t.outcome
        FROM household_order AS o CROSS JOIN unnest(o.ids) WITH ORDINALITY AS u (id, n)
        JOIN plan_target AS t ON t.household_id = u.id
        WHERE t.plan_id = ANY (ARRAY(SELECT id FROM plan WHERE of_plan IS NULL OR id = of_plan))
              AND (of_areas IS NULL OR o.area_code = ANY (of_areas))
    )
    INSERT INTO household_bitmap (flag, area_code, bits)
    SELECT 'plan:' || plan_id, area_code, bits_at(size, array_agg(n)) FROM place
    GROUP BY plan_id, area_code, size
    UNION ALL
    SELECT 'plan_left:' || plan_id, area_code,
           bits_at(size, coalesce(array_agg(n) FILTER (WHERE outcome IS NULL), '{}'))
    FROM place GROUP BY plan_id, area_code, size
$$;

-- Counts ages and years for a later day; nothing happens when that is the day already.
CREATE OR REPLACE FUNCTION advance_rule_day(to_day date DEFAULT current_date) RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
    UPDATE rule_state SET day = to_day WHERE day <> to_day;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    PERFORM refresh_programme_flags(areas), refresh_question_flags(ARRAY(SELECT key FROM question), areas)
    FROM (SELECT ARRAY(SELECT area_code FROM household_order ORDER BY 1) AS areas) AS a;
    PERFORM bump_data_version('register');
    RETURN true;
END
$$;

-- Who may look where ------------------------------------------------------------------------------

-- The pattern of the desa that the viewer's rights reach over; NULL where they reach nowhere. For
-- functions that run as the owner, past the row policies (rights.sql).
CREATE OR REPLACE FUNCTION viewer_area_pattern() RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT CASE current_setting('kentongan.role', true)
        WHEN 'planner' THEN '%'
        WHEN 'regent' THEN '%'
        WHEN 'task_unit' THEN nullif(current_setting('kentongan.area', true), '') || '.%'
        WHEN 'village_operator' THEN nullif(current_setting('kentongan.area', true), '')
        -- The owner of the database, with or without saying so.
        ELSE CASE WHEN session_user <> 'kentongan_web'
                  AND coalesce(current_setting('kentongan.role', true), '') IN ('', 'local')
             THEN '%' END
    END
$$;

-- The households whose bits fit: flags of one number joined by OR, the numbers by AND, a negative one
-- holds what must not be (db/queries/selection.py). Their order tells nothing.
CREATE OR REPLACE FUNCTION flagged_households(of_flags text[], numbers int[], of_areas text)
RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH wanted AS (
        SELECT flag, number FROM unnest(of_flags, numbers) AS w (flag, number)
    ),
    chosen AS MATERIALIZED (
        SELECT b.area_code, w.number,
               CASE WHEN w.number < 0 THEN ~bit_or(b.bits) ELSE bit_or(b.bits) END AS bits
        FROM household_bitmap AS b JOIN wanted AS w USING (flag)
        WHERE b.flag = ANY (of_flags) AND b.area_code LIKE of_areas
              AND b.area_code LIKE viewer_area_pattern()
              AND (b.flag NOT LIKE 'question:%' OR current_setting('kentongan.role', true) <> 'regent')
        GROUP BY b.area_code, w.number
    ),
    selected AS MATERIALIZED (
        SELECT area_code, bit_and(bits) AS bits FROM chosen
        GROUP BY area_code HAVING count(*) = (SELECT count(DISTINCT number) FROM wanted)
    )
    SELECT u.id
    FROM selected AS s JOIN household_order AS o USING (area_code)
    CROSS JOIN unnest(o.ids) WITH ORDINALITY AS u (id, n)
    WHERE get_bit(s.bits, u.n::int - 1) = 1
    ORDER BY 1
$$;

REVOKE ALL ON FUNCTION flagged_households(text[], int[], text) FROM PUBLIC;

-- Views under a name ------------------------------------------------------------------------------

-- The number of the kept view; NULL where the role looks at no households.
CREATE OR REPLACE FUNCTION save_view(view_name text, view_query text, of_question text, shared boolean)
RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO saved_view (user_name, role, area_code, name, query, is_shared, question_key)
    SELECT current_setting('kentongan.user'), current_setting('kentongan.role'),
           nullif(current_setting('kentongan.area', true), ''), view_name, view_query, shared, of_question
    WHERE viewer_area_pattern() IS NOT NULL
    ON CONFLICT (user_name, name) DO UPDATE
    SET query = excluded.query, is_shared = excluded.is_shared, role = excluded.role,
        area_code = excluded.area_code, question_key = excluded.question_key, saved_at = now()
    RETURNING id
$$;

CREATE OR REPLACE FUNCTION drop_view(view_id bigint) RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH dropped AS (
        DELETE FROM saved_view
        WHERE id = view_id AND user_name = current_setting('kentongan.user', true) RETURNING 1
    )
    SELECT EXISTS (SELECT FROM dropped)
$$;

REVOKE ALL ON FUNCTION save_view(text, text, text, boolean) FROM PUBLIC;
REVOKE ALL ON FUNCTION drop_view(bigint) FROM PUBLIC;
