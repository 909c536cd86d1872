CREATE TABLE kinds.indexed (id integer, name text, tags text[], facts jsonb, period daterange, place point, at timestamptz, home kinds.price, words tsvector);
INSERT INTO kinds.indexed
    SELECT n, 'Name ' || n, ARRAY['t' || n % 3], jsonb_build_object('n', n), daterange('2026-01-01', NULL), point(n, n), '2026-01-01Z', NULL, NULL
      FROM generate_series(1, 40) n;
CREATE INDEX ON kinds.indexed (name);
CREATE INDEX indexed_search ON kinds.indexed (lower(name) text_pattern_ops, ((home).amount) DESC NULLS LAST, name COLLATE "C" NULLS FIRST, (id + 1));
ALTER INDEX kinds.indexed_search ALTER COLUMN 1 SET STATISTICS 500;
ALTER INDEX kinds.indexed_search ALTER COLUMN 4 SET STATISTICS 10;
CREATE UNIQUE INDEX indexed_unique ON kinds.indexed (lower(name)) INCLUDE (id, at) WITH (fillfactor = 75, deduplicate_items = off) WHERE name IS NOT NULL;
CREATE INDEX indexed_hash ON kinds.indexed USING hash (id) WITH (fillfactor = 50);
CREATE INDEX indexed_gin ON kinds.indexed USING gin (facts jsonb_path_ops, tags) WITH (fastupdate = off, gin_pending_list_limit = 128);
CREATE INDEX indexed_gist ON kinds.indexed USING gist (period, place) WITH (buffering = on);
CREATE INDEX indexed_gist_words ON kinds.indexed USING gist (words tsvector_ops (siglen = 64));
CREATE INDEX indexed_spgist ON kinds.indexed USING spgist (period);
CREATE INDEX indexed_spgist_text ON kinds.indexed USING spgist (name text_ops);
CREATE INDEX indexed_brin ON kinds.indexed USING brin (at, id int4_minmax_multi_ops (values_per_range = 16)) WITH (pages_per_range = 16, autosummarize = on);
CREATE INDEX indexed_bloom ON kinds.indexed USING brin (name text_bloom_ops (n_distinct_per_range = -0.2, false_positive_rate = 0.05));
CREATE INDEX "Index ""with"" 'quotes'; --" ON kinds.indexed ((id * 2), (name IS NULL)) WHERE name = E'it''s \\' OR id = ANY ('{1,2}'::integer[]);
COMMENT ON INDEX kinds.indexed_search IS 'For the search box';

CREATE STATISTICS kinds.all_statistics ON id, name FROM kinds.indexed;
CREATE STATISTICS kinds."some ""statistics""" (ndistinct, dependencies) ON name, at FROM kinds.indexed;
CREATE STATISTICS kinds.of_expressions (mcv) ON lower(name), (id % 7), at FROM kinds.indexed;
CREATE STATISTICS kinds.of_one_expression ON (id % 5) FROM kinds.indexed;
ALTER STATISTICS kinds.all_statistics SET STATISTICS 77;
COMMENT ON STATISTICS kinds.all_statistics IS 'Correlated';
CREATE STATISTICS "Kinds ""&"" 'names'; --, ünï ☃".elsewhere (ndistinct) ON id, at FROM kinds.indexed;
