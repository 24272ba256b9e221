GRANT SELECT ON publication TO kentongan_web;
GRANT SELECT ON public_count TO kentongan_web;
GRANT SELECT ON class_breaks TO kentongan_web;
