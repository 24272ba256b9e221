-- What the web server's login may write of plans: that a list was opened. All else is a job.

-- Notes that somebody of the agency opened a list; false where it isn't theirs, has expired or was
-- taken back, and then nothing is shown.
CREATE OR REPLACE FUNCTION note_opening(of_handover bigint, in_form text) RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH opened AS (
        INSERT INTO plan_opening (handover_id, user_name, form)
        SELECT h.id, current_setting('kentongan.user'), in_form
        FROM plan_handover AS h
        WHERE h.id = of_handover AND current_setting('kentongan.role', true) = 'agency'
              AND h.agency = current_setting('kentongan.agency', true)
              AND h.expires_at > now() AND h.revoked_at IS NULL
        RETURNING 1
    )
    SELECT EXISTS (SELECT FROM opened)
$$;

REVOKE ALL ON FUNCTION note_opening(bigint, text) FROM PUBLIC;
