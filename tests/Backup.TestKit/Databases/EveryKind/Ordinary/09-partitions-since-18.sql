CREATE TABLE kinds.parted_virtual (a integer, b integer GENERATED ALWAYS AS (a * 2) VIRTUAL) PARTITION BY LIST (a);
CREATE TABLE kinds.parted_virtual_1 PARTITION OF kinds.parted_virtual (b GENERATED ALWAYS AS (a * 3)) FOR VALUES IN (1);
CREATE TABLE kinds.parted_virtual_2 PARTITION OF kinds.parted_virtual FOR VALUES IN (2);
INSERT INTO kinds.parted_virtual VALUES (1), (2);
