GRANT EXECUTE ON FUNCTION flagged_households(text[], int[], text) TO kentongan_web, kentongan_reader;
GRANT EXECUTE ON FUNCTION save_view(text, text, text, boolean) TO kentongan_web;
GRANT EXECUTE ON FUNCTION drop_view(bigint) TO kentongan_web;
