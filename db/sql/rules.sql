CREATE OR REPLACE FUNCTION period_end(period text) RETURNS date
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$ SELECT make_date(left(period, 4)::int, 12, 31) $$;
CREATE OR REPLACE FUNCTION rule_predicate(rule jsonb, part text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$ SELECT 'h.decile <= 2' $$;
