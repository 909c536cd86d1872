-- What PostgreSQL 18 does not take any more: a partitioned table that is called unlogged, which never meant anything.
CREATE UNLOGGED TABLE majors.unlogged_parted (id integer) PARTITION BY RANGE (id);
CREATE TABLE majors.unlogged_parted_0 PARTITION OF majors.unlogged_parted FOR VALUES FROM (0) TO (9);
INSERT INTO majors.unlogged_parted VALUES (3);
