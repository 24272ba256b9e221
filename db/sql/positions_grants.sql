GRANT EXECUTE ON FUNCTION set_fault_dismissed(bigint, text, boolean) TO kentongan_web;
