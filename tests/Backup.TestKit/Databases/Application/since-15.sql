-- What PostgreSQL 15 brought.
ALTER TABLE audit.replicated ADD CONSTRAINT one_note UNIQUE NULLS NOT DISTINCT (id, note);
CREATE UNIQUE INDEX replicated_note ON audit.replicated (note) NULLS NOT DISTINCT;
CREATE VIEW learning.my_enrolments WITH (security_invoker = on) AS SELECT student, course FROM learning.enrolments;

CREATE TABLE learning.mentors (tenant integer, id integer, PRIMARY KEY (tenant, id));
CREATE TABLE learning.mentees (
    tenant integer NOT NULL, id integer PRIMARY KEY, mentor integer,
    FOREIGN KEY (tenant, mentor) REFERENCES learning.mentors ON DELETE SET NULL (mentor)
);

CREATE PUBLICATION shop_columns FOR TABLE shop.products (id, title), shop.staff WHERE (id > 100);
CREATE PUBLICATION shop_schemas FOR TABLES IN SCHEMA learning, auth;
