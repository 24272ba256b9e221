-- Where a planner sees a household: 150 to 400 m from where it is, inside the same desa.
--
-- Drawn once and kept. A household that is measured anew keeps the vector of its displacement: were
-- it drawn again each time, the mean of many would be the house.

CREATE OR REPLACE FUNCTION draw_displaced(place geometry, of_area text, like_before geometry DEFAULT NULL)
RETURNS geometry LANGUAGE plpgsql AS $$
DECLARE
    nearest CONSTANT double precision := 150; -- metres on the ground
    farthest CONSTANT double precision := 400;
    attempts CONSTANT int := 40;
    desa record;
    candidate geometry := like_before;
BEGIN
    SELECT geom, label_point INTO desa FROM admin_area WHERE code = of_area;
    FOR attempt IN 0..attempts LOOP
        IF candidate IS NOT NULL AND ST_Covers(desa.geom, candidate) THEN
            RETURN candidate;
        END IF;
        -- The root spreads the points evenly over the ring.
        candidate := ST_Project(place::geography,
            sqrt(nearest ^ 2 + random() * (farthest ^ 2 - nearest ^ 2)),
            random() * 2 * pi())::geometry;
    END LOOP;
    -- A desa too narrow for the ring, or a position outside it: its label point says nothing.
    RETURN desa.label_point;
END
$$;

CREATE OR REPLACE FUNCTION keep_displaced() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.location IS NULL OR abs(ST_Y(NEW.location)) >= 85 THEN -- or off the map
        NEW.shown_location := NULL;
    ELSIF TG_OP = 'INSERT' THEN
        NEW.shown_location := draw_displaced(NEW.location, NEW.area_code, NEW.shown_location);
    ELSIF OLD.shown_location IS NULL THEN
        NEW.shown_location := draw_displaced(NEW.location, NEW.area_code);
    ELSIF (NEW.area_code, ST_X(NEW.location), ST_Y(NEW.location))
          IS DISTINCT FROM (OLD.area_code, ST_X(OLD.location), ST_Y(OLD.location)) THEN
        NEW.shown_location := draw_displaced(NEW.location, NEW.area_code,
            ST_Translate(OLD.shown_location, ST_X(NEW.location) - ST_X(OLD.location),
                         ST_Y(NEW.location) - ST_Y(OLD.location)));
    END IF;
    RETURN NEW;
END
$$;

CREATE OR REPLACE TRIGGER household_displaced_new BEFORE INSERT ON household FOR EACH ROW
    WHEN (NEW.location IS NOT NULL AND NEW.shown_location IS NULL)
    EXECUTE FUNCTION keep_displaced();
-- Whether it moved is asked inside: a comparison out here would not come back from a backup, which
-- looks operators up without a search path.
CREATE OR REPLACE TRIGGER household_displaced_moved BEFORE UPDATE OF location, area_code ON household
    FOR EACH ROW EXECUTE FUNCTION keep_displaced();
