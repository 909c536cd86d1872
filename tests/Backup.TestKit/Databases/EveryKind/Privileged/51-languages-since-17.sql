CREATE TABLE kinds.parted_in_access_method (id integer) PARTITION BY LIST (id) USING "kinds_heap ""h""";
CREATE TABLE kinds.parted_in_access_method_1 PARTITION OF kinds.parted_in_access_method FOR VALUES IN (1);
CREATE TABLE kinds.parted_in_access_method_2 PARTITION OF kinds.parted_in_access_method FOR VALUES IN (2) USING heap;
