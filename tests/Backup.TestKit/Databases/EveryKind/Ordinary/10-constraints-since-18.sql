CREATE TABLE kinds.not_nulls (
    a integer CONSTRAINT "a is ""known""" NOT NULL,
    b integer NOT NULL,
    c integer CONSTRAINT "c, not for heirs" NOT NULL NO INHERIT,
    d integer,
    e integer CONSTRAINT not_nulls_e_not_null NOT NULL
);
ALTER TABLE kinds.not_nulls ADD CONSTRAINT never_checked NOT NULL d NOT VALID;
COMMENT ON CONSTRAINT "a is ""known""" ON kinds.not_nulls IS 'A named one';
COMMENT ON CONSTRAINT never_checked ON kinds.not_nulls IS 'One that some rows break';
CREATE TABLE kinds.not_nulls_heir (f integer NOT NULL, c integer NOT NULL) INHERITS (kinds.not_nulls);
CREATE TABLE kinds.not_nulls_own_name (a integer CONSTRAINT own_name_of_a NOT NULL) INHERITS (kinds.not_nulls);
CREATE TABLE kinds.keyed_not_null (id integer CONSTRAINT "key's own" NOT NULL, PRIMARY KEY (id));
CREATE TABLE kinds.parted_not_null (id integer, n integer CONSTRAINT n_known NOT NULL) PARTITION BY LIST (id);
CREATE TABLE kinds.parted_not_null_1 PARTITION OF kinds.parted_not_null FOR VALUES IN (1);
CREATE TABLE kinds.parted_not_null_2 (id integer, n integer CONSTRAINT other_name NOT NULL);
ALTER TABLE kinds.parted_not_null ATTACH PARTITION kinds.parted_not_null_2 FOR VALUES IN (2);

CREATE TABLE kinds.not_enforced (id integer PRIMARY KEY, n integer,
    CONSTRAINT hopefully CHECK (n > 0) NOT ENFORCED,
    CONSTRAINT "perhaps ""there""" FOREIGN KEY (n) REFERENCES kinds.staff (id) NOT ENFORCED);
INSERT INTO kinds.not_enforced VALUES (1, -1);
CREATE TABLE kinds.not_enforced_heir () INHERITS (kinds.not_enforced);

CREATE TABLE kinds.rooms (room int4range, during daterange, CONSTRAINT rooms_key PRIMARY KEY (room, during WITHOUT OVERLAPS),
    CONSTRAINT rooms_unique UNIQUE (during, room WITHOUT OVERLAPS));
CREATE TABLE kinds.stays (id integer, room int4range, during daterange,
    CONSTRAINT stays_room FOREIGN KEY (room, PERIOD during) REFERENCES kinds.rooms (room, PERIOD during));
INSERT INTO kinds.rooms VALUES ('[1,2)', '[2026-01-01,2026-02-01)'), ('[1,2)', '[2026-02-01,2026-03-01)');
INSERT INTO kinds.stays VALUES (1, '[1,2)', '[2026-01-15,2026-02-15)');

-- Validated later on one part alone.
CREATE TABLE kinds.parted_not_valid (id integer, leader integer) PARTITION BY LIST (id);
CREATE TABLE kinds.parted_not_valid_1 PARTITION OF kinds.parted_not_valid FOR VALUES IN (1);
CREATE TABLE kinds.parted_not_valid_2 PARTITION OF kinds.parted_not_valid FOR VALUES IN (2);
INSERT INTO kinds.parted_not_valid VALUES (1, 77);
ALTER TABLE kinds.parted_not_valid ADD CONSTRAINT not_yet FOREIGN KEY (leader) REFERENCES kinds.staff (id) NOT VALID;
ALTER TABLE kinds.parted_not_valid_2 VALIDATE CONSTRAINT not_yet;
CREATE TABLE kinds.parted_not_enforced (id integer, leader integer,
    CONSTRAINT not_so_strict FOREIGN KEY (leader) REFERENCES kinds.staff (id) NOT ENFORCED, CONSTRAINT loose CHECK (id > 5) NOT ENFORCED) PARTITION BY LIST (id);
CREATE TABLE kinds.parted_not_enforced_1 PARTITION OF kinds.parted_not_enforced FOR VALUES IN (1);
INSERT INTO kinds.parted_not_enforced VALUES (1, 99);
