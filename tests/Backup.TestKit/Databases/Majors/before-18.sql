-- What PostgreSQL 18 does not take any more: a partitioned table that is called unlogged, which never meant anything.
CREATE UNLOGGED TABLE majors.unlogged_parted (id integer) PARTITION BY RANGE (id);
CREATE TABLE majors.unlogged_parted_0 PARTITION OF majors.unlogged_parted FOR VALUES FROM (0) TO (9);
INSERT INTO majors.unlogged_parted VALUES (3);

-- What PostgreSQL 18 does not allow any more: an heir without its parent's NOT NULL.
CREATE TABLE majors.strict (filled integer NOT NULL, other text);
CREATE TABLE majors.loose () INHERITS (majors.strict);
ALTER TABLE majors.loose ALTER COLUMN filled DROP NOT NULL;
INSERT INTO majors.loose VALUES (1, 'one');
