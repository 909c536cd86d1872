CREATE TABLE kinds.storage_of_creation (main text STORAGE MAIN, external bytea STORAGE EXTERNAL, plain text STORAGE PLAIN COMPRESSION pglz);
CREATE TABLE kinds.generated_parent (a integer, b integer GENERATED ALWAYS AS (a + 1) STORED);
CREATE TABLE kinds.generated_child (b integer GENERATED ALWAYS AS (a + 2) STORED) INHERITS (kinds.generated_parent);
INSERT INTO kinds.generated_child (a) VALUES (1);
