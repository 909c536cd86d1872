-- What PostgreSQL 15 brought.
CREATE TABLE majors.at_most_one_null (id integer, CONSTRAINT at_most_one UNIQUE NULLS NOT DISTINCT (id));
INSERT INTO majors.at_most_one_null VALUES (1), (NULL);
CREATE UNIQUE INDEX plain_size ON majors.plain (size) NULLS NOT DISTINCT;
CREATE VIEW majors.as_caller WITH (security_invoker = true) AS SELECT p.id FROM majors.plain p;
COMMENT ON VIEW majors.as_caller IS 'goes with its view';
CREATE VIEW majors.above_caller AS SELECT c.id FROM majors.as_caller c;
CREATE TABLE majors.mentors (tenant integer, id integer, PRIMARY KEY (tenant, id));
CREATE TABLE majors.mentees (
    tenant integer NOT NULL, id integer PRIMARY KEY, mentor integer,
    CONSTRAINT mentor_of_tenant FOREIGN KEY (tenant, mentor) REFERENCES majors.mentors ON DELETE SET NULL (mentor)
);
INSERT INTO majors.mentors VALUES (1, 1);
INSERT INTO majors.mentees VALUES (1, 5, 1);
CREATE PUBLICATION majors_chosen FOR TABLE majors.plain (id, note), majors.mentors WHERE (tenant > 0);
CREATE PUBLICATION majors_schema FOR TABLES IN SCHEMA majors;
CREATE UNLOGGED SEQUENCE majors.lost_in_a_crash;
CREATE TABLE majors.rounded (thousands numeric(3, -3), fractions numeric(2, 4));
INSERT INTO majors.rounded VALUES (123456, 0.0012);
CREATE VIEW majors.matches AS SELECT p.id, regexp_count(p.note, 'o') AS os FROM majors.plain p;
CREATE FUNCTION majors.merged() RETURNS void LANGUAGE sql BEGIN ATOMIC
    MERGE INTO majors.plain p USING majors.parent q ON p.id = q.id WHEN MATCHED THEN DO NOTHING;
END;
GRANT SELECT ON majors.plain TO pg_checkpoint;
