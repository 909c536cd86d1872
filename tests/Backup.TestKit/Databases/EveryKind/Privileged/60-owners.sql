CREATE SCHEMA kinds_of_others AUTHORIZATION "Kinds ""Reader"", ü";
CREATE TABLE kinds_of_others.grants (id integer PRIMARY KEY, n integer);
ALTER TABLE kinds_of_others.grants OWNER TO "Kinds ""Reader"", ü";
CREATE VIEW kinds_of_others.of_another AS SELECT id FROM kinds_of_others.grants;
ALTER VIEW kinds_of_others.of_another OWNER TO kinds_writer;
CREATE FUNCTION kinds_of_others.f(integer) RETURNS integer LANGUAGE sql RETURN 1;
ALTER FUNCTION kinds_of_others.f(integer) OWNER TO kinds_writer;
CREATE TYPE kinds_of_others.t AS ENUM ('a');
ALTER TYPE kinds_of_others.t OWNER TO kinds_writer;
CREATE SEQUENCE kinds_of_others.s;
ALTER SEQUENCE kinds_of_others.s OWNER TO kinds_writer;
CREATE MATERIALIZED VIEW kinds_of_others.m AS SELECT 1 AS one;
ALTER MATERIALIZED VIEW kinds_of_others.m OWNER TO kinds_writer;

-- Chains of grants: each grants on what it was granted.
SET SESSION AUTHORIZATION "Kinds ""Reader"", ü";
GRANT USAGE ON SCHEMA kinds_of_others TO kinds_writer, kinds_owner;
GRANT SELECT, UPDATE ON kinds_of_others.grants TO kinds_writer WITH GRANT OPTION;
GRANT SELECT (n) ON kinds_of_others.grants TO kinds_writer WITH GRANT OPTION;
SET SESSION AUTHORIZATION kinds_writer;
GRANT SELECT ON kinds_of_others.grants TO kinds_owner WITH GRANT OPTION;
GRANT UPDATE ON kinds_of_others.grants TO kinds_owner;
GRANT SELECT (n) ON kinds_of_others.grants TO PUBLIC;
GRANT EXECUTE ON FUNCTION kinds_of_others.f(integer) TO kinds_owner;
SET SESSION AUTHORIZATION kinds_owner;
GRANT SELECT ON kinds_of_others.grants TO PUBLIC;
RESET SESSION AUTHORIZATION;
ALTER DEFAULT PRIVILEGES FOR ROLE kinds_writer GRANT SELECT ON TABLES TO kinds_owner;
ALTER DEFAULT PRIVILEGES FOR ROLE "Kinds ""Reader"", ü" IN SCHEMA kinds_of_others GRANT EXECUTE ON ROUTINES TO kinds_writer;

-- What the server itself brings.
REVOKE ALL ON FUNCTION pg_catalog.pg_sleep(double precision) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION pg_catalog.pg_ls_dir(text) TO kinds_writer;
REVOKE USAGE ON LANGUAGE plpgsql FROM PUBLIC;
GRANT USAGE ON LANGUAGE plpgsql TO kinds_owner, kinds_writer;
GRANT SELECT ON pg_catalog.pg_authid TO kinds_writer WITH GRANT OPTION;
REVOKE SELECT ON pg_catalog.pg_settings FROM PUBLIC;
GRANT SELECT (rolname, rolpassword) ON pg_catalog.pg_authid TO "Kinds ""Reader"", ü";
COMMENT ON SCHEMA public IS 'Another comment';
GRANT CREATE ON SCHEMA public TO kinds_writer;
REVOKE USAGE ON SCHEMA public FROM PUBLIC;

ALTER FUNCTION kinds.keep() DEPENDS ON EXTENSION plpgsql;
ALTER PROCEDURE kinds.settle(integer, timestamptz) DEPENDS ON EXTENSION plpgsql;
ALTER TRIGGER inserted ON kinds.teams DEPENDS ON EXTENSION plpgsql;
ALTER MATERIALIZED VIEW kinds.a_total DEPENDS ON EXTENSION plpgsql;
ALTER INDEX kinds.videos_title DEPENDS ON EXTENSION plpgsql;
