namespace Backup.Core.IntegrationTests.Schema;

/// <summary>A schema, and statements one after another that each change what a backup writes of it.</summary>
internal static class SchemaChanges
{
    /// <summary>What is there before. <c>{0}</c> is part of the names of roles, which belong to the server.</summary>
    public const string Before = """
        CREATE ROLE {0}_owner; CREATE ROLE {0}_reader; CREATE ROLE {0}_login LOGIN IN ROLE pg_read_all_data;
        CREATE SCHEMA app;
        CREATE TYPE app.mood AS ENUM ('good', 'bad');
        CREATE TYPE app.place AS (town text, code int);
        CREATE DOMAIN app.positive AS int CHECK (VALUE > 0);
        CREATE FUNCTION app.one() RETURNS int LANGUAGE sql AS 'SELECT 1';
        CREATE FUNCTION app.touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
        CREATE FUNCTION app.noticed() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
        CREATE TABLE app.parent (id serial PRIMARY KEY, name text, born date, mood app.mood);
        CREATE TABLE app.child_base (n int);
        CREATE TABLE app.child (id bigint GENERATED ALWAYS AS IDENTITY, parent int, n int);
        CREATE TABLE app.parted (id int, at date) PARTITION BY RANGE (id);
        CREATE TABLE app.part PARTITION OF app.parted FOR VALUES FROM (0) TO (10);
        CREATE VIEW app.names AS SELECT name FROM app.parent;
        CREATE MATERIALIZED VIEW app.counts AS SELECT count(*) FROM app.parent;
        CREATE INDEX child_n ON app.child (n);
        CREATE POLICY own ON app.parent USING (true);
        CREATE PUBLICATION {0}_changes FOR TABLE app.parent;
        """;

    /// <summary>Each changes the text of the schema.</summary>
    public static IReadOnlyList<string> Changing { get; } =
    [
        "CREATE TABLE app.more (id int)",
        "ALTER TABLE app.more ADD COLUMN v text",
        "ALTER TABLE app.more ALTER v SET DEFAULT 'x'",
        "ALTER TABLE app.more ALTER v SET NOT NULL",
        "ALTER TABLE app.more ALTER v TYPE varchar(10)",
        "ALTER TABLE app.more ALTER v SET STORAGE EXTERNAL",
        "ALTER TABLE app.more ALTER v SET STATISTICS 77",
        "ALTER TABLE app.more ALTER v SET (n_distinct = 5)",
        "ALTER TABLE app.more ALTER v SET COMPRESSION pglz",
        "ALTER TABLE app.more SET (fillfactor = 70)",
        "ALTER TABLE app.more SET UNLOGGED",
        "ALTER TABLE app.more REPLICA IDENTITY FULL",
        "ALTER TABLE app.more RENAME v TO w",
        "ALTER TABLE app.more DROP COLUMN w",
        "ALTER TABLE app.more RENAME TO most",
        "ALTER TABLE app.most SET SCHEMA public",
        "ALTER TABLE app.child INHERIT app.child_base",
        "ALTER TABLE app.child NO INHERIT app.child_base",
        "COMMENT ON TABLE app.parent IS 'first'",
        "COMMENT ON TABLE app.parent IS 'other'",
        "COMMENT ON COLUMN app.parent.name IS 'column'",
        "COMMENT ON COLUMN app.parent.name IS NULL",
        "GRANT SELECT ON app.parent TO {0}_reader",
        "GRANT UPDATE (name) ON app.parent TO {0}_reader",
        "REVOKE SELECT ON app.parent FROM {0}_reader",
        "GRANT USAGE ON SCHEMA app TO {0}_reader WITH GRANT OPTION",
        "GRANT EXECUTE ON FUNCTION pg_catalog.pg_ls_dir(text) TO {0}_reader; GRANT SELECT ON pg_catalog.pg_authid TO {0}_reader",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT ON TABLES TO {0}_reader",
        "ALTER TABLE app.parent OWNER TO {0}_owner",
        "ALTER ROLE {0}_owner RENAME TO {0}_master",
        "ALTER SCHEMA app OWNER TO {0}_master",
        "ALTER TABLE app.parent ENABLE ROW LEVEL SECURITY",
        "ALTER TABLE app.parent FORCE ROW LEVEL SECURITY",
        "ALTER POLICY own ON app.parent USING (id > 1)",
        "ALTER POLICY own ON app.parent RENAME TO ours",
        "DROP POLICY ours ON app.parent",
        "CREATE INDEX parent_name ON app.parent (lower(name)) WHERE id > 5",
        "ALTER INDEX app.parent_name SET (fillfactor = 60)",
        "ALTER INDEX app.parent_name RENAME TO parent_lower",
        "DROP INDEX app.parent_lower",
        "ALTER TABLE app.child CLUSTER ON child_n",
        "ALTER TABLE app.child ADD CONSTRAINT up CHECK (n > 0) NOT VALID",
        "ALTER TABLE app.child VALIDATE CONSTRAINT up",
        "ALTER TABLE app.child ADD CONSTRAINT its FOREIGN KEY (parent) REFERENCES app.parent",
        "ALTER TABLE app.child ALTER CONSTRAINT its DEFERRABLE",
        "ALTER TABLE app.child RENAME CONSTRAINT its TO belongs",
        "CREATE TRIGGER t BEFORE UPDATE ON app.child FOR EACH ROW EXECUTE FUNCTION app.touch()",
        "ALTER TABLE app.child DISABLE TRIGGER t",
        "CREATE RULE r AS ON DELETE TO app.child DO INSTEAD NOTHING",
        "ALTER TABLE app.child DISABLE RULE r",
        "CREATE STATISTICS app.s ON n, parent FROM app.child",
        "ALTER STATISTICS app.s SET STATISTICS 50",
        "ALTER TABLE app.parted DETACH PARTITION app.part",
        "ALTER TABLE app.parted ATTACH PARTITION app.part FOR VALUES FROM (5) TO (20)",
        "CREATE OR REPLACE VIEW app.names AS SELECT name, 1 AS one FROM app.parent",
        "ALTER VIEW app.names SET (security_barrier = true)",
        "ALTER MATERIALIZED VIEW app.counts RENAME TO totals",
        "REFRESH MATERIALIZED VIEW app.totals WITH NO DATA",
        "CREATE OR REPLACE FUNCTION app.one() RETURNS int LANGUAGE sql AS 'SELECT 2'",
        "ALTER FUNCTION app.one() SET work_mem = '5MB'",
        "ALTER FUNCTION app.one() STABLE COST 7",
        "ALTER FUNCTION app.one() RENAME TO first",
        "CREATE PROCEDURE app.p() LANGUAGE sql AS 'SELECT 1'",
        "CREATE AGGREGATE app.total (int) (sfunc = int4pl, stype = int)",
        "CREATE OPERATOR app.=== (leftarg = int, rightarg = int, function = int4eq)",
        "ALTER OPERATOR app.=== (int, int) SET (restrict = eqsel)",
        "CREATE CAST (app.place AS text) WITH INOUT",
        "ALTER TYPE app.mood ADD VALUE 'so so' BEFORE 'bad'",
        "ALTER TYPE app.mood RENAME VALUE 'bad' TO 'worse'",
        "ALTER TYPE app.place ADD ATTRIBUTE street text",
        "ALTER DOMAIN app.positive ADD CHECK (VALUE < 9)",
        "ALTER DOMAIN app.positive SET DEFAULT 3",
        "CREATE TYPE app.span AS RANGE (subtype = int)",
        "CREATE COLLATION app.c (provider = libc, locale = 'C')",
        "CREATE TEXT SEARCH CONFIGURATION app.words (COPY = english)",
        "ALTER TEXT SEARCH CONFIGURATION app.words DROP MAPPING FOR email",
        "CREATE TEXT SEARCH DICTIONARY app.d (TEMPLATE = simple)",
        "ALTER TEXT SEARCH DICTIONARY app.d (stopwords = english)",
        "ALTER SEQUENCE app.parent_id_seq INCREMENT 5",
        "ALTER SEQUENCE app.parent_id_seq OWNED BY NONE",
        "CREATE SEQUENCE app.free AS smallint CYCLE",
        "ALTER TABLE app.child ALTER id SET GENERATED BY DEFAULT",
        "ALTER TABLE app.child ALTER id DROP IDENTITY",
        "ALTER PUBLICATION {0}_changes ADD TABLE app.child",
        "ALTER PUBLICATION {0}_changes SET (publish = 'insert')",
        "CREATE EVENT TRIGGER {0}_e ON ddl_command_end WHEN TAG IN ('CREATE VIEW') EXECUTE FUNCTION app.noticed()",
        "ALTER EVENT TRIGGER {0}_e DISABLE",
        "CREATE FOREIGN DATA WRAPPER {0}_w",
        "CREATE SERVER {0}_s FOREIGN DATA WRAPPER {0}_w OPTIONS (host 'a')",
        "ALTER SERVER {0}_s OPTIONS (SET host 'b')",
        "CREATE USER MAPPING FOR {0}_login SERVER {0}_s OPTIONS (secret 'x')",
        "ALTER USER MAPPING FOR {0}_login SERVER {0}_s OPTIONS (SET secret 'y')",
        "CREATE FOREIGN TABLE app.far (id int) SERVER {0}_s OPTIONS (name 'x')",
        "ALTER FOREIGN TABLE app.far OPTIONS (SET name 'y')",
        "CREATE LANGUAGE {0}_l HANDLER plpgsql_call_handler",
        "CREATE ACCESS METHOD {0}_am TYPE TABLE HANDLER heap_tableam_handler",
        "CREATE OPERATOR FAMILY app.f USING btree",
        "CREATE CONVERSION app.conv FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8",
        "DROP EVENT TRIGGER {0}_e",
        "DROP TABLE app.child",
        "TRUNCATE app.parent; ALTER TABLE app.parent DROP COLUMN born",
    ];

    /// <summary>None changes the text of the schema.</summary>
    public static IReadOnlyList<string> Harmless { get; } =
    [
        "INSERT INTO app.parent (name) SELECT i::text FROM generate_series(1, 1000) i",
        "UPDATE app.parent SET name = name || 'x'",
        "DELETE FROM app.parent WHERE id % 2 = 0",
        "VACUUM ANALYZE",
        "VACUUM (FREEZE) pg_catalog.pg_class",
        "ANALYZE app.parent",
        "REINDEX TABLE app.parent",
        "ALTER DATABASE {1} SET work_mem = '5MB'",
        "SELECT nextval('app.parent_id_seq')",
        "REFRESH MATERIALIZED VIEW app.counts",
        "CREATE TEMP TABLE t (id int); DROP TABLE t",
    ];
}
