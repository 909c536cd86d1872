-- What PostgreSQL 18 brought.
CREATE TABLE majors.temperatures (
    celsius numeric NOT NULL,
    fahrenheit numeric GENERATED ALWAYS AS (celsius * 9 / 5 + 32) VIRTUAL,
    place text CONSTRAINT place_known NOT NULL
);
INSERT INTO majors.temperatures (celsius, place) VALUES (21.5, 'Ulm'), (-3, 'Oslo');
COMMENT ON CONSTRAINT place_known ON majors.temperatures IS 'a constraint only since 18';
ALTER TABLE majors.temperatures ADD CONSTRAINT place_short CHECK (length(place) < 50) NOT ENFORCED;
CREATE TABLE majors.scales (degree numeric PRIMARY KEY);
ALTER TABLE majors.temperatures ADD CONSTRAINT on_a_scale FOREIGN KEY (celsius) REFERENCES majors.scales NOT ENFORCED;
CREATE TABLE majors.own_not_null (id integer CONSTRAINT only_here NOT NULL NO INHERIT, note text);
CREATE TABLE majors.own_not_null_child () INHERITS (majors.own_not_null);
INSERT INTO majors.own_not_null_child VALUES (NULL, 'allowed');
INSERT INTO majors.own_not_null VALUES (1, 'kept');
CREATE TABLE majors.not_null_again (CONSTRAINT again NOT NULL note) INHERITS (majors.parent);
INSERT INTO majors.not_null_again VALUES (9, 'said by the child');
CREATE TABLE majors.checked_later (id integer);
INSERT INTO majors.checked_later VALUES (NULL);
ALTER TABLE majors.checked_later ADD CONSTRAINT later NOT NULL id NOT VALID;
CREATE TABLE majors.bookings (room int4range, during daterange, PRIMARY KEY (room, during WITHOUT OVERLAPS));
CREATE TABLE majors.guests (room int4range, during daterange, FOREIGN KEY (room, PERIOD during) REFERENCES majors.bookings (room, PERIOD during));
INSERT INTO majors.bookings VALUES ('[1,2)', '[2026-01-01,2026-02-01)');
INSERT INTO majors.guests VALUES ('[1,2)', '[2026-01-05,2026-01-07)');
CREATE COLLATION majors.fast (provider = builtin, locale = 'PG_UNICODE_FAST');
CREATE VIEW majors.folded AS SELECT casefold(p.note) AS note, uuidv7() AS id FROM majors.plain p;
CREATE PUBLICATION majors_generated FOR TABLE majors.measured (celsius, kelvin) WITH (publish_generated_columns = stored);
ALTER DEFAULT PRIVILEGES GRANT SELECT ON LARGE OBJECTS TO majors_keeper;
