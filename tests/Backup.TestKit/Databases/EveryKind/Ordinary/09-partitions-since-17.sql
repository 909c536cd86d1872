CREATE TABLE kinds.parted_identity (id integer GENERATED ALWAYS AS IDENTITY (START WITH 7 INCREMENT BY 3), k integer, during int4range) PARTITION BY LIST (k);
CREATE TABLE kinds.parted_identity_1 PARTITION OF kinds.parted_identity FOR VALUES IN (1);
CREATE TABLE kinds.parted_identity_2 (during int4range, k integer, id integer NOT NULL);
ALTER TABLE kinds.parted_identity ATTACH PARTITION kinds.parted_identity_2 FOR VALUES IN (2);
INSERT INTO kinds.parted_identity (k) VALUES (1), (2), (1);
CREATE TABLE kinds.parted_excluding (k int4range, during int4range,
    CONSTRAINT parted_exclusion EXCLUDE USING gist (k WITH =, during WITH &&)) PARTITION BY RANGE (k);
CREATE TABLE kinds.parted_excluding_1 PARTITION OF kinds.parted_excluding FOR VALUES FROM ('[1,2)') TO ('[9,10)');
