-- What is derived from the households, kept true by triggers whoever writes.
--
-- Masks: household.aid and household.needs follow the rows of aid and household_need.
-- Bit strings: per desa and property one bit per household (household_bitmap). A filter is an AND of
--   bit strings, a count is bit_count(); a choropleth of 500,000 households is 217 short strings.
-- Cells: the households of a desa stand in Morton (Z) order, so those of one cell of the map grid
--   are one run of bits (household_cell); a cluster under any filter is the bit_count of a substring.
-- Rules: who is eligible for what, what somebody asked, whom a plan chose are bit strings as well
--   (rule_flags.sql).
--
-- Every statement bears being run twice: a later migration brings this file up to date.
--
-- Writing statements only note which desa they touched; the work is done once, at commit, by a
-- deferred trigger, so that several COPYs in one transaction cost one refresh.

CREATE OR REPLACE FUNCTION bump_data_version(of_topic text) RETURNS void
LANGUAGE sql AS $$
    UPDATE data_version SET version = version + 1, txid = txid_current()
    WHERE topic = of_topic AND txid <> txid_current()
$$;

-- Interleaves with zeros: abc becomes 0a0b0c; here for 5 bits, from a table. Plain SQL of one
-- expression, so that the planner puts it in the place of the call.
CREATE OR REPLACE FUNCTION spread_five_bits(v bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT ('{0,1,4,5,16,17,20,21,64,65,68,69,80,81,84,85,256,257,260,261,272,273,276,277,'
            '320,321,324,325,336,337,340,341}'::bigint[])[v + 1]
$$;

-- The same for 20 bits.
CREATE OR REPLACE FUNCTION spread_bits(v bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT spread_five_bits(v & 31) | (spread_five_bits(v >> 5 & 31) << 10)
        | (spread_five_bits(v >> 10 & 31) << 20) | (spread_five_bits(v >> 15 & 31) << 30)
$$;

-- Every property that has a bit string. `members:N` are the binary digits of member_count: the
-- number of persons is the sum of bit_count times N.
CREATE OR REPLACE VIEW household_flag (flag, kind, mask, word) AS
    SELECT 'all', 'all', 0::bigint, NULL::text
    UNION ALL SELECT 'located', 'located', 0, NULL
    UNION ALL SELECT 'aid:none', 'no_aid', 0, NULL
    UNION ALL SELECT 'decile:' || n, 'decile', n, NULL FROM generate_series(1, 10) AS n
    UNION ALL SELECT 'members:' || (1 << n), 'members', 1 << n, NULL FROM generate_series(0, 5) AS n
    UNION ALL SELECT 'status:' || s, 'status', 0, s
        FROM unnest(ARRAY['unverified', 'verified', 'rejected', 'graduated']) AS s
    UNION ALL SELECT 'source:' || code, 'source', 0, code FROM source WHERE kind = 'register'
    UNION ALL SELECT 'need:' || code, 'need', 1::bigint << bit, NULL FROM need
    UNION ALL SELECT 'programme:' || code, 'aid', 1::bigint << bit, NULL FROM programme
    UNION ALL SELECT 'domain:' || domain, 'aid', bit_or(1::bigint << bit), NULL
        FROM programme GROUP BY domain;

-- A property of few values is one letter per household in a text, for translate() makes bits of that
-- three times faster than an aggregate does. Plans are kept from desa to desa: making one takes as
-- long as counting a small desa.
CREATE OR REPLACE FUNCTION refresh_area_derived(of_area text) RETURNS void
LANGUAGE plpgsql SET plan_cache_mode = auto AS $$
DECLARE
    world CONSTANT double precision := 40075016.685578488; -- metres round the EPSG:3857 square
    grid_level CONSTANT int := 20;
    cell CONSTANT double precision := world / (1 << grid_level);
    letters CONSTANT text := '0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\]^_`abcdefghijklmno'; -- 64
    ids bigint[]; gxs bigint[]; gys bigint[]; xs double precision[]; ys double precision[];
    deciles text; statuses text; members text; sources text[]; needs_ bigint[]; aids bigint[];
    any_needs bigint; any_aid bigint; size int; located_count int;
BEGIN
    DELETE FROM household_bitmap WHERE area_code = of_area;
    DELETE FROM household_cell WHERE area_code = of_area;

    SELECT array_agg(id), array_agg(gx), array_agg(gy), array_agg(px), array_agg(py),
           string_agg(chr(48 + coalesce(decile, 0)), ''), string_agg(left(status, 1), ''),
           string_agg(chr(48 + member_count), ''), array_agg(source), array_agg(needs),
           array_agg(aid), bit_or(needs), bit_or(aid), count(*), count(px)
    INTO ids, gxs, gys, xs, ys, deciles, statuses, members, sources, needs_, aids, any_needs,
         any_aid, size, located_count
    FROM (
        SELECT *
        FROM (
            SELECT h.*, px, py, floor((px + world / 2) / cell)::bigint AS gx,
                   floor((world / 2 - py) / cell)::bigint AS gy
            FROM household AS h
            CROSS JOIN LATERAL (SELECT ST_X(location_3857) AS px, ST_Y(location_3857) AS py) AS p
            WHERE h.area_code = of_area
            OFFSET 0 -- or gx would be worked out anew wherever it is used
        ) AS placed
        ORDER BY spread_bits(gx) | (spread_bits(gy) << 1) NULLS LAST, id
    ) AS in_order;

    PERFORM keep_household_order(of_area, ids);
    IF size = 0 THEN
        RETURN;
    END IF;

    INSERT INTO household_bitmap (flag, area_code, bits)
    SELECT f.flag, of_area, (CASE f.kind
        WHEN 'all' THEN repeat('1', size)
        WHEN 'located' THEN rpad(repeat('1', located_count), size, '0')
        WHEN 'decile' THEN translate(deciles, chr(48 + f.mask::int) || letters, rpad('1', 65, '0'))
        WHEN 'status' THEN translate(statuses, left(f.word, 1) || 'uvrg', '10000')
        WHEN 'members' THEN translate(members, letters, repeat(
            repeat('0', f.mask::int) || repeat('1', f.mask::int), 32 / f.mask::int))
        WHEN 'source' THEN (SELECT string_agg(CASE WHEN v = f.word THEN '1' ELSE '0' END, '')
                            FROM unnest(sources) AS v)
        WHEN 'need' THEN CASE WHEN any_needs & f.mask = 0 THEN repeat('0', size) ELSE
            (SELECT string_agg(CASE WHEN v & f.mask <> 0 THEN '1' ELSE '0' END, '')
             FROM unnest(needs_) AS v) END
        WHEN 'aid' THEN CASE WHEN any_aid & f.mask = 0 THEN repeat('0', size) ELSE
            (SELECT string_agg(CASE WHEN v & f.mask <> 0 THEN '1' ELSE '0' END, '')
             FROM unnest(aids) AS v) END
        WHEN 'no_aid' THEN (SELECT string_agg(CASE WHEN v = 0 THEN '1' ELSE '0' END, '')
                            FROM unnest(aids) AS v)
    END)::varbit
    FROM household_flag AS f
    WHERE f.kind <> 'source' OR f.word = ANY (sources);

    INSERT INTO household_cell
        (level, cx, cy, area_code, bit_from, household_count, x_3857, y_3857, household_id)
    SELECT grid_level, gx, gy, of_area,
           min(rank), count(*), avg(x), avg(y), CASE WHEN count(*) = 1 THEN min(id) END
    FROM unnest(ids[:located_count], gxs[:located_count], gys[:located_count],
                xs[:located_count], ys[:located_count])
         WITH ORDINALITY AS h (id, gx, gy, x, y, rank)
    GROUP BY 2, 3;
END
$$;

-- The levels that tiles ask for, each from the one below it, which has fewer rows than there are
-- households: 32 cells along a tile's side at zooms 15 to 13, 16 at 12 to 6.
CREATE OR REPLACE FUNCTION add_coarser_cells(of_areas text[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    coarser int; finer int := 20;
BEGIN
    FOREACH coarser IN ARRAY ARRAY[19, 18, 16, 15, 14, 13, 12, 11, 10] LOOP
        INSERT INTO household_cell
            (level, cx, cy, area_code, bit_from, household_count, x_3857, y_3857, household_id)
        SELECT coarser, cx >> (finer - coarser), cy >> (finer - coarser), area_code,
               min(bit_from), sum(household_count),
               sum(x_3857 * household_count) / sum(household_count),
               sum(y_3857 * household_count) / sum(household_count),
               CASE WHEN sum(household_count) = 1 THEN min(household_id) END
        FROM household_cell WHERE area_code = ANY (of_areas) AND level = finer
        GROUP BY 2, 3, 4;
        finer := coarser;
    END LOOP;
END
$$;

-- Which desa a statement touched -----------------------------------------------------------------

CREATE OR REPLACE FUNCTION note_stale_inserted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO household_stale SELECT DISTINCT area_code FROM new_rows ORDER BY 1
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION note_stale_updated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO household_stale
    SELECT area_code FROM new_rows UNION SELECT area_code FROM old_rows ORDER BY 1
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION note_stale_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO household_stale SELECT DISTINCT area_code FROM old_rows ORDER BY 1
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END
$$;

-- Rules ask for members, and for how long ago aid was received.
CREATE OR REPLACE FUNCTION note_stale_households(of_households bigint[]) RETURNS void
LANGUAGE sql AS $$
    INSERT INTO household_stale
    SELECT DISTINCT h.area_code FROM unnest(of_households) AS k (id) JOIN household AS h USING (id)
    ORDER BY 1
    ON CONFLICT DO NOTHING
$$;

CREATE OR REPLACE FUNCTION person_inserted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM note_stale_households(ARRAY(SELECT DISTINCT household_id FROM new_rows));
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION person_updated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM note_stale_households(ARRAY(
        SELECT DISTINCT side.household_id
        FROM new_rows AS n JOIN old_rows AS o USING (id)
        CROSS JOIN LATERAL (VALUES (n.household_id), (o.household_id)) AS side (household_id)
        WHERE (n.household_id, n.birth_date, n.sex, n.relationship, n.marital_status, n.schooling,
               n.education, n.disability, n.chronic_illness, n.life_status)
              IS DISTINCT FROM
              (o.household_id, o.birth_date, o.sex, o.relationship, o.marital_status, o.schooling,
               o.education, o.disability, o.chronic_illness, o.life_status)));
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION person_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM note_stale_households(ARRAY(SELECT DISTINCT household_id FROM old_rows));
    RETURN NULL;
END
$$;

-- A new programme, need or source is a new property, and an emptied register has none: all desa.
CREATE OR REPLACE FUNCTION note_all_stale() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        TRUNCATE household_bitmap, household_cell;
        PERFORM keep_household_order(NULL, NULL);
        PERFORM bump_data_version('register');
    ELSE
        INSERT INTO household_stale
        SELECT DISTINCT area_code FROM household_bitmap WHERE flag = 'all' ORDER BY 1
        ON CONFLICT DO NOTHING;
    END IF;
    RETURN NULL;
END
$$;

-- Called once for each desa; the first call does the work of all.
CREATE OR REPLACE FUNCTION refresh_stale() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    areas text[];
BEGIN
    WITH stale AS (DELETE FROM household_stale RETURNING area_code)
    SELECT array_agg(area_code ORDER BY area_code) INTO areas FROM stale;
    IF areas IS NOT NULL THEN
        PERFORM pg_advisory_xact_lock_shared(7306, 1); -- see rule_answers.sql
        PERFORM refresh_area_derived(area) FROM unnest(areas) AS area;
        PERFORM add_coarser_cells(areas);
        PERFORM refresh_rule_flags(areas);
        PERFORM bump_data_version('register');
    END IF;
    RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER household_inserted AFTER INSERT ON household
    REFERENCING NEW TABLE AS new_rows EXECUTE FUNCTION note_stale_inserted();
CREATE OR REPLACE TRIGGER household_updated AFTER UPDATE ON household
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows EXECUTE FUNCTION note_stale_updated();
CREATE OR REPLACE TRIGGER household_deleted AFTER DELETE ON household
    REFERENCING OLD TABLE AS old_rows EXECUTE FUNCTION note_stale_deleted();
CREATE OR REPLACE TRIGGER household_emptied AFTER TRUNCATE ON household
    EXECUTE FUNCTION note_all_stale();
CREATE OR REPLACE TRIGGER person_inserted AFTER INSERT ON person
    REFERENCING NEW TABLE AS new_rows EXECUTE FUNCTION person_inserted();
CREATE OR REPLACE TRIGGER person_updated AFTER UPDATE ON person
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows EXECUTE FUNCTION person_updated();
CREATE OR REPLACE TRIGGER person_deleted AFTER DELETE ON person
    REFERENCING OLD TABLE AS old_rows EXECUTE FUNCTION person_deleted();
CREATE OR REPLACE TRIGGER area_kind_changed AFTER UPDATE OF kind ON admin_area
    EXECUTE FUNCTION note_all_stale();
CREATE OR REPLACE TRIGGER programme_changed
    AFTER INSERT OR UPDATE OF code, bit, domain OR DELETE ON programme
    EXECUTE FUNCTION note_all_stale();
CREATE OR REPLACE TRIGGER need_changed AFTER INSERT OR UPDATE OR DELETE ON need
    EXECUTE FUNCTION note_all_stale();
DROP TRIGGER IF EXISTS household_stale_refreshed ON household_stale;
CREATE CONSTRAINT TRIGGER household_stale_refreshed AFTER INSERT ON household_stale
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refresh_stale();

-- Masks follow their rows ------------------------------------------------------------------------

CREATE OR REPLACE FUNCTION set_aid_masks(of_households bigint[]) RETURNS void LANGUAGE sql AS $$
    UPDATE household AS h SET aid = m.mask
    FROM (
        SELECT k.id, coalesce(bit_or(1::bigint << p.bit), 0) AS mask
        FROM unnest(of_households) AS k (id)
        LEFT JOIN aid AS a ON a.household_id = k.id AND a.status = 'received'
        LEFT JOIN programme AS p ON p.code = a.programme_code
        GROUP BY k.id
    ) AS m
    WHERE h.id = m.id AND h.aid <> m.mask
$$;

CREATE OR REPLACE FUNCTION set_need_masks(of_households bigint[]) RETURNS void LANGUAGE sql AS $$
    UPDATE household AS h SET needs = m.mask
    FROM (
        SELECT k.id, coalesce(bit_or(1::bigint << n.bit), 0) AS mask
        FROM unnest(of_households) AS k (id)
        LEFT JOIN household_need AS r ON r.household_id = k.id
        LEFT JOIN need AS n ON n.code = r.need_code
        GROUP BY k.id
    ) AS m
    WHERE h.id = m.id AND h.needs <> m.mask
$$;

CREATE OR REPLACE FUNCTION aid_inserted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_aid_masks(ARRAY(SELECT DISTINCT household_id FROM new_rows));
    PERFORM note_stale_households(ARRAY(SELECT DISTINCT household_id FROM new_rows));
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION aid_updated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_aid_masks(ARRAY(
        SELECT household_id FROM new_rows UNION SELECT household_id FROM old_rows));
    PERFORM note_stale_households(ARRAY(
        SELECT household_id FROM new_rows UNION SELECT household_id FROM old_rows));
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION aid_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_aid_masks(ARRAY(SELECT DISTINCT household_id FROM old_rows));
    PERFORM note_stale_households(ARRAY(SELECT DISTINCT household_id FROM old_rows));
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION need_inserted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_need_masks(ARRAY(SELECT DISTINCT household_id FROM new_rows));
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION need_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_need_masks(ARRAY(SELECT DISTINCT household_id FROM old_rows));
    RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER aid_inserted AFTER INSERT ON aid
    REFERENCING NEW TABLE AS new_rows EXECUTE FUNCTION aid_inserted();
CREATE OR REPLACE TRIGGER aid_updated AFTER UPDATE ON aid
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows EXECUTE FUNCTION aid_updated();
CREATE OR REPLACE TRIGGER aid_deleted AFTER DELETE ON aid
    REFERENCING OLD TABLE AS old_rows EXECUTE FUNCTION aid_deleted();
CREATE OR REPLACE TRIGGER need_inserted AFTER INSERT ON household_need
    REFERENCING NEW TABLE AS new_rows EXECUTE FUNCTION need_inserted();
CREATE OR REPLACE TRIGGER need_deleted AFTER DELETE ON household_need
    REFERENCING OLD TABLE AS old_rows EXECUTE FUNCTION need_deleted();

-- What else a page may have kept ------------------------------------------------------------------

CREATE OR REPLACE FUNCTION count_register_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM bump_data_version('register');
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION count_boundary_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM bump_data_version('boundaries');
    PERFORM bump_data_version('register');
    RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER area_stat_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON area_stat
    EXECUTE FUNCTION count_register_change();
CREATE OR REPLACE TRIGGER source_changed AFTER INSERT OR UPDATE OR DELETE ON source
    EXECUTE FUNCTION count_register_change();
CREATE OR REPLACE TRIGGER admin_area_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON admin_area
    EXECUTE FUNCTION count_boundary_change();

INSERT INTO data_version (topic, version) VALUES ('register', 1), ('boundaries', 1)
ON CONFLICT DO NOTHING;
