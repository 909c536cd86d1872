CREATE VIEW kinds.cheap WITH (security_barrier = true) AS SELECT id, title, price FROM kinds.courses WHERE price < 5 WITH LOCAL CHECK OPTION;
CREATE VIEW kinds.cheap_named AS SELECT * FROM kinds.cheap WHERE title <> '' WITH CASCADED CHECK OPTION;
ALTER VIEW kinds.cheap ALTER COLUMN title SET DEFAULT E'untitled ''x''';
COMMENT ON VIEW kinds.cheap IS 'Cheap courses';
COMMENT ON COLUMN kinds.cheap.price IS 'Net';
-- Grouped by a primary key: the view needs the constraint, which exists only after the rows.
CREATE VIEW kinds.grouped AS
    SELECT c.id, c.title, c.price, count(v.*) AS videos FROM kinds.courses c LEFT JOIN kinds.videos v ON v.published = c.published GROUP BY c.id;
CREATE VIEW kinds.of_grouped AS SELECT * FROM kinds.grouped WHERE videos > 0;
CREATE VIEW "Kinds ""&"" 'names'; --, ünï ☃"."View ""v""; --" ("Name", "It's", last, "汉字") AS
    SELECT c.title, c.id, (SELECT max(published) FROM kinds.contents), E'back\\slash \n ''q'' $$' FROM kinds.courses c;
CREATE RECURSIVE VIEW kinds.recursive (id, chain) AS
    SELECT id, ARRAY[id] FROM kinds.staff WHERE team = 1 UNION ALL SELECT s.id, r.chain || s.id FROM kinds.staff s JOIN recursive r ON s.team = r.id + 1;
CREATE VIEW kinds.everything AS SELECT tableoid::regclass::text AS kind, c.* FROM kinds.contents c UNION ALL SELECT 'n', id, '', NULL, 0, NULL FROM kinds.indexed;
CREATE VIEW kinds.windows AS
    SELECT tenant, rank() OVER best AS rank, lag(n, 1, 0::numeric) OVER best AS before, sum(n) FILTER (WHERE n > 1) OVER (ROWS BETWEEN 1 PRECEDING AND CURRENT ROW EXCLUDE TIES) AS s
      FROM kinds.by_range WINDOW best AS (PARTITION BY tenant ORDER BY day DESC);
CREATE VIEW kinds.constants AS SELECT 1 AS one, NULL AS nothing, 'NaN'::numeric AS nan, '{}'::text[] AS none, true AS yes;
CREATE VIEW kinds.no_view_columns AS SELECT FROM kinds.no_columns;
-- The chain crosses kinds of objects: view, function with its row type, view, function with a parsed body.
CREATE FUNCTION kinds.cheap_of(kinds.videos) RETURNS SETOF kinds.cheap LANGUAGE sql STABLE AS 'SELECT c.* FROM kinds.cheap c WHERE c.id = $1.id';
CREATE VIEW kinds.of_function AS SELECT v.id, (SELECT count(*) FROM kinds.cheap_of(v)) AS cheap FROM kinds.videos v;
CREATE FUNCTION kinds.count_cheap() RETURNS bigint LANGUAGE sql STABLE BEGIN ATOMIC
    SELECT count(*) FROM kinds.of_function;
END;
-- A circle: each reads the other.
CREATE VIEW kinds.circle_a AS SELECT 1 AS n, 'x'::text COLLATE "C" AS t;
CREATE VIEW kinds.circle_b AS SELECT n + 1 AS n, t FROM kinds.circle_a;
CREATE OR REPLACE VIEW kinds.circle_a AS SELECT n, t COLLATE "C" AS t FROM kinds.circle_b WHERE false;

CREATE MATERIALIZED VIEW kinds.by_level WITH (fillfactor = 80, toast.autovacuum_enabled = off) AS
    SELECT level, count(*) AS courses, sum(price) AS total, string_agg(title, ',' ORDER BY title) AS titles FROM kinds.courses GROUP BY level;
CREATE UNIQUE INDEX by_level_level ON kinds.by_level (level);
ALTER MATERIALIZED VIEW kinds.by_level CLUSTER ON by_level_level;
ALTER MATERIALIZED VIEW kinds.by_level ALTER COLUMN titles SET STORAGE EXTERNAL, ALTER COLUMN courses SET STATISTICS 50;
COMMENT ON MATERIALIZED VIEW kinds.by_level IS 'Materialized';
COMMENT ON COLUMN kinds.by_level.total IS 'Sum';
-- Its name sorts before what it reads.
CREATE MATERIALIZED VIEW kinds.a_total AS SELECT sum(total) AS total FROM kinds.by_level;
CREATE VIEW kinds.of_materialized AS SELECT total FROM kinds.a_total;
CREATE MATERIALIZED VIEW kinds."A never filled one" AS SELECT id, videos FROM kinds.grouped WITH NO DATA;
CREATE INDEX ON kinds."A never filled one" (videos);
CREATE STATISTICS kinds.of_view (dependencies) ON level, courses FROM kinds.by_level;
-- A view may own a sequence.
CREATE VIEW kinds.owning AS SELECT 1 AS id, 'x'::text AS "it's";
CREATE SEQUENCE kinds."Of ""view""" START 5 OWNED BY kinds.owning."it's";
ALTER VIEW kinds.owning ALTER COLUMN id SET DEFAULT nextval('kinds."Of ""view"""');
