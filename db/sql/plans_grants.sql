GRANT EXECUTE ON FUNCTION note_opening(bigint, text) TO kentongan_web;
