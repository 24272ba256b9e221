-- The only doors to app_user and login_session. The web server's login has no right on the tables;
-- what it may do it does through these functions, which run as the owner (accounts_grants.sql).
-- What changes an account takes the hash of its session's token, so that no slip of the program
-- changes another's.

CREATE FUNCTION account_get_login(login_name text)
RETURNS TABLE (
    id bigint, name text, role text, password_hash text, totp_secret text,
    is_active boolean, is_locked boolean
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT u.id, u.name, u.role, u.password_hash, u.totp_secret,
           u.is_active, coalesce(u.locked_until > now(), false)
    FROM app_user u
    WHERE u.name = lower(login_name)
$$;

-- Five wrong logins lock for 15 minutes, five more for 30, and so on up to a day. While an account
-- is locked nothing is counted: nobody can keep its owner out for good.
CREATE FUNCTION account_note_failure(login_name text)
RETURNS timestamptz
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE app_user u
    SET failed_count = u.failed_count + 1,
        locked_until = CASE WHEN (u.failed_count + 1) % 5 = 0
            THEN now() + least(interval '15 minutes' * power(2, least(u.failed_count / 5, 10)),
                               interval '24 hours')
            ELSE u.locked_until END
    WHERE u.name = lower(login_name) AND coalesce(u.locked_until, '-infinity') <= now()
    RETURNING u.locked_until
$$;

-- False when the account is locked or disabled. Asked again here, so that guesses that run side by
-- side gain nothing.
CREATE FUNCTION account_start_session(
    new_token_hash bytea, of_user bigint, lifetime interval, from_address text, agent text
)
RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE app_user u SET failed_count = 0, locked_until = NULL
    WHERE u.id = of_user AND u.is_active AND coalesce(u.locked_until, '-infinity') <= now();
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    DELETE FROM login_session s WHERE s.expires_at < now() - interval '30 days';
    INSERT INTO login_session (token_hash, user_id, expires_at, address, user_agent)
    VALUES (new_token_hash, of_user, now() + lifetime, from_address, left(agent, 200));
    RETURN true;
END
$$;

CREATE FUNCTION account_get_session(of_token_hash bytea, idle interval)
RETURNS TABLE (
    user_id bigint, name text, display_name text, role text, area_code text, agency text,
    must_change_password boolean, has_totp boolean
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE login_session s SET last_seen_at = now()
    WHERE s.token_hash = of_token_hash AND s.revoked_at IS NULL AND s.expires_at > now()
          AND s.last_seen_at > now() - idle AND s.last_seen_at < now() - interval '1 minute';
    RETURN QUERY
    SELECT u.id, u.name, u.display_name, u.role, u.area_code, u.agency,
           u.must_change_password, u.totp_secret IS NOT NULL
    FROM login_session s JOIN app_user u ON u.id = s.user_id
    WHERE s.token_hash = of_token_hash AND s.revoked_at IS NULL AND s.expires_at > now()
          AND s.last_seen_at > now() - idle AND u.is_active;
END
$$;

CREATE FUNCTION account_end_session(of_token_hash bytea)
RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DELETE FROM login_session s WHERE s.token_hash = of_token_hash
$$;

-- The user of a session that has not been revoked and has not expired; NULL without one.
CREATE FUNCTION account_of_session(of_token_hash bytea)
RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT s.user_id FROM login_session s JOIN app_user u ON u.id = s.user_id
    WHERE s.token_hash = of_token_hash AND s.revoked_at IS NULL AND s.expires_at > now()
          AND u.is_active
$$;

-- Ends every session of the account that this session belongs to.
CREATE FUNCTION account_log_out_everywhere(of_token_hash bytea)
RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH ended AS (
        UPDATE login_session s SET revoked_at = now()
        WHERE s.user_id = account_of_session(of_token_hash) AND s.revoked_at IS NULL
        RETURNING 1
    )
    SELECT count(*) FROM ended
$$;

-- A new password ends every session of the account; the caller starts a new one.
CREATE FUNCTION account_change_password(of_token_hash bytea, new_hash text)
RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    changed bigint := account_of_session(of_token_hash);
BEGIN
    UPDATE app_user u
    SET password_hash = new_hash, must_change_password = false, password_changed_at = now(),
        failed_count = 0, locked_until = NULL
    WHERE u.id = changed;
    UPDATE login_session s SET revoked_at = now()
    WHERE s.user_id = changed AND s.revoked_at IS NULL;
    RETURN changed IS NOT NULL;
END
$$;

-- The same password under newer parameters; only who knows the old hash can replace it.
CREATE FUNCTION account_rehash(of_user bigint, old_hash text, new_hash text)
RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE app_user u SET password_hash = new_hash
    WHERE u.id = of_user AND u.password_hash = old_hash
$$;

CREATE FUNCTION account_set_totp(of_token_hash bytea, new_secret text)
RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE app_user u SET totp_secret = new_secret, totp_step = NULL
    WHERE u.id = account_of_session(of_token_hash);
    RETURN FOUND;
END
$$;

-- False when this code, or a later one, was used before.
CREATE FUNCTION account_use_totp_step(of_user bigint, step bigint)
RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE app_user u SET totp_step = step
    WHERE u.id = of_user AND step > coalesce(u.totp_step, -1)
          AND step < extract(epoch FROM now()) / 30 + 3; -- a later one would lock its owner out
    RETURN FOUND;
END
$$;

-- --- For the command line only: the owner's, granted to nobody -----------------------------------

CREATE FUNCTION account_add(
    new_name text, new_display_name text, new_role text, new_area text, new_agency text,
    new_hash text, must_change boolean
)
RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO app_user
        (name, display_name, role, area_code, agency, password_hash, must_change_password)
    VALUES (lower(new_name), new_display_name, new_role, new_area, new_agency, new_hash,
            must_change)
    RETURNING id
$$;

CREATE FUNCTION account_list()
RETURNS TABLE (
    name text, display_name text, role text, area_code text, area_name text, agency text,
    is_active boolean, must_change_password boolean, has_password boolean, has_totp boolean,
    locked_until timestamptz, last_seen_at timestamptz, session_count bigint
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT u.name, u.display_name, u.role, u.area_code, a.name, u.agency,
           u.is_active, u.must_change_password, u.password_hash <> '!', u.totp_secret IS NOT NULL,
           CASE WHEN u.locked_until > now() THEN u.locked_until END,
           max(s.last_seen_at),
           count(s.token_hash) FILTER (WHERE s.revoked_at IS NULL AND s.expires_at > now())
    FROM app_user u
    LEFT JOIN admin_area a ON a.code = u.area_code
    LEFT JOIN login_session s ON s.user_id = u.id
    GROUP BY u.id, a.name
    ORDER BY u.name
$$;

-- NULL is every account.
CREATE FUNCTION account_revoke_sessions(of_name text)
RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH ended AS (
        UPDATE login_session s SET revoked_at = now()
        FROM app_user u
        WHERE u.id = s.user_id AND s.revoked_at IS NULL AND s.expires_at > now()
              AND (of_name IS NULL OR u.name = lower(of_name))
        RETURNING 1
    )
    SELECT count(*) FROM ended
$$;

CREATE FUNCTION account_set_active(of_name text, active boolean)
RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE app_user u SET is_active = active, failed_count = 0, locked_until = NULL
    WHERE u.name = lower(of_name);
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    IF NOT active THEN
        PERFORM account_revoke_sessions(of_name);
    END IF;
    RETURN true;
END
$$;

-- A new password from the command line: the second factor and every session go with the old one.
CREATE FUNCTION account_reset(of_name text, new_hash text, must_change boolean)
RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE app_user u
    SET password_hash = new_hash, must_change_password = must_change, password_changed_at = now(),
        totp_secret = NULL, totp_step = NULL, failed_count = 0, locked_until = NULL
    WHERE u.name = lower(of_name);
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    PERFORM account_revoke_sessions(of_name);
    RETURN true;
END
$$;

CREATE FUNCTION account_is_first_start()
RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT NOT EXISTS (SELECT FROM app_user u WHERE u.password_hash <> '!')
$$;

REVOKE ALL ON FUNCTION account_get_login(text) FROM PUBLIC;
REVOKE ALL ON FUNCTION account_note_failure(text) FROM PUBLIC;
REVOKE ALL ON FUNCTION account_start_session(bytea, bigint, interval, text, text) FROM PUBLIC;
REVOKE ALL ON FUNCTION account_get_session(bytea, interval) FROM PUBLIC;
REVOKE ALL ON FUNCTION account_end_session(bytea) FROM PUBLIC;
REVOKE ALL ON FUNCTION account_of_session(bytea) FROM PUBLIC;
REVOKE ALL ON FUNCTION account_log_out_everywhere(bytea) FROM PUBLIC;
REVOKE ALL ON FUNCTION account_change_password(bytea, text) FROM PUBLIC;
REVOKE ALL ON FUNCTION account_rehash(bigint, text, text) FROM PUBLIC;
REVOKE ALL ON FUNCTION account_set_totp(bytea, text) FROM PUBLIC;
REVOKE ALL ON FUNCTION account_use_totp_step(bigint, bigint) FROM PUBLIC;
REVOKE ALL ON FUNCTION account_add(text, text, text, text, text, text, boolean) FROM PUBLIC;
REVOKE ALL ON FUNCTION account_list() FROM PUBLIC;
REVOKE ALL ON FUNCTION account_revoke_sessions(text) FROM PUBLIC;
REVOKE ALL ON FUNCTION account_set_active(text, boolean) FROM PUBLIC;
REVOKE ALL ON FUNCTION account_reset(text, text, boolean) FROM PUBLIC;
REVOKE ALL ON FUNCTION account_is_first_start() FROM PUBLIC;
REVOKE ALL ON app_user, login_session FROM PUBLIC;
