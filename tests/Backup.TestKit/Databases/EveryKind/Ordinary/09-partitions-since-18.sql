CREATE TABLE kinds.parted_virtual (a integer, b integer GENERATED ALWAYS AS (a * 2) VIRTUAL) PARTITION BY LIST (a);
CREATE TABLE kinds.parted_virtual_1 PARTITION OF kinds.parted_virtual (b GENERATED ALWAYS AS (a * 3)) FOR VALUES IN (1);
CREATE TABLE kinds.parted_virtual_2 PARTITION OF kinds.parted_virtual FOR VALUES IN (2);
INSERT INTO kinds.parted_virtual VALUES (1), (2);
CREATE TABLE kinds.parted_bookings (room int4range, during daterange,
    PRIMARY KEY (room, during WITHOUT OVERLAPS) WITH (fillfactor = 60), CONSTRAINT "also" UNIQUE (room, during WITHOUT OVERLAPS)) PARTITION BY RANGE (room);
CREATE TABLE kinds.parted_bookings_1 PARTITION OF kinds.parted_bookings FOR VALUES FROM ('[1,2)') TO ('[9,10)') PARTITION BY RANGE (room);
CREATE TABLE kinds.parted_bookings_1a PARTITION OF kinds.parted_bookings_1 DEFAULT;
CREATE TABLE kinds.parted_bookings_2 (during daterange NOT NULL, room int4range NOT NULL);
ALTER TABLE kinds.parted_bookings ATTACH PARTITION kinds.parted_bookings_2 DEFAULT;
ALTER TABLE kinds.parted_bookings_1a RENAME CONSTRAINT parted_bookings_1a_pkey TO "key of 1a";
CREATE TABLE kinds.parted_guests (room int4range, during daterange,
    FOREIGN KEY (room, PERIOD during) REFERENCES kinds.parted_bookings (room, PERIOD during));
INSERT INTO kinds.parted_bookings VALUES ('[1,2)', '[2026-01-01,2026-02-01)'), ('[20,21)', '[2026-01-01,2026-02-01)');
INSERT INTO kinds.parted_guests VALUES ('[20,21)', '[2026-01-05,2026-01-07)');
