-- The audit log: written through record_audit alone, numbered without gaps, each event sealed with
-- the hash of the one before. audit_head keeps how many there have been and the last hash, so that
-- a tail cut off is found as well. db/audit_chain.py checks the chain without these functions.

CREATE FUNCTION audit_digest(secret bytea, value text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    -- In letters, so that no digest is taken for an identity number.
    SELECT 'h:' || translate(
        left(encode(sha256(secret || sha256(secret || convert_to(value, 'UTF8'))), 'hex'), 24),
        '0123456789', 'ghijklmnop')
$$;

-- Identity numbers in free text, also in groups, become keyed hashes.
CREATE FUNCTION audit_text(secret bytea, value text, pattern text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    number text;
BEGIN
    LOOP
        number := substring(value FROM pattern);
        EXIT WHEN number IS NULL;
        value := replace(value, number, audit_digest(secret, regexp_replace(number, '\D', '', 'g')));
    END LOOP;
    RETURN value;
END
$$;

-- What was searched for is a name or a number, so it's kept as a keyed hash: the same term gives
-- the same hash.
CREATE FUNCTION audit_detail(secret bytea, detail jsonb) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    term text := lower(regexp_replace(btrim(detail ->> 'term'), '\s+', ' ', 'g'));
    digits text := regexp_replace(term, '[ .-]', '', 'g');
    is_number boolean := digits ~ '^[0-9]{16}$';
BEGIN
    IF term IS NOT NULL THEN
        detail := detail || jsonb_build_object(
            'term', audit_digest(secret, CASE WHEN is_number THEN digits ELSE term END),
            'term_is_number', is_number);
    END IF;
    RETURN audit_text(secret, detail::text, '[0-9]{16,}')::jsonb;
END
$$;

CREATE FUNCTION audit_field(value text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(length(value) || ':' || value, '-')
$$;

CREATE FUNCTION audit_hash(e audit_event) RETURNS bytea
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT sha256(convert_to(
        audit_field(encode(e.previous_hash, 'hex')) || audit_field(e.id::text)
        || audit_field((extract(epoch FROM e.at) * 1000000)::bigint::text)
        || audit_field(e.user_name) || audit_field(e.role) || audit_field(e.address)
        || audit_field(e.action) || audit_field(e.household_id::text) || audit_field(e.area_code)
        || audit_field(e.detail::text) || audit_field(e.purpose), 'UTF8'))
$$;

-- Lets a statement through when one of the named functions makes it, and refuses it otherwise:
-- also to the owner. Who switches the trigger off is found by the chain.
CREATE FUNCTION guard_audit() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    stack text;
    allowed text;
BEGIN
    GET DIAGNOSTICS stack = PG_CONTEXT;
    FOREACH allowed IN ARRAY coalesce(TG_ARGV::text[], '{}') LOOP
        IF stack ~ (E'\n[^\n"]*\\m' || allowed || E'\\(') THEN
            RETURN NULL;
        END IF;
    END LOOP;
    RAISE EXCEPTION 'The audit log is written by its own functions only, and never changed.'
        USING ERRCODE = 'insufficient_privilege';
END
$$;

-- Takes the head of the chain until the caller's transaction ends, so call it last. A viewer must
-- be bound (kentongan.user, kentongan.role).
CREATE FUNCTION record_audit(
    of_action text, of_household bigint, of_area text, of_detail jsonb, of_purpose text)
RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    e audit_event;
    head audit_head;
    grouped CONSTANT text := '[0-9](?:[ .-]?[0-9]){15,}';
BEGIN
    e.user_name := nullif(current_setting('kentongan.user', true), '');
    e.role := nullif(current_setting('kentongan.role', true), '');
    IF e.user_name IS NULL OR e.role IS NULL
       OR (e.role = 'local' AND session_user = 'kentongan_web') THEN
        RAISE EXCEPTION 'No viewer is bound to this transaction.'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    e.address := nullif(current_setting('kentongan.address', true), '');
    e.action := of_action;
    e.household_id := of_household;
    e.area_code := of_area;
    IF of_area IS NULL AND of_household IS NOT NULL THEN
        SELECT area_code INTO e.area_code FROM household WHERE id = of_household;
    END IF;

    SELECT * INTO STRICT head FROM audit_head FOR UPDATE;
    e.user_name := audit_text(head.secret, e.user_name, grouped);
    e.purpose := audit_text(
        head.secret,
        coalesce(of_purpose, nullif(current_setting('kentongan.purpose', true), '')), grouped);
    e.detail := audit_detail(head.secret, of_detail);
    e.id := head.event_count + 1;
    e.at := clock_timestamp();
    e.previous_hash := head.hash;
    e.hash := audit_hash(e);
    INSERT INTO audit_event SELECT e.*;
    UPDATE audit_head SET event_count = e.id, hash = e.hash;
    RETURN e.id;
END
$$;

-- Puts one sealed anchor in the place of the oldest events. The chain goes on from the last hash
-- that was cut, and the event that says so names the anchor.
CREATE FUNCTION purge_audit(before timestamptz) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    head audit_head;
    first audit_event;
    last audit_event;
    anchor audit_event;
    older jsonb;
    cut jsonb;
    purged bigint;
BEGIN
    IF coalesce(current_setting('kentongan.role', true), '') <> 'local' THEN
        RAISE EXCEPTION 'The audit log is purged at the command line only.'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF before > now() - interval '365 days' THEN
        RAISE EXCEPTION 'Audit events younger than 365 days are kept.'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    SELECT * INTO STRICT head FROM audit_head FOR UPDATE;
    SELECT * INTO first FROM audit_event ORDER BY id LIMIT 1;
    SELECT * INTO last FROM audit_event
    WHERE id < coalesce((SELECT min(id) FROM audit_event WHERE at >= before), head.event_count + 1)
    ORDER BY id DESC LIMIT 1;
    older := first.detail -> 'cut';
    IF last.id IS NULL OR (older IS NOT NULL AND last.id = first.id) THEN
        PERFORM record_audit('purge', NULL, NULL,
            jsonb_build_object('what', 'audit', 'before', before, 'rows', 0), NULL);
        RETURN 0;
    END IF;

    DELETE FROM audit_event WHERE id <= last.id;
    GET DIAGNOSTICS purged = ROW_COUNT;
    IF older IS NOT NULL THEN
        purged := purged - 1;
    END IF;
    cut := jsonb_build_object(
        'count', purged + coalesce((older ->> 'count')::bigint, 0),
        'first_id', coalesce((older ->> 'first_id')::bigint, first.id), 'last_id', last.id,
        'first_at', coalesce(older ->> 'first_at', first.at::text), 'last_at', last.at::text,
        'last_hash', encode(last.hash, 'base64'));
    anchor.id := last.id;
    anchor.at := last.at;
    anchor.user_name := current_setting('kentongan.user', true);
    anchor.role := current_setting('kentongan.role', true);
    anchor.address := nullif(current_setting('kentongan.address', true), '');
    anchor.action := 'purge';
    anchor.detail := jsonb_build_object(
        'cut', cut, 'purged_at', now()::text, 'seal', audit_digest(head.secret, cut::text));
    anchor.previous_hash := last.hash;
    anchor.hash := audit_hash(anchor);
    INSERT INTO audit_event SELECT anchor.*;
    PERFORM record_audit('purge', NULL, NULL,
        jsonb_build_object('what', 'audit', 'before', before, 'rows', purged,
                           'anchor', encode(anchor.hash, 'base64')), NULL);
    RETURN purged;
END
$$;

-- Reading ------------------------------------------------------------------------------------------

-- Whether the viewer reads the whole log: the auditor does, and whoever owns the database.
CREATE FUNCTION audit_is_reader() RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT coalesce(current_setting('kentongan.role', true), '') = 'auditor'
        OR (current_setting('kentongan.role', true) = 'local' AND session_user <> 'kentongan_web')
$$;

-- The log, newest first, for the auditor and the command line; for everybody else it's empty.
CREATE FUNCTION audit_events(
    of_user text, of_role text, of_action text, since timestamptz, until timestamptz,
    of_household bigint, of_area text, row_limit bigint, row_offset bigint)
RETURNS TABLE (id bigint, at timestamptz, user_name text, role text, address text, action text,
               household_id bigint, area_code text, detail jsonb, purpose text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT audit_is_reader() THEN
        RETURN;
    END IF;
    RETURN QUERY
    SELECT e.id, e.at, e.user_name, e.role, e.address, e.action, e.household_id, e.area_code,
           e.detail, e.purpose
    FROM audit_event AS e
    WHERE (of_user IS NULL OR e.user_name = of_user)
      AND (of_role IS NULL OR e.role = of_role)
      AND (of_action IS NULL OR e.action = of_action)
      AND (since IS NULL OR e.at >= since)
      AND (until IS NULL OR e.at < until)
      AND (of_household IS NULL OR e.household_id = of_household
           OR e.detail @> jsonb_build_object('households', jsonb_build_array(of_household)))
      AND (of_area IS NULL OR e.area_code = of_area OR starts_with(e.area_code, of_area || '.'))
    ORDER BY e.id DESC LIMIT row_limit OFFSET row_offset;
END
$$;

-- Who saw one household: its card, a list or search that showed it, and exports of households of
-- an area that it lies in (is_certain is false: a filter may have left it out).
CREATE FUNCTION audit_viewers(of_household bigint)
RETURNS TABLE (at timestamptz, user_name text, role text, action text, purpose text,
               is_certain boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    asking CONSTANT text := coalesce(current_setting('kentongan.role', true), '');
    own CONSTANT text := nullif(current_setting('kentongan.area', true), '');
    home text := (SELECT h.area_code FROM household AS h WHERE h.id = of_household);
BEGIN
    -- Under row-level security the auditor has no household, but the log knows where it lies.
    home := coalesce(home, (SELECT e.area_code FROM audit_event AS e
                            WHERE e.household_id = of_household AND e.area_code IS NOT NULL
                            ORDER BY e.at DESC LIMIT 1));
    IF NOT audit_is_reader() AND NOT coalesce(
        asking IN ('task_unit', 'village_operator')
        AND (home = own OR starts_with(home, own || '.')), false)
    THEN
        RETURN;
    END IF;
    RETURN QUERY
    SELECT e.at, e.user_name, e.role, e.action, e.purpose, true
    FROM audit_event AS e
    WHERE e.household_id = of_household
       OR e.detail @> jsonb_build_object('households', jsonb_build_array(of_household))
    UNION ALL
    SELECT e.at, e.user_name, e.role, e.action, e.purpose, false
    FROM audit_event AS e
    WHERE e.action = 'export' AND e.detail @> '{"level": "household"}'
      AND (e.area_code IS NULL OR e.area_code = home OR starts_with(home, e.area_code || '.'))
    ORDER BY 1 DESC LIMIT 1000;
END
$$;

REVOKE ALL ON FUNCTION
    record_audit(text, bigint, text, jsonb, text), purge_audit(timestamptz),
    audit_events(text, text, text, timestamptz, timestamptz, bigint, text, bigint, bigint),
    audit_viewers(bigint), audit_hash(audit_event), audit_detail(bytea, jsonb),
    audit_text(bytea, text, text), audit_digest(bytea, text)
FROM PUBLIC;
REVOKE ALL ON audit_event, audit_head FROM PUBLIC;

INSERT INTO audit_head (id, event_count, hash, secret)
VALUES (1, 0, decode(repeat('00', 32), 'hex'),
        decode(replace(gen_random_uuid()::text || gen_random_uuid(), '-', ''), 'hex'));

CREATE TRIGGER audit_event_written BEFORE INSERT ON audit_event
    EXECUTE FUNCTION guard_audit('record_audit', 'purge_audit');
CREATE TRIGGER audit_event_deleted BEFORE DELETE ON audit_event
    EXECUTE FUNCTION guard_audit('purge_audit');
CREATE TRIGGER audit_event_kept BEFORE UPDATE OR TRUNCATE ON audit_event
    EXECUTE FUNCTION guard_audit();
CREATE TRIGGER audit_head_moved BEFORE UPDATE ON audit_head
    EXECUTE FUNCTION guard_audit('record_audit');
CREATE TRIGGER audit_head_kept BEFORE INSERT OR DELETE OR TRUNCATE ON audit_head
    EXECUTE FUNCTION guard_audit();
-- Also in sessions that skip ordinary triggers (session_replication_role = replica).
ALTER TABLE audit_event ENABLE ALWAYS TRIGGER audit_event_written;
ALTER TABLE audit_event ENABLE ALWAYS TRIGGER audit_event_deleted;
ALTER TABLE audit_event ENABLE ALWAYS TRIGGER audit_event_kept;
ALTER TABLE audit_head ENABLE ALWAYS TRIGGER audit_head_moved;
ALTER TABLE audit_head ENABLE ALWAYS TRIGGER audit_head_kept;
