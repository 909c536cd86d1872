CREATE TABLE kinds.intervals (id integer, v interval);
INSERT INTO kinds.intervals VALUES (1, 'infinity'), (2, '-infinity'), (3, NULL);
