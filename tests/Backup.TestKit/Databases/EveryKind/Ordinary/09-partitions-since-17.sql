CREATE TABLE kinds.parted_identity (id integer GENERATED ALWAYS AS IDENTITY (START WITH 7 INCREMENT BY 3), k integer, during int4range) PARTITION BY LIST (k);
CREATE TABLE kinds.parted_identity_1 PARTITION OF kinds.parted_identity FOR VALUES IN (1);
CREATE TABLE kinds.parted_identity_2 (during int4range, k integer, id integer NOT NULL);
ALTER TABLE kinds.parted_identity ATTACH PARTITION kinds.parted_identity_2 FOR VALUES IN (2);
INSERT INTO kinds.parted_identity (k) VALUES (1), (2), (1);
CREATE TABLE kinds.parted_excluding (k int4range, during int4range,
    CONSTRAINT parted_exclusion EXCLUDE USING gist (k WITH =, during WITH &&)) PARTITION BY RANGE (k);
CREATE TABLE kinds.parted_excluding_1 PARTITION OF kinds.parted_excluding FOR VALUES FROM ('[1,2)') TO ('[9,10)');
-- Tables that took one another's places: the names of the keys are those that the server gives to others.
CREATE TABLE kinds.parted_rotating (k int4range, during int4range,
    EXCLUDE USING gist (k WITH =, during WITH &&) WITH (fillfactor = 60)) PARTITION BY RANGE (k);
CREATE TABLE kinds.rotating_now PARTITION OF kinds.parted_rotating FOR VALUES FROM ('[1,2)') TO ('[9,10)') PARTITION BY RANGE (k);
CREATE TABLE kinds.rotating_now_1 PARTITION OF kinds.rotating_now DEFAULT;
CREATE TABLE kinds.rotating_next PARTITION OF kinds.parted_rotating FOR VALUES FROM ('[10,11)') TO ('[19,20)');
ALTER TABLE kinds.rotating_now RENAME TO rotating_old;
ALTER TABLE kinds.rotating_next RENAME TO rotating_now;
CREATE TABLE kinds.rotating_next PARTITION OF kinds.parted_rotating (EXCLUDE USING gist (during WITH &&)) DEFAULT;
ALTER TABLE kinds.rotating_next RENAME CONSTRAINT rotating_next_k_during_excl1 TO "its ""own"" name, $$";
ALTER TABLE kinds.rotating_next CLUSTER ON "its ""own"" name, $$";
COMMENT ON CONSTRAINT "its ""own"" name, $$" ON kinds.rotating_next IS 'Renamed';
INSERT INTO kinds.parted_rotating VALUES ('[1,2)', '[1,5)'), ('[10,11)', '[1,5)'), ('[30,31)', '[1,5)');
