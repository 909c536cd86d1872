CREATE TABLE kinds.virtual (
    celsius numeric NOT NULL,
    fahrenheit numeric GENERATED ALWAYS AS (celsius * 9 / 5 + 32) VIRTUAL,
    kelvin numeric GENERATED ALWAYS AS (celsius + 273.15) STORED,
    "both ""kinds""" text GENERATED ALWAYS AS (celsius::text || ' C') NOT NULL
);
INSERT INTO kinds.virtual (celsius) VALUES (21.5), (-3);
CREATE TABLE kinds.virtual_parent (a integer, b integer GENERATED ALWAYS AS (a * 2) VIRTUAL);
CREATE TABLE kinds.virtual_child (b integer GENERATED ALWAYS AS (a * 3) VIRTUAL) INHERITS (kinds.virtual_parent);
CREATE TABLE kinds.virtual_heir () INHERITS (kinds.virtual_parent);
INSERT INTO kinds.virtual_child (a) VALUES (5);
