CREATE PUBLICATION "Everything, ""really""" FOR ALL TABLES WITH (publish_via_partition_root = true);
CREATE PUBLICATION kinds_of_superuser FOR TABLE kinds.in_access_method;
COMMENT ON PUBLICATION "Everything, ""really""" IS 'All tables';
