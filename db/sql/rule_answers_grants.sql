GRANT EXECUTE ON FUNCTION count_rule(jsonb, text) TO kentongan_web;
GRANT EXECUTE ON FUNCTION open_question(jsonb) TO kentongan_web;
GRANT EXECUTE ON FUNCTION save_programme_rule(text, int, jsonb, int, text[], text) TO kentongan_web;
