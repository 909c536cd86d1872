-- What PostgreSQL 17 does not take any more: an identity column of a partition alone.
CREATE TABLE majors.parted (id integer NOT NULL, part integer) PARTITION BY LIST (part);
CREATE TABLE majors.parted_1 (id integer GENERATED ALWAYS AS IDENTITY, part integer);
INSERT INTO majors.parted_1 (part) VALUES (1), (1);
ALTER TABLE majors.parted ATTACH PARTITION majors.parted_1 FOR VALUES IN (1);
