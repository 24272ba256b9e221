-- Rules as data (geo/rules) become conditions on `household AS h`. Of a rule, no letter becomes text of
-- a statement: fields and operators are looked up here, values stay in the parameter $1, reached by
-- their path. $2 is the day for which ages and years are counted.

-- The last day of a period: 2026, 2026-S1, 2026-Q3, 2026-05. NULL of anything else.
CREATE OR REPLACE FUNCTION period_end(period text) RETURNS date
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT CASE WHEN period ~ '^[12][0-9]{3}(-(0[1-9]|1[0-2]|S[12]|Q[1-4]))?$' THEN (
        make_date(left(period, 4)::int, 1, 1) + make_interval(months => CASE substr(period, 6, 1)
            WHEN '' THEN 12
            WHEN 'S' THEN 6 * substr(period, 7)::int
            WHEN 'Q' THEN 3 * substr(period, 7)::int
            ELSE substr(period, 6)::int
        END))::date - 1 END
$$;

-- The periods that end later than a day, up to those of the year after today's: to look a period up in
-- them is far cheaper than to work out its end.
CREATE OR REPLACE FUNCTION periods_after(day date, today date) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT array_agg(year || part)
    FROM generate_series(extract(year FROM day)::int, extract(year FROM today)::int + 1) AS year
    CROSS JOIN unnest('{"",-S1,-S2,-Q1,-Q2,-Q3,-Q4,-01,-02,-03,-04,-05,-06,-07,-08,-09,-10,-11,-12}'
                      ::text[]) AS part
    WHERE year > extract(year FROM day) OR period_end(year || part) > day
$$;

CREATE OR REPLACE FUNCTION refuse_rule(what text, wrong jsonb) RETURNS text
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rule: % %', what, left(wrong::text, 200) USING ERRCODE = 'invalid_parameter_value';
END
$$;

-- The comparison of a column with the value at a path. Never NULL: where the column is, it is false.
CREATE OR REPLACE FUNCTION rule_comparison(condition jsonb, path text, name text, kind text)
RETURNS text
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    op CONSTANT text := condition ->> 'op';
    value CONSTANT jsonb := CASE op WHEN 'in' THEN condition -> 'value'
                                 ELSE jsonb_build_array(condition -> 'value') END;
    one jsonb;
BEGIN
    IF op IS NULL OR op <> ALL (ARRAY['=', '!=', '<=', '>=', 'in'])
       OR op IN ('<=', '>=') AND kind = 'text' OR jsonb_typeof(value) <> 'array' THEN
        PERFORM refuse_rule('operator', condition);
    END IF;
    FOR one IN SELECT jsonb_array_elements(value) LOOP
        IF jsonb_typeof(one) IS DISTINCT FROM (CASE kind WHEN 'int' THEN 'number' ELSE 'string' END)
           OR kind = 'int' AND one #>> '{}' !~ '^[0-9]{1,9}$' THEN
            PERFORM refuse_rule('value', condition);
        END IF;
    END LOOP;
    RETURN CASE op
        WHEN 'in' THEN format(
            '(%1$s IS NOT NULL AND %1$s = ANY (ARRAY(SELECT jsonb_array_elements_text($1 #> %2$L)::%3$s)))',
            name, format('{%s,value}', path), kind)
        ELSE format('(%1$s IS NOT NULL AND %1$s %4$s ($1 #>> %2$L)::%3$s)',
            name, format('{%s,value}', path), kind, CASE op WHEN '!=' THEN '<>' ELSE op END)
    END;
END
$$;

CREATE OR REPLACE FUNCTION rule_field(condition jsonb, path text) RETURNS text
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    field CONSTANT text := condition ->> 'field';
BEGIN
    RETURN CASE
        WHEN field IN ('decile', 'member_count', 'floor_area_m2', 'electricity_va')
            THEN rule_comparison(condition, path, 'h.' || field, 'int')
        WHEN field IN ('house_ownership', 'floor_material', 'wall_material', 'roof_material',
                       'drinking_water', 'lighting', 'cooking_fuel', 'toilet', 'status')
            THEN rule_comparison(condition, path, 'h.' || field, 'text')
        WHEN field = 'area_kind' THEN format(
            '(h.area_code IN (SELECT v.code FROM public.admin_area AS v WHERE %s))',
            rule_comparison(condition, path, 'v.kind', 'text'))
        ELSE refuse_rule('field', condition)
    END;
END
$$;

-- A day that lies the years at a path, and some more, before today.
CREATE OR REPLACE FUNCTION rule_years_ago(path text, more int) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT format('($2 - make_interval(years => ($1 #>> %L)::int + %s))::date', path, more)
$$;

-- What a condition asks of one living person `m`; NULL where it asks for no person. Ages are birth
-- dates: whoever has turned n was born n years ago or earlier.
CREATE OR REPLACE FUNCTION rule_person(condition jsonb, path text) RETURNS text
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    parts text[]; part text; wanted jsonb; place text;
BEGIN
    IF condition ->> 'field' LIKE 'head\_%' THEN
        RETURN '(m.relationship = ''head'' AND ' || CASE condition ->> 'field'
            WHEN 'head_sex' THEN rule_comparison(condition, path, 'm.sex', 'text')
            WHEN 'head_marital_status'
                THEN rule_comparison(condition, path, 'm.marital_status', 'text')
            WHEN 'head_age' THEN rule_comparison(condition, path,
                'extract(year FROM age($2::timestamp, m.birth_date::timestamp))::int', 'int')
            ELSE refuse_rule('field', condition)
        END || ')';
    ELSIF NOT condition ? 'member' THEN
        RETURN NULL;
    ELSIF jsonb_typeof(condition -> 'member') <> 'object' OR condition -> 'member' = '{}' THEN
        PERFORM refuse_rule('member', condition);
    END IF;
    FOR part, wanted IN SELECT * FROM jsonb_each(condition -> 'member') LOOP
        place := format('{%s,member,%s}', path, part);
        parts := parts || CASE
            WHEN part IN ('sex', 'relationship', 'marital_status', 'schooling', 'education')
                 AND jsonb_typeof(wanted) = 'string'
                THEN format('m.%I = $1 #>> %L', part, place)
            WHEN part IN ('disability', 'chronic_illness') AND wanted = 'true'
                THEN format('m.%I <> ''''', part)
            WHEN part = 'age_min' AND wanted #>> '{}' ~ '^[0-9]{1,3}$'
                THEN 'm.birth_date <= ' || rule_years_ago(place, 0)
            WHEN part = 'age_max' AND wanted #>> '{}' ~ '^[0-9]{1,3}$'
                THEN 'm.birth_date > ' || rule_years_ago(place, 1)
            ELSE refuse_rule('member', condition)
        END;
    END LOOP;
    RETURN '(' || array_to_string(parts, ' AND ') || ')';
END
$$;

-- Whether a living member is as said. Left to the planner, who makes of it a lookup per household, or
-- one pass over all persons.
CREATE OR REPLACE FUNCTION rule_some_person(such text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT 'EXISTS (SELECT FROM public.person AS m WHERE m.household_id = h.id'
           ' AND m.life_status = ''alive'' AND ' || such || ')'
$$;

CREATE OR REPLACE FUNCTION rule_some_persons(condition jsonb, path text) RETURNS text
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    such CONSTANT text := rule_person(condition, path);
BEGIN
    IF condition ->> 'at_least' IS NULL THEN
        RETURN rule_some_person(such);
    ELSIF condition ->> 'at_least' !~ '^[0-9]{1,2}$' THEN
        PERFORM refuse_rule('at_least', condition);
    END IF;
    -- Counted for all at once: household by household takes twice as long.
    RETURN format('(h.id IN (SELECT m.household_id FROM public.person AS m'
                  ' WHERE m.life_status = ''alive'' AND %s'
                  ' GROUP BY m.household_id HAVING count(*) >= ($1 #>> %L)::int))',
                  such, format('{%s,at_least}', path));
END
$$;

CREATE OR REPLACE FUNCTION rule_aid(condition jsonb, path text) RETURNS text
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    kind CONSTANT text := CASE WHEN condition ? 'aid' THEN 'aid' ELSE 'no_aid' END;
    programme CONSTANT text := format('{%s,%s}', path, kind);
    received text := format('h.aid & coalesce((SELECT 1::bigint << p.bit FROM public.programme AS p'
        ' WHERE p.code = $1 #>> %L), 0) <> 0', programme);
BEGIN
    IF condition ? 'years' THEN
        IF condition ->> 'years' !~ '^[0-9]{1,3}$' THEN
            PERFORM refuse_rule('years', condition);
        END IF;
        -- A household that never received is spared the search.
        received := received || format(
            ' AND EXISTS (SELECT FROM public.aid AS a WHERE a.household_id = h.id'
            ' AND a.programme_code = $1 #>> %L AND a.status = ''received'''
            ' AND a.period = ANY (public.periods_after(%s, $2)))',
            programme, rule_years_ago(format('{%s,years}', path), 0));
    END IF;
    RETURN format(CASE kind WHEN 'aid' THEN '(%s)' ELSE '(NOT (%s))' END, received);
END
$$;

CREATE OR REPLACE FUNCTION rule_condition(condition jsonb, path text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE
        WHEN rule_person(condition, path) IS NOT NULL THEN rule_some_persons(condition, path)
        WHEN condition ? 'field' THEN rule_field(condition, path)
        WHEN condition ? 'need' THEN format('(h.needs & coalesce((SELECT 1::bigint << n.bit'
            ' FROM public.need AS n WHERE n.code = $1 #>> %L), 0) <> 0)', format('{%s,need}', path))
        WHEN condition ?| ARRAY['aid', 'no_aid'] THEN rule_aid(condition, path)
        ELSE refuse_rule('condition', condition)
    END
$$;

-- The conditions of one list of a rule, joined by AND or OR; NULL where there are none. Persons are
-- looked for once: for OR whoever is this or that, for AND the head who is this and that.
CREATE OR REPLACE FUNCTION rule_list(rule jsonb, list text, joined_by text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    WITH condition AS MATERIALIZED (
        SELECT n, rule_condition(value, path) AS text,
               CASE WHEN value ? 'field' OR joined_by = ' OR ' AND NOT value ? 'at_least'
                    THEN rule_person(value, path) END AS person
        FROM jsonb_array_elements(coalesce(rule -> list, '[]')) WITH ORDINALITY AS c (value, n)
        CROSS JOIN LATERAL (SELECT format('%s,%s', list, n - 1) AS path) AS p
    )
    SELECT '(' || concat_ws(joined_by,
        string_agg(text, joined_by ORDER BY n) FILTER (WHERE person IS NULL),
        rule_some_person('(' || string_agg(person, joined_by ORDER BY n) || ')')) || ')'
    FROM condition HAVING count(*) > 0
$$;

-- A rule as a boolean expression over `household AS h`, never NULL: its part 'eligible' (every one of
-- `all`, one of `any`, none of `none`) or 'first' (one of `first`). A rule without conditions is true
-- of everybody, and puts nobody first.
CREATE OR REPLACE FUNCTION rule_predicate(rule jsonb, part text) RETURNS text
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    most CONSTANT int := 60;
BEGIN
    IF (SELECT sum(jsonb_array_length(coalesce(rule -> list, '[]')))
        FROM unnest(ARRAY['all', 'any', 'none', 'first']) AS list) > most THEN
        PERFORM refuse_rule('too long', rule);
    END IF;
    RETURN CASE part
        WHEN 'first' THEN coalesce(rule_list(rule, 'first', ' OR '), 'false')
        WHEN 'eligible' THEN coalesce(nullif(concat_ws(' AND ',
            rule_list(rule, 'all', ' AND '), rule_list(rule, 'any', ' OR '),
            'NOT ' || rule_list(rule, 'none', ' OR ')), ''), 'true')
        ELSE refuse_rule('part', to_jsonb(part))
    END;
END
$$;
