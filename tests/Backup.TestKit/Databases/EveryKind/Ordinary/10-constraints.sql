CREATE TABLE kinds.parents (id integer, tenant integer, code text COLLATE "C", during tstzrange, area box,
    CONSTRAINT "parents' key" PRIMARY KEY (id) INCLUDE (code) WITH (fillfactor = 60),
    CONSTRAINT parents_code UNIQUE (tenant, code) DEFERRABLE INITIALLY DEFERRED,
    UNIQUE (code) DEFERRABLE,
    CONSTRAINT "no overlap" EXCLUDE USING gist (during WITH &&, area WITH &&) INCLUDE (id) WITH (fillfactor = 80) WHERE (tenant = 1)
        DEFERRABLE INITIALLY DEFERRED,
    EXCLUDE (lower(code) COLLATE "C" text_pattern_ops WITH =),
    CONSTRAINT "check ""it"" -- ;
'twice'" CHECK (code <> E'it''s \\ a\nline' AND tenant > -5) NO INHERIT,
    CHECK (id > 0), CHECK (kinds.is_even(id) OR true)
);
ALTER TABLE kinds.parents ADD CONSTRAINT never_checked CHECK (tenant < 2) NOT VALID;
COMMENT ON CONSTRAINT never_checked ON kinds.parents IS 'Some rows break it';
COMMENT ON CONSTRAINT "parents' key" ON kinds.parents IS 'The key';
CREATE UNIQUE INDEX parents_tenant_id ON kinds.parents (tenant, id) WITH (fillfactor = 77);
ALTER TABLE kinds.parents ADD CONSTRAINT made_of_an_index UNIQUE USING INDEX parents_tenant_id;

CREATE TABLE kinds.children (
    id integer PRIMARY KEY,
    parent integer REFERENCES kinds.parents ON UPDATE CASCADE ON DELETE SET NULL,
    tenant integer, code text, other integer DEFAULT 1, self integer,
    CONSTRAINT full_match FOREIGN KEY (tenant, parent) REFERENCES kinds.parents (tenant, id) MATCH FULL DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT "restrict ""it""" FOREIGN KEY (other) REFERENCES kinds.parents (id) ON UPDATE RESTRICT ON DELETE SET DEFAULT DEFERRABLE,
    FOREIGN KEY (self) REFERENCES kinds.children (id) ON UPDATE SET NULL ON DELETE NO ACTION
);
INSERT INTO kinds.parents (id, tenant, code) VALUES (1, 1, 'one');
ALTER TABLE kinds.children ADD CONSTRAINT never_checked FOREIGN KEY (id) REFERENCES kinds.parents (id) NOT VALID;
COMMENT ON CONSTRAINT full_match ON kinds.children IS 'All or nothing';
INSERT INTO kinds.children VALUES (1, 1, 1, 'x', 1, 1);

-- A circle.
CREATE TABLE kinds.teams (id integer PRIMARY KEY, leader integer);
CREATE TABLE kinds.staff (id integer PRIMARY KEY, team integer NOT NULL REFERENCES kinds.teams);
ALTER TABLE kinds.teams ADD FOREIGN KEY (leader) REFERENCES kinds.staff (id);
INSERT INTO kinds.teams VALUES (1, NULL), (2, NULL);
INSERT INTO kinds.staff VALUES (1, 1), (2, 2);
UPDATE kinds.teams SET leader = id;

-- From and to partitioned tables.
CREATE TABLE kinds.certificates (id integer PRIMARY KEY, tenant integer, day date, CONSTRAINT of_parts FOREIGN KEY (tenant, day)
    REFERENCES kinds.by_range ON DELETE CASCADE);
INSERT INTO kinds.certificates SELECT row_number() OVER (ORDER BY day), tenant, day FROM kinds.by_range WHERE tenant = 3;
CREATE TABLE kinds.parted_children (id integer, leader integer REFERENCES kinds.staff (id)) PARTITION BY LIST (id);
CREATE TABLE kinds.parted_children_1 PARTITION OF kinds.parted_children FOR VALUES IN (1);
CREATE TABLE kinds.parted_children_2 (id integer, leader integer, CONSTRAINT "own ""key""" FOREIGN KEY (leader) REFERENCES kinds.staff (id));
ALTER TABLE kinds.parted_children ATTACH PARTITION kinds.parted_children_2 FOR VALUES IN (2);
CREATE TABLE kinds.parted_children_3 PARTITION OF kinds.parted_children FOR VALUES IN (3) PARTITION BY LIST (leader);
CREATE TABLE kinds.parted_children_3_1 (id integer, leader integer, CONSTRAINT "leaf's key" FOREIGN KEY (leader) REFERENCES kinds.staff (id));
ALTER TABLE kinds.parted_children_3 ATTACH PARTITION kinds.parted_children_3_1 FOR VALUES IN (1);
INSERT INTO kinds.parted_children VALUES (1, 1), (2, 2), (3, 1);

-- What does not hold for all rows of a table may hold for those of its heir.
CREATE TABLE kinds.unchecked (n integer);
CREATE TABLE kinds.checked_heir () INHERITS (kinds.unchecked);
INSERT INTO kinds.unchecked VALUES (-1);
ALTER TABLE kinds.unchecked ADD CONSTRAINT "is ""positive""" CHECK (n > 0) NOT VALID;
ALTER TABLE kinds.checked_heir VALIDATE CONSTRAINT "is ""positive""";
CREATE TABLE kinds.unchecked_heir () INHERITS (kinds.unchecked);
CREATE TABLE kinds.unchecked_too () INHERITS (kinds.checked_heir);
