CREATE PUBLICATION shop_changes FOR TABLE shop.orders, ONLY learning.contents WITH (publish = 'insert, update');
CREATE PUBLICATION "Everything, really" FOR ALL TABLES;
CREATE PUBLICATION shop_partitions FOR TABLE learning.enrolments WITH (publish_via_partition_root = true);
CREATE PUBLICATION shop_nothing_yet;
COMMENT ON PUBLICATION shop_changes IS 'For the search index';
