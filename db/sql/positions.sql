-- Somebody who knows the place says that what was found is no fault, or takes that back. Answers false
-- where the viewer may not, or there is no such finding in their area: all alike.
CREATE OR REPLACE FUNCTION set_fault_dismissed(of_household bigint, of_kind text, is_dismissed boolean)
RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH changed AS (
        UPDATE position_fault AS f
        SET dismissed_by = CASE WHEN is_dismissed THEN current_setting('kentongan.user') END,
            dismissed_at = CASE WHEN is_dismissed THEN now() END
        FROM household AS h
        WHERE f.household_id = of_household AND f.kind = of_kind AND h.id = of_household
          AND CASE current_setting('kentongan.role', true)
                  WHEN 'planner' THEN true
                  WHEN 'task_unit' THEN
                      starts_with(h.area_code, current_setting('kentongan.area', true) || '.')
                  WHEN 'village_operator' THEN
                      h.area_code = current_setting('kentongan.area', true)
                  WHEN 'local' THEN session_user <> 'kentongan_web'
                  ELSE false
              END
        RETURNING 1
    )
    SELECT EXISTS (SELECT FROM changed)
$$;

REVOKE ALL ON FUNCTION set_fault_dismissed(bigint, text, boolean) FROM PUBLIC;
