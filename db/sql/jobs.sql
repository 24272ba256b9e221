-- Work that pages ask for. The web server may not write a household; it leaves a job here, in the name
-- of the viewer of its transaction, and the worker (the database's owner) does it.

-- Who may ask for what; whether the rows lie in their area, the worker looks again. Answers NULL where
-- the role may not.
CREATE OR REPLACE FUNCTION submit_job(job_kind text, job_args jsonb) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    viewer_role CONSTANT text := current_setting('kentongan.role', true);
    new_id bigint;
BEGIN
    IF (CASE job_kind
        WHEN 'import' THEN viewer_role IN ('planner', 'village_operator')
        WHEN 'undo' THEN viewer_role IN ('planner', 'village_operator')
        WHEN 'decide' THEN viewer_role IN ('planner', 'task_unit', 'village_operator')
        WHEN 'verify' THEN viewer_role IN ('task_unit', 'village_operator')
        WHEN 'repair' THEN viewer_role IN ('planner', 'task_unit', 'village_operator')
        WHEN 'precedence' THEN viewer_role = 'planner'
        WHEN 'plan' THEN viewer_role = 'planner'
        WHEN 'approve' THEN viewer_role IN ('planner', 'regent')
        WHEN 'deliver' THEN viewer_role IN ('planner', 'agency', 'task_unit', 'village_operator')
        ELSE false
    END) IS NOT TRUE OR pg_column_size(job_args) > 100000 THEN
        RETURN NULL;
    END IF;
    INSERT INTO job (kind, user_name, role, area_code, args)
    VALUES (job_kind, current_setting('kentongan.user'), viewer_role,
            nullif(current_setting('kentongan.area', true), ''), job_args)
    RETURNING id INTO new_id;
    NOTIFY kentongan_job;
    RETURN new_id;
END
$$;

-- A waiting job never starts; a running import stops at its next rows and leaves nothing behind.
CREATE OR REPLACE FUNCTION cancel_job(job_id bigint) RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH cancelled AS (
        UPDATE job SET state = 'cancelled', finished_at = now()
        WHERE id = job_id AND user_name = current_setting('kentongan.user', true)
          AND state IN ('waiting', 'running')
        RETURNING 1
    )
    SELECT EXISTS (SELECT FROM cancelled)
$$;

REVOKE ALL ON FUNCTION submit_job(text, jsonb) FROM PUBLIC;
REVOKE ALL ON FUNCTION cancel_job(bigint) FROM PUBLIC;
