-- What is derived from the households, kept true by triggers whoever writes.
--
-- Masks: household.aid and household.needs follow the rows of aid and household_need.
-- Bit strings: per desa and property one bit per household (household_bitmap). A filter is an AND of
--   bit strings, a count is bit_count(); a choropleth of 500,000 households is 217 short strings.
-- Cells: the households of a desa stand in Morton (Z) order, so those of one cell of the map grid
--   are one run of bits (household_cell); a cluster under any filter is the bit_count of a substring.
--
-- Writing statements only note which desa they touched; the work is done once, at commit, by a
-- deferred trigger, so that several COPYs in one transaction cost one refresh.

CREATE FUNCTION bump_data_version(of_topic text) RETURNS void
LANGUAGE sql AS $$
    UPDATE data_version SET version = version + 1, txid = txid_current()
    WHERE topic = of_topic AND txid <> txid_current()
$$;

-- Interleaves with zeros: abc becomes 0a0b0c. Standard "part by 1 bits" steps for 20 bits.
CREATE FUNCTION spread_bits(v bigint) RETURNS bigint
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
    v := (v | (v << 16)) & 281470681808895;      -- 0x0000FFFF0000FFFF
    v := (v | (v << 8)) & 71777214294589695;     -- 0x00FF00FF00FF00FF
    v := (v | (v << 4)) & 1085102592571150095;   -- 0x0F0F0F0F0F0F0F0F
    v := (v | (v << 2)) & 3689348814741910323;   -- 0x3333333333333333
    RETURN (v | (v << 1)) & 6148914691236517205; -- 0x5555555555555555
END
$$;

-- Every property that has a bit string. `members:N` are the binary digits of member_count: the
-- number of persons is the sum of bit_count times N.
CREATE VIEW household_flag (flag, kind, mask, word) AS
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

CREATE FUNCTION refresh_area_derived(of_area text) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    world CONSTANT double precision := 40075016.685578488; -- metres round the EPSG:3857 square
    grid_level CONSTANT int := 20;
    cell CONSTANT double precision := world / (1 << grid_level);
    ids bigint[]; gxs bigint[]; gys bigint[]; xs double precision[]; ys double precision[];
    deciles smallint[]; statuses text[]; sources text[]; members smallint[];
    needs_ bigint[]; aids bigint[]; located_count int;
BEGIN
    DELETE FROM household_bitmap WHERE area_code = of_area;
    DELETE FROM household_cell WHERE area_code = of_area;

    SELECT array_agg(id), array_agg(gx), array_agg(gy), array_agg(px), array_agg(py),
           array_agg(decile), array_agg(status), array_agg(source), array_agg(member_count),
           array_agg(needs), array_agg(aid), count(px)
    INTO ids, gxs, gys, xs, ys, deciles, statuses, sources, members, needs_, aids, located_count
    FROM (
        SELECT h.*, p.px, p.py, g.gx, g.gy
        FROM household h
        CROSS JOIN LATERAL (SELECT ST_X(location_3857) AS px, ST_Y(location_3857) AS py) p
        CROSS JOIN LATERAL (SELECT floor((px + world / 2) / cell)::bigint AS gx,
                                   floor((world / 2 - py) / cell)::bigint AS gy) g
        WHERE h.area_code = of_area
        ORDER BY spread_bits(gx) | (spread_bits(gy) << 1) NULLS LAST, h.id
    ) AS in_order;

    IF ids IS NULL THEN
        RETURN;
    END IF;

    INSERT INTO household_bitmap (flag, area_code, bits)
    SELECT f.flag, of_area, (CASE f.kind
        WHEN 'all' THEN repeat('1', cardinality(ids))
        WHEN 'located' THEN rpad(repeat('1', located_count), cardinality(ids), '0')
        WHEN 'decile' THEN (SELECT string_agg(CASE WHEN v = f.mask THEN '1' ELSE '0' END, '')
                            FROM unnest(deciles) AS v)
        WHEN 'status' THEN (SELECT string_agg(CASE WHEN v = f.word THEN '1' ELSE '0' END, '')
                            FROM unnest(statuses) AS v)
        WHEN 'source' THEN (SELECT string_agg(CASE WHEN v = f.word THEN '1' ELSE '0' END, '')
                            FROM unnest(sources) AS v)
        WHEN 'members' THEN (SELECT string_agg(CASE WHEN v & f.mask <> 0 THEN '1' ELSE '0' END, '')
                             FROM unnest(members) AS v)
        WHEN 'need' THEN (SELECT string_agg(CASE WHEN v & f.mask <> 0 THEN '1' ELSE '0' END, '')
                          FROM unnest(needs_) AS v)
        WHEN 'aid' THEN (SELECT string_agg(CASE WHEN v & f.mask <> 0 THEN '1' ELSE '0' END, '')
                         FROM unnest(aids) AS v)
        WHEN 'no_aid' THEN (SELECT string_agg(CASE WHEN v = 0 THEN '1' ELSE '0' END, '')
                            FROM unnest(aids) AS v)
    END)::varbit
    FROM household_flag AS f
    WHERE f.kind <> 'source' OR f.word = ANY (sources);

    -- The levels that tiles ask for: 16 cells along a tile's side at zooms 6 to 12, 32 at 13 to 15.
    INSERT INTO household_cell
        (level, cx, cy, area_code, bit_from, household_count, x_3857, y_3857, household_id)
    SELECT l.level, gx >> (grid_level - l.level), gy >> (grid_level - l.level), of_area,
           min(rank), count(*), avg(x), avg(y), CASE WHEN count(*) = 1 THEN min(id) END
    FROM unnest(ids[:located_count], gxs[:located_count], gys[:located_count],
                xs[:located_count], ys[:located_count])
         WITH ORDINALITY AS h (id, gx, gy, x, y, rank)
    CROSS JOIN unnest(ARRAY[10, 11, 12, 13, 14, 15, 16, 18, 19, 20]) AS l (level)
    GROUP BY 1, 2, 3;
END
$$;

-- Which desa a statement touched -----------------------------------------------------------------

CREATE FUNCTION note_stale_inserted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO household_stale SELECT DISTINCT area_code FROM new_rows ORDER BY 1
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END
$$;

CREATE FUNCTION note_stale_updated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO household_stale
    SELECT area_code FROM new_rows UNION SELECT area_code FROM old_rows ORDER BY 1
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END
$$;

CREATE FUNCTION note_stale_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO household_stale SELECT DISTINCT area_code FROM old_rows ORDER BY 1
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END
$$;

-- A new programme, need or source is a new property, and an emptied register has none: all desa.
CREATE FUNCTION note_all_stale() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        TRUNCATE household_bitmap, household_cell;
        PERFORM bump_data_version('register');
    ELSE
        INSERT INTO household_stale
        SELECT DISTINCT area_code FROM household_bitmap WHERE flag = 'all' ORDER BY 1
        ON CONFLICT DO NOTHING;
    END IF;
    RETURN NULL;
END
$$;

CREATE FUNCTION refresh_stale() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM household_stale WHERE area_code = NEW.area_code;
    IF FOUND THEN
        PERFORM refresh_area_derived(NEW.area_code);
        PERFORM bump_data_version('register');
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER household_inserted AFTER INSERT ON household
    REFERENCING NEW TABLE AS new_rows EXECUTE FUNCTION note_stale_inserted();
CREATE TRIGGER household_updated AFTER UPDATE ON household
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows EXECUTE FUNCTION note_stale_updated();
CREATE TRIGGER household_deleted AFTER DELETE ON household
    REFERENCING OLD TABLE AS old_rows EXECUTE FUNCTION note_stale_deleted();
CREATE TRIGGER household_emptied AFTER TRUNCATE ON household
    EXECUTE FUNCTION note_all_stale();
CREATE TRIGGER programme_changed AFTER INSERT OR UPDATE OR DELETE ON programme
    EXECUTE FUNCTION note_all_stale();
CREATE TRIGGER need_changed AFTER INSERT OR UPDATE OR DELETE ON need
    EXECUTE FUNCTION note_all_stale();
CREATE CONSTRAINT TRIGGER household_stale_refreshed AFTER INSERT ON household_stale
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refresh_stale();

-- Masks follow their rows ------------------------------------------------------------------------

CREATE FUNCTION set_aid_masks(of_households bigint[]) RETURNS void LANGUAGE sql AS $$
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

CREATE FUNCTION set_need_masks(of_households bigint[]) RETURNS void LANGUAGE sql AS $$
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

CREATE FUNCTION aid_inserted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_aid_masks(ARRAY(SELECT DISTINCT household_id FROM new_rows));
    RETURN NULL;
END
$$;

CREATE FUNCTION aid_updated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_aid_masks(ARRAY(
        SELECT household_id FROM new_rows UNION SELECT household_id FROM old_rows));
    RETURN NULL;
END
$$;

CREATE FUNCTION aid_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_aid_masks(ARRAY(SELECT DISTINCT household_id FROM old_rows));
    RETURN NULL;
END
$$;

CREATE FUNCTION need_inserted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_need_masks(ARRAY(SELECT DISTINCT household_id FROM new_rows));
    RETURN NULL;
END
$$;

CREATE FUNCTION need_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_need_masks(ARRAY(SELECT DISTINCT household_id FROM old_rows));
    RETURN NULL;
END
$$;

CREATE TRIGGER aid_inserted AFTER INSERT ON aid
    REFERENCING NEW TABLE AS new_rows EXECUTE FUNCTION aid_inserted();
CREATE TRIGGER aid_updated AFTER UPDATE ON aid
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows EXECUTE FUNCTION aid_updated();
CREATE TRIGGER aid_deleted AFTER DELETE ON aid
    REFERENCING OLD TABLE AS old_rows EXECUTE FUNCTION aid_deleted();
CREATE TRIGGER need_inserted AFTER INSERT ON household_need
    REFERENCING NEW TABLE AS new_rows EXECUTE FUNCTION need_inserted();
CREATE TRIGGER need_deleted AFTER DELETE ON household_need
    REFERENCING OLD TABLE AS old_rows EXECUTE FUNCTION need_deleted();

-- What else a page may have kept ------------------------------------------------------------------

CREATE FUNCTION count_register_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM bump_data_version('register');
    RETURN NULL;
END
$$;

CREATE FUNCTION count_boundary_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM bump_data_version('boundaries');
    PERFORM bump_data_version('register');
    RETURN NULL;
END
$$;

CREATE TRIGGER area_stat_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON area_stat
    EXECUTE FUNCTION count_register_change();
CREATE TRIGGER source_changed AFTER INSERT OR UPDATE OR DELETE ON source
    EXECUTE FUNCTION count_register_change();
CREATE TRIGGER admin_area_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON admin_area
    EXECUTE FUNCTION count_boundary_change();

INSERT INTO data_version (topic, version) VALUES ('register', 1), ('boundaries', 1);
