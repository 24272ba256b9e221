-- Who sees which rows and columns. Applied by the migration and again after a restore, which keeps
-- neither roles nor the owners of views; so every statement bears being run twice.
--
-- kentongan_web     what the web server logs in as. It owns nothing, bypasses nothing, and has no
--                   right on a table that holds households: it reads the views of the schema
--                   `masked`, which bear the same names as the tables and come first on its path.
-- kentongan_reader  owns those views; nobody logs in as it. Row-level security reaches through the
--                   views to it, so rows are decided by the policies, columns by the views.
--
-- Both read who is looking from the transaction: kentongan.role, kentongan.area, kentongan.user
-- (db/viewer.py). Without a viewer there is no row. `local`, the program at the command line, holds
-- for the owner of the database only: nobody who logged in as kentongan_web can become it.

-- Only a function that is LEAKPROOF may be asked before a row policy, and so use an index: && for
-- tiles, LIKE and ILIKE for areas and names. None of them tells anything of a row it refuses; the
-- one error of LIKE comes of the pattern. Without a superuser the searches are slower, not wrong.
DO $$
BEGIN
    ALTER FUNCTION geometry_overlaps(geometry, geometry) LEAKPROOF;
    ALTER FUNCTION pg_catalog.textlike(text, text) LEAKPROOF;
    ALTER FUNCTION pg_catalog.texticlike(text, text) LEAKPROOF;
    -- PostGIS lets everybody ask the statistics for the extent of any table's points.
    REVOKE EXECUTE ON FUNCTION st_estimatedextent(text, text, text, boolean),
        st_estimatedextent(text, text, text), st_estimatedextent(text, text) FROM PUBLIC;
EXCEPTION WHEN insufficient_privilege THEN
    RAISE NOTICE 'not a superuser: searches under row policies will not use every index';
END
$$;

-- Rows -------------------------------------------------------------------------------------------

-- Written out in each policy rather than called: a function in a policy is asked row by row.
DO $$
DECLARE
    -- Whose rows of a desa: everybody's over the regency, one's own kecamatan's or desa's.
    sees_area CONSTANT text := $q$
        CASE current_setting('kentongan.role', true)
            WHEN 'planner' THEN true
            WHEN 'regent' THEN true
            WHEN 'task_unit' THEN starts_with(area_code, current_setting('kentongan.area', true) || '.')
            WHEN 'village_operator' THEN area_code = current_setting('kentongan.area', true)
            WHEN 'local' THEN session_user <> 'kentongan_web'
            ELSE false
        END $q$;
    -- A policy on household holds inside this as well.
    sees_household CONSTANT text :=
        'EXISTS (SELECT FROM household AS h WHERE h.id = household_id)';
    -- Sources, decisions and faults of a household are for those who work on it.
    works_on_household CONSTANT text :=
        sees_household || $q$ AND current_setting('kentongan.role', true) <> 'regent'$q$;
    -- A file's rows: the planner's all, of an area those that speak of it, and what one brought
    -- there: an operator who moves to another desa leaves the rows of the old one behind.
    sees_batch CONSTANT text := $q$
        CASE current_setting('kentongan.role', true)
            WHEN 'planner' THEN true
            -- Of the area they work in now: who moves leaves the files behind.
            WHEN 'task_unit' THEN user_name = current_setting('kentongan.user', true)
                AND area_code = current_setting('kentongan.area', true)
            WHEN 'village_operator' THEN user_name = current_setting('kentongan.user', true)
                AND area_code = current_setting('kentongan.area', true)
            WHEN 'local' THEN session_user <> 'kentongan_web'
            ELSE false
        END $q$;
    sees_row CONSTANT text := $q$
        CASE current_setting('kentongan.role', true)
            WHEN 'planner' THEN true
            WHEN 'task_unit' THEN starts_with(area_code, current_setting('kentongan.area', true) || '.')
            WHEN 'village_operator' THEN area_code = current_setting('kentongan.area', true)
                OR EXISTS (SELECT FROM import_batch AS b WHERE b.id = batch_id
                           AND b.area_code = current_setting('kentongan.area', true))
            WHEN 'local' THEN session_user <> 'kentongan_web'
            ELSE false
        END $q$;
    -- Plans: the desks of an area from when one is approved; an agency those handed to it.
    sees_plan CONSTANT text := $q$
        CASE current_setting('kentongan.role', true)
            WHEN 'planner' THEN true
            WHEN 'regent' THEN true
            WHEN 'task_unit' THEN state IN ('approved', 'running', 'closed')
            WHEN 'village_operator' THEN state IN ('approved', 'running', 'closed')
            WHEN 'agency' THEN EXISTS (SELECT FROM plan_handover AS o WHERE o.plan_id = plan.id)
            WHEN 'local' THEN session_user <> 'kentongan_web'
            ELSE false
        END $q$;
    sees_target CONSTANT text := $q$
        CASE current_setting('kentongan.role', true)
            WHEN 'planner' THEN true
            WHEN 'regent' THEN true
            WHEN 'task_unit' THEN starts_with(area_code, current_setting('kentongan.area', true) || '.')
                AND EXISTS (SELECT FROM plan AS p WHERE p.id = plan_id)
            WHEN 'village_operator' THEN area_code = current_setting('kentongan.area', true)
                AND EXISTS (SELECT FROM plan AS p WHERE p.id = plan_id)
            WHEN 'agency' THEN EXISTS (SELECT FROM plan_handover AS o
                WHERE o.plan_id = plan_target.plan_id AND o.expires_at > now()
                      AND o.revoked_at IS NULL)
            WHEN 'local' THEN session_user <> 'kentongan_web'
            ELSE false
        END $q$;
    follows_plans CONSTANT text := $q$
        CASE current_setting('kentongan.role', true)
            WHEN 'planner' THEN true
            WHEN 'regent' THEN true
            WHEN 'local' THEN session_user <> 'kentongan_web'
            ELSE false
        END $q$;
    table_name text;
    rule text;
BEGIN
    FOR table_name, rule IN VALUES
        ('household', sees_area),
        -- The regent sees illness as a need of a family only; a question may ask for more.
        ('household_bitmap', sees_area || $q$ AND (flag NOT LIKE 'question:%'
            OR current_setting('kentongan.role', true) <> 'regent')$q$),
        ('household_order', 'false'),
        ('household_cell', sees_area || $q$ AND current_setting('kentongan.role', true) NOT IN ('regent', 'planner')$q$),
        ('person', sees_household), ('aid', sees_household), ('household_need', sees_household),
        ('reveal', $q$user_name = current_setting('kentongan.user', true)$q$),
        ('household_stale', 'false'), ('import_batch', sees_batch), ('import_row', sees_row),
        ('match_candidate', sees_household || $q$ AND EXISTS (SELECT FROM import_row AS i
            WHERE (i.batch_id, i.row_number) = (match_candidate.batch_id, match_candidate.row_number))$q$),
        ('household_record', works_on_household), ('verification', works_on_household),
        ('position_fault', works_on_household),
        ('person_record', $q$EXISTS (SELECT FROM person AS p WHERE p.id = person_id)
            AND current_setting('kentongan.role', true) <> 'regent'$q$),
        ('aid_record', $q$EXISTS (SELECT FROM aid AS a WHERE a.id = aid_id)
            AND current_setting('kentongan.role', true) <> 'regent'$q$),
        -- Who has become something else reads no more what they had asked for.
        ('job', $q$user_name = current_setting('kentongan.user', true)
            AND role = current_setting('kentongan.role', true)
            AND coalesce(area_code, '') = current_setting('kentongan.area', true)$q$),
        ('plan', sees_plan), ('plan_target', sees_target), ('plan_change', follows_plans),
        -- Its own agency may know that a list has expired.
        ('plan_handover', follows_plans || $q$ OR current_setting('kentongan.role', true) = 'agency'
            AND agency = current_setting('kentongan.agency', true)$q$),
        ('plan_opening', follows_plans),
        ('delivery', $q$EXISTS (SELECT FROM plan_target AS t
            WHERE (t.plan_id, t.household_id) = (delivery.plan_id, delivery.household_id))$q$),
        ('question', $q$CASE current_setting('kentongan.role', true)
            WHEN 'local' THEN session_user <> 'kentongan_web'
            ELSE current_setting('kentongan.role', true)
                 IN ('planner', 'task_unit', 'village_operator') END$q$),
        ('saved_view', $q$user_name = current_setting('kentongan.user', true)
            OR is_shared AND role = current_setting('kentongan.role', true)
               AND coalesce(area_code, '') = current_setting('kentongan.area', true)$q$),
        ('register_snapshot', $q$CASE current_setting('kentongan.role', true)
            WHEN 'planner' THEN true
            WHEN 'regent' THEN true
            WHEN 'task_unit' THEN area_code = current_setting('kentongan.area', true)
                OR starts_with(area_code, current_setting('kentongan.area', true) || '.')
            WHEN 'village_operator' THEN area_code = current_setting('kentongan.area', true)
            WHEN 'local' THEN session_user <> 'kentongan_web'
            ELSE false END$q$),
        ('app_user', 'false'), ('login_session', 'false'), ('audit_event', 'false'),
        ('audit_head', 'false')
    LOOP
        EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', table_name);
        EXECUTE format('ALTER TABLE public.%I FORCE ROW LEVEL SECURITY', table_name);
        EXECUTE format('DROP POLICY IF EXISTS owner ON public.%I', table_name);
        EXECUTE format('DROP POLICY IF EXISTS viewer ON public.%I', table_name);
        -- Forced on the owner, too: what it may do stands here rather than going without saying.
        EXECUTE format('CREATE POLICY owner ON public.%I TO CURRENT_USER USING (true)', table_name);
        EXECUTE format('CREATE POLICY viewer ON public.%I FOR SELECT TO kentongan_reader USING (%s)',
                       table_name, rule);
    END LOOP;
END
$$;

-- Columns ----------------------------------------------------------------------------------------

CREATE SCHEMA IF NOT EXISTS masked;
REVOKE ALL ON SCHEMA masked FROM PUBLIC;

-- The first six digits say where a NIK was issued, the last four are a serial number; between them
-- stands the birth date.
CREATE OR REPLACE FUNCTION mask_number(number text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT left(number, 4) || '********' || right(number, 4)
$$;

-- A view per table, a branch per kind of reader: the condition without a column is asked once, and
-- the branches of others cost nothing.
CREATE OR REPLACE VIEW masked.household AS
    SELECT id, area_code, kk, head_name, address, rt, rw, location, location_3857, accuracy_m,
           location_source, decile, member_count, house_ownership, floor_material, wall_material,
           roof_material, floor_area_m2, drinking_water, lighting, electricity_va, cooking_fuel,
           toilet, needs, aid, status, external_id, source, as_of, batch_id
    FROM public.household
    WHERE current_setting('kentongan.role', true) IN ('task_unit', 'village_operator', 'local')
UNION ALL
    SELECT h.id, h.area_code, CASE WHEN r.is_open THEN h.kk ELSE mask_number(h.kk) END, h.head_name,
           CASE WHEN r.is_open THEN h.address END, CASE WHEN r.is_open THEN h.rt END,
           CASE WHEN r.is_open THEN h.rw END, h.shown_location, h.shown_3857, NULL::real,
           CASE WHEN h.shown_location IS NOT NULL THEN 'displaced' END, h.decile, h.member_count,
           h.house_ownership, h.floor_material, h.wall_material, h.roof_material, h.floor_area_m2,
           h.drinking_water, h.lighting, h.electricity_va, h.cooking_fuel, h.toilet, h.needs, h.aid,
           h.status, NULL::text, h.source, h.as_of, h.batch_id
    FROM public.household AS h
    CROSS JOIN LATERAL (SELECT EXISTS (
        SELECT FROM public.reveal AS r
        WHERE r.expires_at > now() AND (r.household_id = h.id
              OR r.area_code = left(h.area_code, length(r.area_code)))
    ) AS is_open) AS r
    WHERE current_setting('kentongan.role', true) = 'planner'
UNION ALL
    SELECT id, area_code, NULL::text, head_name, NULL::text, NULL::text, NULL::text,
           NULL::geometry, NULL::geometry, NULL::real, NULL::text, decile, member_count,
           house_ownership, floor_material, wall_material, roof_material, floor_area_m2,
           drinking_water, lighting, electricity_va, cooking_fuel, toilet, needs, aid, status,
           NULL::text, source, as_of, NULL::bigint
    FROM public.household
    WHERE current_setting('kentongan.role', true) = 'regent';

CREATE OR REPLACE VIEW masked.person AS
    SELECT id, household_id, nik, name, birth_date, sex, relationship, marital_status, schooling,
           education, work, disability, chronic_illness, life_status
    FROM public.person
    WHERE current_setting('kentongan.role', true) IN ('task_unit', 'village_operator', 'local')
UNION ALL
    SELECT p.id, p.household_id, CASE WHEN r.is_open THEN p.nik ELSE mask_number(p.nik) END, p.name,
           -- The masked digits of the NIK are a birth date: this one only keeps the age true.
           CASE WHEN r.is_open THEN p.birth_date ELSE (current_date - make_interval(
               years => extract(year FROM age(p.birth_date))::int))::date END,
           p.sex, p.relationship, p.marital_status, p.schooling, p.education, p.work, p.disability,
           p.chronic_illness, p.life_status
    FROM public.person AS p
    CROSS JOIN LATERAL (SELECT EXISTS (
        SELECT FROM public.reveal AS r
        WHERE r.expires_at > now() AND (r.household_id = p.household_id OR EXISTS (
            SELECT FROM public.household AS h
            WHERE h.id = p.household_id AND r.area_code = left(h.area_code, length(r.area_code))))
    ) AS is_open) AS r
    WHERE current_setting('kentongan.role', true) = 'planner'
UNION ALL
    SELECT id, household_id, NULL::text, name, NULL::date, sex, relationship, NULL::text,
           schooling, NULL::text, NULL::text, NULL::text, NULL::text, life_status
    FROM public.person
    WHERE current_setting('kentongan.role', true) = 'regent';

CREATE OR REPLACE VIEW masked.aid AS
    SELECT id, household_id, person_id, programme_code, period, amount_idr, status, source, as_of
    FROM public.aid;

CREATE OR REPLACE VIEW masked.household_need AS
    SELECT household_id, need_code, source FROM public.household_need;

CREATE OR REPLACE VIEW masked.household_bitmap AS
    SELECT flag, area_code, bits FROM public.household_bitmap;

-- Made of true places, so the policy keeps them from those who may not know the house.
CREATE OR REPLACE VIEW masked.household_cell AS
    SELECT level, cx, cy, area_code, bit_from, household_count, x_3857, y_3857, household_id
    FROM public.household_cell;

-- What each source said: masked as the household is. Only those who may open a household compare
-- its sources.
CREATE OR REPLACE VIEW masked.household_record AS
    SELECT id, household_id, batch_id, source, as_of, external_id, kk, head_name, address, rt, rw,
           area_code, location, accuracy_m, location_source, decile, member_count, house_ownership,
           floor_material, wall_material, roof_material, floor_area_m2, drinking_water, lighting,
           electricity_va, cooking_fuel, toilet, needs, status, score
    FROM public.household_record
    WHERE current_setting('kentongan.role', true) IN ('task_unit', 'village_operator', 'local')
UNION ALL
    SELECT id, household_id, batch_id, source, as_of, NULL::text, mask_number(kk), head_name,
           NULL::text, NULL::text, NULL::text, area_code, NULL::geometry, NULL::real, NULL::text,
           decile, member_count, house_ownership, floor_material, wall_material, roof_material,
           floor_area_m2, drinking_water, lighting, electricity_va, cooking_fuel, toilet, needs,
           status, score
    FROM public.household_record
    WHERE current_setting('kentongan.role', true) = 'planner';

CREATE OR REPLACE VIEW masked.person_record AS
    SELECT id, person_id, batch_id, source, as_of, nik, name, birth_date, sex, relationship,
           life_status
    FROM public.person_record
    WHERE current_setting('kentongan.role', true) IN ('task_unit', 'village_operator', 'local')
UNION ALL
    SELECT id, person_id, batch_id, source, as_of, mask_number(nik), name, NULL::date, sex,
           relationship, life_status
    FROM public.person_record
    WHERE current_setting('kentongan.role', true) = 'planner';

CREATE OR REPLACE VIEW masked.aid_record AS
    SELECT id, aid_id, batch_id, source, as_of, amount_idr, status FROM public.aid_record;

CREATE OR REPLACE VIEW masked.import_batch AS
    SELECT id, kind, format, file_name, source, as_of, imported_at, user_name, area_code, state,
           undone_at, undone_by, ledger
    FROM public.import_batch;

-- Who brought a file knows what stands in it; others see of a waiting row what they would see of the
-- household, and of a rejected one the reason. What may be seen is listed, so that a field that a later
-- kind of file brings is hidden until it stands here.
CREATE OR REPLACE VIEW masked.import_row AS
    SELECT r.batch_id, r.row_number, r.outcome,
           CASE WHEN k.is_known THEN r.reason
                ELSE regexp_replace(r.reason, '[0-9]{8,}', '********', 'g') END AS reason,
           r.area_code, r.decision, r.decided_by, r.decided_at, r.household_id, r.corrected_in,
           CASE WHEN k.is_known THEN r.content END AS content,
           CASE WHEN k.is_known OR r.checked IS NULL THEN r.checked
                ELSE (SELECT coalesce(jsonb_object_agg(key, value), '{}')
                      FROM jsonb_each(r.checked)
                      WHERE key = ANY (ARRAY[
                          'head_name', 'name', 'area_code', 'sex', 'relationship', 'marital_status',
                          'schooling', 'education', 'work', 'disability', 'chronic_illness',
                          'life_status', 'decile', 'member_count', 'house_ownership',
                          'floor_material', 'wall_material', 'roof_material', 'floor_area_m2',
                          'drinking_water', 'lighting', 'electricity_va', 'cooking_fuel', 'toilet',
                          'needs', 'status', 'programme_code', 'period', 'amount_idr']))
                     || jsonb_build_object('nik', mask_number(r.checked ->> 'nik'),
                                           'kk', mask_number(r.checked ->> 'kk'),
                                           'birth_year', left(r.checked ->> 'birth_date', 4))
           END AS checked
    FROM public.import_row AS r
    CROSS JOIN LATERAL (SELECT
        current_setting('kentongan.role', true) IN ('task_unit', 'village_operator', 'local')
        OR EXISTS (SELECT FROM public.import_batch AS b WHERE b.id = r.batch_id
                   AND b.user_name = current_setting('kentongan.user', true)) AS is_known
    ) AS k;

CREATE OR REPLACE VIEW masked.match_candidate AS
    -- To whom numbers, birth dates and addresses are masked, "similar" would tell a guess how near it
    -- is; they learn whether it is the same.
    SELECT batch_id, row_number, household_id, kind, score,
           CASE WHEN current_setting('kentongan.role', true)
                     IN ('task_unit', 'village_operator', 'local') THEN reasons
                ELSE (SELECT jsonb_object_agg(key, CASE
                          WHEN key IN ('nik', 'kk', 'birth_date', 'address')
                               AND value = '"similar"' THEN '"different"'::jsonb ELSE value END)
                      FROM jsonb_each(reasons)) END AS reasons
    FROM public.match_candidate;

CREATE OR REPLACE VIEW masked.verification AS
    SELECT id, household_id, batch_id, status, decree_number, decree_date, note, user_name, at
    FROM public.verification;

-- How far a place lies from a border, beside the displaced one, would nearly say where it is, and so
-- would several displaced places of one point.
CREATE OR REPLACE VIEW masked.position_fault AS
    SELECT household_id, kind,
           CASE WHEN current_setting('kentongan.role', true)
                     IN ('task_unit', 'village_operator', 'local') THEN detail
                ELSE detail - ARRAY['distance_m', 'accuracy_m', 'others'] END AS detail,
           found_at, dismissed_by, dismissed_at, proposed IS NOT NULL AS is_certain,
           CASE WHEN current_setting('kentongan.role', true)
                     IN ('task_unit', 'village_operator', 'local') THEN proposed END AS proposed
    FROM public.position_fault;

CREATE OR REPLACE VIEW masked.job AS
    SELECT id, kind, state, user_name, area_code, args, rows_done, rows_total, message, result,
           created_at, started_at, finished_at
    FROM public.job;

CREATE OR REPLACE VIEW masked.plan AS
    SELECT id, name, programme_code, area_code, state, settings, revision, rule, rule_version, day,
           data_version, computed_at,
           -- Whoever sees a part of a list learns no counts of the rest.
           CASE WHEN current_setting('kentongan.role', true) IN ('planner', 'regent', 'local')
                THEN result END AS result,
           list_hash, due_on, created_by, created_at, edited_by, edited_at, proposed_by, proposed_at,
           approved_by, approved_at, decree_number, decree_date, closed_at
    FROM public.plan;

-- A list shows what the household would show, and to the agency that it was handed to what it needs to
-- find the house; why a household was chosen is not its business.
CREATE OR REPLACE VIEW masked.plan_target AS
    SELECT plan_id, household_id, rank, area_code, score, reasons, amount_idr, head_name, nik, kk,
           address, rt, rw, decile, member_count, outcome, outcome_on, outcome_by, outcome_note
    FROM public.plan_target
    WHERE current_setting('kentongan.role', true) IN ('task_unit', 'village_operator', 'local')
UNION ALL
    SELECT plan_id, household_id, rank, area_code, NULL::double precision, NULL::jsonb, amount_idr,
           head_name, nik, kk, address, rt, rw, NULL::smallint, NULL::smallint, outcome, outcome_on,
           outcome_by, outcome_note
    FROM public.plan_target
    WHERE current_setting('kentongan.role', true) = 'agency'
UNION ALL
    SELECT t.plan_id, t.household_id, t.rank, t.area_code, t.score, t.reasons, t.amount_idr,
           t.head_name, CASE WHEN r.is_open THEN t.nik ELSE mask_number(t.nik) END,
           CASE WHEN r.is_open THEN t.kk ELSE mask_number(t.kk) END,
           CASE WHEN r.is_open THEN t.address END, CASE WHEN r.is_open THEN t.rt END,
           CASE WHEN r.is_open THEN t.rw END, t.decile, t.member_count, t.outcome, t.outcome_on,
           t.outcome_by, t.outcome_note
    FROM public.plan_target AS t
    CROSS JOIN LATERAL (SELECT EXISTS (
        SELECT FROM public.reveal AS r
        WHERE r.expires_at > now() AND (r.household_id = t.household_id
              OR r.area_code = left(t.area_code, length(r.area_code)))
    ) AS is_open) AS r
    WHERE current_setting('kentongan.role', true) = 'planner'
UNION ALL
    SELECT plan_id, household_id, rank, area_code, score, reasons, amount_idr, head_name, NULL::text,
           NULL::text, NULL::text, NULL::text, NULL::text, decile, member_count, outcome, outcome_on,
           outcome_by, NULL::text
    FROM public.plan_target
    WHERE current_setting('kentongan.role', true) = 'regent';

CREATE OR REPLACE VIEW masked.plan_change AS
    SELECT id, plan_id, act, user_name, at, detail FROM public.plan_change;
CREATE OR REPLACE VIEW masked.plan_handover AS
    SELECT id, plan_id, agency, purpose, expires_at, granted_by, granted_at, revoked_by, revoked_at
    FROM public.plan_handover;
CREATE OR REPLACE VIEW masked.plan_opening AS
    SELECT id, handover_id, user_name, form, at FROM public.plan_opening;
CREATE OR REPLACE VIEW masked.delivery AS
    SELECT id, plan_id, household_id, outcome, on_day,
           CASE WHEN current_setting('kentongan.role', true) <> 'regent' THEN note END AS note,
           file_name, user_name, role, recorded_at
    FROM public.delivery;
CREATE OR REPLACE VIEW masked.question AS SELECT key, rule, opened_at FROM public.question;
CREATE OR REPLACE VIEW masked.saved_view AS
    SELECT id, user_name, role, area_code, name, query, is_shared, question_key, saved_at
    FROM public.saved_view;
CREATE OR REPLACE VIEW masked.register_snapshot AS
    SELECT period, area_code, flag, households, families, source, as_of
    FROM public.register_snapshot;

-- What a pin shows of a household: nothing that is masked for anybody who gets the row.
CREATE OR REPLACE VIEW public.household_mark AS
    SELECT id, area_code, decile, status, needs, aid FROM public.household;
CREATE OR REPLACE VIEW masked.household_mark AS
    SELECT id, area_code, decile, status, needs, aid FROM public.household;

-- Reveals ----------------------------------------------------------------------------------------

-- A planner opens one household for a purpose, for a quarter of an hour. An area is opened by whoever
-- owns the database (`kentongan user reveal`). Answers false where the viewer may not or the
-- household lies outside their rights: both alike.
CREATE OR REPLACE FUNCTION open_reveal(of_household bigint, for_purpose text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF current_setting('kentongan.role', true) IS DISTINCT FROM 'planner'
       OR NOT EXISTS (SELECT FROM household WHERE id = of_household) THEN
        RETURN false;
    END IF;
    INSERT INTO reveal (user_name, household_id, purpose, granted_by, expires_at)
    VALUES (current_setting('kentongan.user'), of_household, for_purpose,
            current_setting('kentongan.user'), now() + interval '15 minutes');
    RETURN true;
END
$$;
REVOKE ALL ON FUNCTION open_reveal(bigint, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION open_reveal(bigint, text) TO kentongan_web;

-- Rights -----------------------------------------------------------------------------------------

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['household', 'person', 'aid', 'household_need', 'household_bitmap',
                                'household_cell', 'household_record', 'person_record', 'aid_record',
                                'import_batch', 'import_row', 'match_candidate', 'verification',
                                'position_fault', 'job', 'plan', 'plan_target', 'plan_change',
                                'plan_handover', 'plan_opening', 'delivery', 'question',
                                'saved_view', 'register_snapshot'] LOOP
        EXECUTE format('GRANT SELECT ON public.%I TO kentongan_reader', name);
        EXECUTE format('REVOKE ALL ON public.%I FROM kentongan_web, PUBLIC', name);
    END LOOP;
    FOR name IN SELECT relname FROM pg_class WHERE relnamespace = 'masked'::regnamespace LOOP
        EXECUTE format('ALTER VIEW masked.%I OWNER TO kentongan_reader', name);
        EXECUTE format('GRANT SELECT ON masked.%I TO kentongan_web', name);
    END LOOP;
    FOREACH name IN ARRAY ARRAY['admin_area', 'programme', 'need', 'indicator', 'area_stat',
                                'source', 'class_breaks', 'data_version', 'alembic_version',
                                'publication', 'public_count', 'area_stat_record',
                                'field_precedence', 'column_mapping', 'programme_rule',
                                'rule_state'] LOOP
        EXECUTE format('GRANT SELECT ON public.%I TO kentongan_web, kentongan_reader', name);
    END LOOP;
END
$$;
GRANT SELECT ON public.reveal TO kentongan_reader;
GRANT USAGE ON SCHEMA masked, public TO kentongan_web, kentongan_reader;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
-- Roles belong to the whole server: two databases that are brought up to date at once would write the
-- same row, so it is written only where it has to be.
DO $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM pg_db_role_setting AS s JOIN pg_roles AS r ON r.oid = s.setrole
        WHERE r.rolname = 'kentongan_web' AND s.setdatabase = 0
          AND s.setconfig @> ARRAY['search_path=masked, public']
    ) THEN
        ALTER ROLE kentongan_web SET search_path = masked, public;
    END IF;
EXCEPTION WHEN internal_error THEN
    NULL; -- somebody else has just written it
END
$$;
