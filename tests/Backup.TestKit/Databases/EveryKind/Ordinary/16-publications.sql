CREATE PUBLICATION kinds_changes FOR TABLE kinds.staff, ONLY kinds.contents WITH (publish = 'insert, update');
CREATE PUBLICATION "kinds' ""parts""" FOR TABLE kinds.by_range WITH (publish_via_partition_root = true, publish = 'truncate');
CREATE PUBLICATION kinds_nothing WITH (publish = '');
COMMENT ON PUBLICATION kinds_changes IS 'For the search index';
