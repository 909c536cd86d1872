CREATE TABLE kinds.nulls_alike (a integer, b text, CONSTRAINT "one ""null""" UNIQUE NULLS NOT DISTINCT (a, b) INCLUDE (b));
CREATE UNIQUE INDEX nulls_alike_b ON kinds.nulls_alike (b) NULLS NOT DISTINCT WHERE a > 0;
CREATE TABLE kinds.some_set_null (tenant integer NOT NULL, id integer PRIMARY KEY, parent integer, CONSTRAINT some_columns
    FOREIGN KEY (tenant, parent) REFERENCES kinds.parents (tenant, id) ON DELETE SET NULL (parent),
    FOREIGN KEY (tenant, parent) REFERENCES kinds.parents (tenant, id) ON DELETE SET DEFAULT (parent, tenant));
