-- What needs itself by way of another kind of object, so that no order of whole statements makes it.
CREATE TABLE kinds.own_default (id integer, n integer DEFAULT 0);
CREATE FUNCTION kinds.next_id() RETURNS integer LANGUAGE sql STABLE BEGIN ATOMIC
    SELECT coalesce(max(id), 0) + 1 FROM kinds.own_default;
END;
ALTER TABLE kinds.own_default ALTER id SET DEFAULT kinds.next_id();
INSERT INTO kinds.own_default DEFAULT VALUES;

CREATE TABLE kinds.own_check (a integer, b integer);
CREATE FUNCTION kinds.is_fine(kinds.own_check) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1.a < $1.b';
ALTER TABLE kinds.own_check ADD CONSTRAINT "all fine" CHECK (kinds.is_fine(own_check.*));
COMMENT ON CONSTRAINT "all fine" ON kinds.own_check IS 'Of the whole row';
INSERT INTO kinds.own_check VALUES (1, 2);
CREATE TABLE kinds.own_generated (a integer, b integer);
CREATE FUNCTION kinds.sum_of_row(kinds.own_generated) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT $1.a + $1.b';
CREATE INDEX own_generated_sum ON kinds.own_generated (kinds.sum_of_row(own_generated.*));

CREATE DOMAIN kinds.own_domain AS integer DEFAULT 3;
CREATE FUNCTION kinds.is_fine(kinds.own_domain) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN $1::integer > 0; END';
ALTER DOMAIN kinds.own_domain ADD CONSTRAINT "own ""check""" CHECK (kinds.is_fine(VALUE));
COMMENT ON CONSTRAINT "own ""check""" ON DOMAIN kinds.own_domain IS 'By a function of the domain';

-- A view that needs a key, below a materialized view, below a function, below a view.
CREATE MATERIALIZED VIEW kinds.of_key AS SELECT id, videos FROM kinds.of_grouped;
CREATE FUNCTION kinds.count_of_key() RETURNS bigint LANGUAGE sql STABLE BEGIN ATOMIC
    SELECT count(*) FROM kinds.of_key;
END;
CREATE VIEW kinds.counted AS SELECT kinds.count_of_key() AS n;
CREATE FUNCTION kinds.takes_view(kinds.counted) RETURNS SETOF kinds.of_grouped LANGUAGE sql AS 'SELECT * FROM kinds.of_grouped';

-- A sequence that two tables and a view use; a table made of another's row type; an array of it.
CREATE TABLE kinds.second_user (n bigint DEFAULT nextval('kinds.numbers') * 2, rows kinds.own_check[], CHECK ((rows)[1].a > 0));
CREATE VIEW kinds.of_sequence AS SELECT last_value FROM kinds.numbers;
INSERT INTO kinds.second_user (rows) VALUES (ARRAY[ROW(1, 2)::kinds.own_check]);

-- A domain's default by a function of the domain; a column's by a function that groups its own table by its key.
CREATE DOMAIN kinds.own_value AS integer;
CREATE FUNCTION kinds.value_after(kinds.own_value) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT $1 + 1';
ALTER DOMAIN kinds.own_value SET DEFAULT kinds.value_after(4::kinds.own_value);
CREATE TABLE kinds.own_groups (id integer PRIMARY KEY, n bigint, v kinds.own_value);
CREATE FUNCTION kinds.groups() RETURNS bigint LANGUAGE sql STABLE BEGIN ATOMIC
    SELECT count(*) FROM (SELECT g.id, g.n FROM kinds.own_groups g GROUP BY g.id) s;
END;
ALTER TABLE kinds.own_groups ALTER n SET DEFAULT kinds.groups();
INSERT INTO kinds.own_groups (id) VALUES (1), (2);
