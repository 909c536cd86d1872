-- What PostgreSQL 17 brought.
GRANT SELECT, MAINTAIN ON majors.plain TO majors_keeper;
CREATE COLLATION majors.builtin (provider = builtin, locale = 'C.UTF-8');
CREATE TABLE majors.collated (t text COLLATE majors.builtin, u text COLLATE pg_c_utf8);
INSERT INTO majors.collated VALUES ('ä', 'ö');
CREATE FUNCTION majors.greet() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
CREATE EVENT TRIGGER majors_on_login ON login EXECUTE FUNCTION majors.greet();
ALTER EVENT TRIGGER majors_on_login DISABLE;
CREATE VIEW majors.fields AS SELECT j.a FROM JSON_TABLE('[{"a": 1}]'::jsonb, '$[*]' COLUMNS (a integer PATH '$.a')) j;
CREATE VIEW majors.binary AS SELECT to_bin(p.id) AS bits FROM majors.plain p;
CREATE TABLE majors.slots (room int4range, during int4range, EXCLUDE USING gist (room WITH =, during WITH &&)) PARTITION BY LIST (room);
CREATE TABLE majors.slots_1 PARTITION OF majors.slots FOR VALUES IN ('[1,2)');
INSERT INTO majors.slots VALUES ('[1,2)', '[1,5)');
COMMENT ON CONSTRAINT given ON DOMAIN majors.positive IS 'a constraint only since 17';
ALTER DEFAULT PRIVILEGES IN SCHEMA majors GRANT SELECT, MAINTAIN ON TABLES TO majors_keeper;
