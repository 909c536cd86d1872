CREATE TABLE kinds.by_list (product integer NOT NULL, region text, quantity integer NOT NULL, UNIQUE (product, region)) PARTITION BY LIST (region);
CREATE TABLE kinds.by_list_europe PARTITION OF kinds.by_list FOR VALUES IN ('de', 'it''s', 'back\slash', NULL);
CREATE TABLE kinds.by_list_america PARTITION OF kinds.by_list (quantity DEFAULT 10, CONSTRAINT never_negative CHECK (quantity >= 0))
    FOR VALUES IN ('us', 'br') WITH (fillfactor = 70);
CREATE TABLE kinds."by list, ""else""" PARTITION OF kinds.by_list DEFAULT;
INSERT INTO kinds.by_list VALUES (1, 'de', 1), (1, NULL, 2), (2, 'us', 3), (3, 'jp', 4);

CREATE TABLE kinds.by_range (tenant integer NOT NULL, day date NOT NULL, n numeric DEFAULT 0 CHECK (n >= 0), answers jsonb,
    PRIMARY KEY (tenant, day)) PARTITION BY RANGE (day);
CREATE TABLE kinds.by_range_old PARTITION OF kinds.by_range FOR VALUES FROM (MINVALUE) TO ('2025-01-01');
CREATE TABLE kinds.by_range_2025 PARTITION OF kinds.by_range FOR VALUES FROM ('2025-01-01') TO ('2026-01-01') PARTITION BY HASH (tenant);
CREATE TABLE kinds.by_range_2025_0 PARTITION OF kinds.by_range_2025 FOR VALUES WITH (MODULUS 3, REMAINDER 0);
CREATE TABLE kinds.by_range_2025_1 PARTITION OF kinds.by_range_2025 FOR VALUES WITH (MODULUS 3, REMAINDER 1);
CREATE UNLOGGED TABLE kinds.by_range_2025_2 PARTITION OF kinds.by_range_2025 FOR VALUES WITH (MODULUS 3, REMAINDER 2);
-- Attached later: its columns in another order, one dropped, and indexes of its own.
CREATE TABLE kinds.by_range_2026 (
    answers jsonb, gone text, n numeric DEFAULT 5 CONSTRAINT by_range_n_check CHECK (n >= 0), day date NOT NULL, tenant integer NOT NULL,
    extra_check integer
);
ALTER TABLE kinds.by_range_2026 DROP COLUMN gone, DROP COLUMN extra_check;
CREATE UNIQUE INDEX own_key ON kinds.by_range_2026 (tenant, day);
ALTER TABLE kinds.by_range_2026 ADD CONSTRAINT "its ""own"" key" PRIMARY KEY USING INDEX own_key;
CREATE INDEX by_range_2026_answers ON kinds.by_range_2026 USING gin (answers);
ALTER TABLE kinds.by_range ATTACH PARTITION kinds.by_range_2026 FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
CREATE TABLE kinds.by_range_else PARTITION OF kinds.by_range DEFAULT;
CREATE TABLE kinds.by_range_detached PARTITION OF kinds.by_range FOR VALUES FROM ('2030-01-01') TO ('2031-01-01');
INSERT INTO kinds.by_range SELECT n % 5, date '2024-06-01' + n * 9, n, jsonb_build_array(n, 'x' || n) FROM generate_series(1, 270) n;
ALTER TABLE kinds.by_range DETACH PARTITION kinds.by_range_detached;

-- Keys that are expressions, with collations and operator classes; bounds of every sort.
CREATE TABLE kinds.by_expression (id bigint, at timestamptz NOT NULL, name text) PARTITION BY RANGE
    (((extract(year FROM at AT TIME ZONE 'UTC'))::integer), lower(name) COLLATE "C" text_pattern_ops);
CREATE TABLE kinds.by_expression_1 PARTITION OF kinds.by_expression FOR VALUES FROM (MINVALUE, MINVALUE) TO (2026, 'm');
CREATE TABLE kinds.by_expression_2 PARTITION OF kinds.by_expression FOR VALUES FROM (2026, 'm') TO (MAXVALUE, MAXVALUE);
INSERT INTO kinds.by_expression VALUES (1, '2025-05-05Z', 'B'), (2, '2026-05-05Z', 'Z');
CREATE TABLE kinds.by_enum (hue kinds.colour, v boolean) PARTITION BY LIST (hue);
CREATE TABLE kinds.by_enum_red PARTITION OF kinds.by_enum FOR VALUES IN ('red', 'it''s') PARTITION BY LIST (v);
CREATE TABLE kinds.by_enum_red_true PARTITION OF kinds.by_enum_red FOR VALUES IN (true);
CREATE TABLE kinds.without_partitions (a integer, b text) PARTITION BY HASH (a, b text_ops);
INSERT INTO kinds.by_enum VALUES ('red', true);

-- Indexes: for all, for the parent alone, for the parent and one part.
CREATE INDEX by_range_n ON kinds.by_range (n) WITH (fillfactor = 85);
CREATE INDEX by_range_tenant ON ONLY kinds.by_range (tenant);
CREATE INDEX by_range_2026_by_tenant ON kinds.by_range_2026 (tenant);
ALTER INDEX kinds.by_range_tenant ATTACH PARTITION kinds.by_range_2026_by_tenant;
COMMENT ON TABLE kinds.by_range IS 'Partitioned';
COMMENT ON INDEX kinds.by_range_n IS 'Of all parts';
COMMENT ON CONSTRAINT "its ""own"" key" ON kinds.by_range_2026 IS 'Attached';
