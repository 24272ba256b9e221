GRANT EXECUTE ON FUNCTION record_audit(text, bigint, text, jsonb, text) TO kentongan_web;
GRANT EXECUTE ON FUNCTION audit_events(text, text, text, timestamptz, timestamptz, bigint, text, bigint, bigint) TO kentongan_web;
GRANT EXECUTE ON FUNCTION audit_viewers(bigint) TO kentongan_web;
