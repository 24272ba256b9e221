GRANT EXECUTE ON FUNCTION submit_job(text, jsonb) TO kentongan_web;
GRANT EXECUTE ON FUNCTION cancel_job(bigint) TO kentongan_web;
