-- What pages ask of rules: how many households one is true of, a question that becomes bits, a new
-- version of a programme's rule. These run as the owner, past the row policies, so each asks first who
-- is looking (viewer_area_pattern). The regent asks no questions: they reach farther than he sees.
--
-- Bits are made from the order of their desa. Whoever makes those of one rule holds the lock (7306, 1)
-- alone, refresh_stale shares it: neither works on an order that the other is about to change.

CREATE OR REPLACE FUNCTION asker_area_pattern() RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT viewer_area_pattern()
    WHERE current_setting('kentongan.role', true) IS DISTINCT FROM 'regent'
$$;

-- Counts the families that the register holds as poor; those of other statuses, too, where the rule says
-- itself which. NULL where the area lies outside the viewer's rights; without one, it is all of theirs.
CREATE OR REPLACE FUNCTION count_rule(rule jsonb, area text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET jit = off AS $$
DECLARE
    may CONSTANT text := asker_area_pattern();
    statement text := 'SELECT count(*) FROM public.household AS h WHERE ' || rule_predicate(rule, 'eligible');
    desa text[]; counted bigint;
BEGIN
    IF may IS NULL OR area NOT LIKE may AND area || '.' NOT LIKE may THEN
        RETURN NULL;
    END IF;
    IF NOT jsonb_path_exists(rule - 'first', '$.*[*].field ? (@ == "status")') THEN
        statement := statement || ' AND h.status IN (''unverified'', ''verified'')';
    END IF;
    IF may <> '%' OR area IS NOT NULL THEN
        desa := ARRAY(SELECT code FROM admin_area WHERE level = 'desa' AND code LIKE may
                      AND (area IS NULL OR code = area OR starts_with(code, area || '.')));
        statement := statement || ' AND h.area_code = ANY ($3)';
    END IF;
    EXECUTE statement INTO counted USING rule, (SELECT day FROM rule_state), desa;
    RETURN counted;
END
$$;

CREATE OR REPLACE FUNCTION rule_key(rule jsonb) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT left(encode(sha256(convert_to((rule - 'basis')::text, 'UTF8')), 'hex'), 12)
$$;

-- Keeps what somebody asks as a property of every household, and gives its key; NULL where the role may
-- not ask. Questions that nobody keeps or looks at make room.
CREATE OR REPLACE FUNCTION open_question(of_rule jsonb) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET jit = off AS $$
DECLARE
    most CONSTANT int := 60;
    new_key CONSTANT text := rule_key(of_rule);
    old_keys text[];
BEGIN
    IF asker_area_pattern() IS NULL OR pg_column_size(of_rule) > 20000 THEN
        RETURN NULL;
    END IF;
    UPDATE question SET opened_at = now() WHERE key = new_key;
    IF FOUND THEN
        RETURN new_key;
    END IF;
    PERFORM pg_advisory_xact_lock(7306, 1);
    INSERT INTO question (key, rule) VALUES (new_key, of_rule) ON CONFLICT DO NOTHING;
    PERFORM refresh_question_flags(ARRAY[new_key], ARRAY(SELECT area_code FROM household_order));
    WITH idle AS (
        DELETE FROM question
        WHERE key IN (SELECT q.key FROM question AS q
                      WHERE NOT EXISTS (SELECT FROM saved_view AS v WHERE v.question_key = q.key)
                      ORDER BY q.opened_at DESC, q.key = new_key DESC OFFSET most)
        RETURNING key
    )
    SELECT array_agg('question:' || key) INTO old_keys FROM idle;
    DELETE FROM household_bitmap WHERE flag = ANY (old_keys);
    RETURN new_key;
END
$$;

-- The number of the new version; NULL where somebody saved another since `base_version`, 0 where the role
-- may not. What is no rule, or names no programme, is refused with an error: pages have looked before.
CREATE OR REPLACE FUNCTION save_programme_rule(
    of_code text, base_version int, new_rule jsonb, years int, excluded text[], why text
) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET jit = off AS $$
DECLARE
    new_version int;
    part text;
BEGIN
    IF asker_area_pattern() IS DISTINCT FROM '%' OR pg_column_size(new_rule) > 20000 THEN
        RETURN 0;
    END IF;
    FOREACH part IN ARRAY ARRAY['eligible', 'first'] LOOP -- what can't be evaluated never comes in
        EXECUTE 'SELECT count(*) FROM public.household AS h WHERE ' || rule_predicate(new_rule, part)
        USING new_rule, (SELECT day FROM rule_state);
    END LOOP;
    PERFORM pg_advisory_xact_lock(7306, 1);
    UPDATE programme AS p
    SET eligibility = new_rule, rule_version = p.rule_version + 1, served_years = years,
        excludes = ARRAY(SELECT o.code FROM programme AS o
                         WHERE o.code = ANY (excluded) AND o.code <> of_code ORDER BY o.bit)
    WHERE p.code = of_code AND p.rule_version = base_version
    RETURNING p.rule_version INTO new_version;
    IF new_version IS NOT NULL THEN
        INSERT INTO programme_rule
            (programme_code, version, rule, served_years, excludes, note, saved_by)
        SELECT code, rule_version, eligibility, served_years, excludes, why,
               coalesce(nullif(current_setting('kentongan.user', true), ''), 'local')
        FROM programme WHERE code = of_code;
        PERFORM refresh_programme_flags(ARRAY(SELECT area_code FROM household_order));
        PERFORM bump_data_version('register');
    END IF;
    RETURN new_version;
END
$$;

REVOKE ALL ON FUNCTION count_rule(jsonb, text) FROM PUBLIC;
REVOKE ALL ON FUNCTION open_question(jsonb) FROM PUBLIC;
REVOKE ALL ON FUNCTION save_programme_rule(text, int, jsonb, int, text[], text) FROM PUBLIC;
