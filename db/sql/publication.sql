-- Breaks made of exact values would tell of hidden ones: roles that see published totals only get
-- the breaks that were made of those. The owner is not bound by this policy.
ALTER TABLE class_breaks ENABLE ROW LEVEL SECURITY;
CREATE POLICY class_breaks_by_audience ON class_breaks FOR SELECT USING (
    audience = 'public' OR current_setting('kentongan.role', true) NOT IN ('guest', 'agency')
);
