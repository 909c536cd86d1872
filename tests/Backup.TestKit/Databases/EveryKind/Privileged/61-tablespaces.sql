CREATE TABLE kinds.in_tablespace (id integer PRIMARY KEY USING INDEX TABLESPACE "Kinds' ""space""", t text UNIQUE) TABLESPACE "Kinds' ""space""";
INSERT INTO kinds.in_tablespace VALUES (1, 'one');
CREATE INDEX in_tablespace_t ON kinds.in_tablespace (t) TABLESPACE "Kinds' ""space""";
CREATE MATERIALIZED VIEW kinds.view_in_tablespace TABLESPACE "Kinds' ""space""" AS SELECT id FROM kinds.in_tablespace;
CREATE TABLE kinds.parted_in_tablespace (id integer PRIMARY KEY) PARTITION BY LIST (id) TABLESPACE "Kinds' ""space""";
CREATE TABLE kinds.parted_in_tablespace_1 PARTITION OF kinds.parted_in_tablespace FOR VALUES IN (1);
CREATE TABLE kinds.parted_in_tablespace_2 PARTITION OF kinds.parted_in_tablespace FOR VALUES IN (2) TABLESPACE pg_default;
