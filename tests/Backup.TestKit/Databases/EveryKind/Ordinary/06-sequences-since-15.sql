CREATE UNLOGGED SEQUENCE kinds.unlogged_numbers CACHE 5;
SELECT nextval('kinds.unlogged_numbers');
CREATE UNLOGGED TABLE kinds.logged_identity_of_unlogged (id integer GENERATED ALWAYS AS IDENTITY);
ALTER SEQUENCE kinds.logged_identity_of_unlogged_id_seq SET LOGGED;
