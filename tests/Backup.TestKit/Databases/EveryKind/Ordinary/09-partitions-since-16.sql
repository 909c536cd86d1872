CREATE TABLE kinds.parted_generated (a integer, b integer GENERATED ALWAYS AS (a * 2) STORED) PARTITION BY LIST (a);
CREATE TABLE kinds.parted_generated_1 PARTITION OF kinds.parted_generated (b GENERATED ALWAYS AS (a * 3) STORED) FOR VALUES IN (1);
CREATE TABLE kinds.parted_generated_2 PARTITION OF kinds.parted_generated FOR VALUES IN (2);
INSERT INTO kinds.parted_generated VALUES (1), (2);
