-- What PostgreSQL 16 brought.
CREATE VIEW majors.any_note AS SELECT any_value(p.note) AS note FROM majors.plain p;
CREATE VIEW majors.as_json AS SELECT JSON_OBJECT('id' : p.id) AS object, p.note IS JSON AS is_json FROM majors.plain p;
CREATE TABLE majors.measured (celsius numeric, kelvin numeric GENERATED ALWAYS AS (celsius + 273) STORED);
CREATE TABLE majors.measured_well (kelvin numeric GENERATED ALWAYS AS (celsius + 273.15) STORED) INHERITS (majors.measured);
INSERT INTO majors.measured_well (celsius) VALUES (20);
CREATE FUNCTION majors.steady() RETURNS integer LANGUAGE sql SET debug_parallel_query = off AS 'SELECT 1';
CREATE TABLE majors.sorted (t text COLLATE "unicode");
INSERT INTO majors.sorted VALUES ('a');
