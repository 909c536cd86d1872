-- A scale below zero, and one above the precision.
CREATE TABLE kinds.numerics (id integer, thousands numeric(5, -3), small numeric(3, 5));
INSERT INTO kinds.numerics VALUES (1, 12345678, 0.00123);
