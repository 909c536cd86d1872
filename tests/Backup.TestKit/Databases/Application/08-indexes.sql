SET ROLE shop_owner;

CREATE INDEX customers_search ON shop.customers (lower(name) text_pattern_ops, ((home).city) COLLATE "C" DESC NULLS LAST);
CREATE UNIQUE INDEX customers_email ON shop.customers (lower(email)) WHERE email IS NOT NULL;
CREATE INDEX customers_user ON shop.customers USING hash (user_id);
CREATE INDEX customers_tags ON shop.customers USING gin (tags) WITH (fastupdate = off);
ALTER INDEX shop.customers_search ALTER COLUMN 1 SET STATISTICS 500;
COMMENT ON INDEX shop.customers_search IS 'For the search box';
CREATE INDEX products_attributes ON shop.products USING gin (attributes jsonb_path_ops);
CREATE INDEX products_document ON shop.products USING gin (document);
CREATE INDEX products_available ON shop.products USING gist (available);
CREATE INDEX products_available_spgist ON shop.products USING spgist (available);
CREATE INDEX orders_placed_brin ON shop.orders USING brin (placed_at) WITH (pages_per_range = 16, autosummarize = on);
CREATE INDEX orders_customer ON shop.orders (customer_id, placed_at DESC) INCLUDE (status, total) WITH (fillfactor = 75);
CREATE INDEX orders_open ON shop.orders (placed_at) WHERE status = 'placed'::shop.order_status AND total > 0;
CREATE INDEX "Index ""with"" quotes" ON shop.orders ((total * 2), (note IS NULL));
ALTER TABLE shop.orders CLUSTER ON orders_customer;

-- Of partitioned tables: made for all, made for the parent only and one partition attached, and a constraint from an index.
CREATE INDEX enrolments_student ON learning.enrolments (student) WITH (fillfactor = 85);
CREATE INDEX enrolments_progress ON ONLY learning.enrolments (progress);
CREATE INDEX enrolments_2026_by_progress ON learning.enrolments_2026 (progress);
ALTER INDEX learning.enrolments_progress ATTACH PARTITION learning.enrolments_2026_by_progress;
CREATE UNIQUE INDEX videos_title ON learning.videos (title, published);
ALTER TABLE learning.videos ADD CONSTRAINT videos_one_title UNIQUE USING INDEX videos_title;
COMMENT ON CONSTRAINT videos_one_title ON learning.videos IS 'Made from an index';
CREATE UNIQUE INDEX stock_by_region ON shop.stock (region, product_id);

RESET ROLE;

CREATE UNIQUE INDEX "Hard ""Index""" ON "Hard ""Names"", ünï"."user" ("user", "order") INCLUDE ("group");
