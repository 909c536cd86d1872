using Backup.TestKit.PostgreSql;
using Npgsql;

namespace Backup.Core.IntegrationTests.Schema;

[Collection(RestoreCollection.Name)]
public sealed class TableSchemaTests(PostgresFixture postgres)
{
    [Fact]
    public Task ReadAsync_SchemasWithOwnersCommentsAndGrants_ComeBackIdentical() =>
        SchemaRoundTrip.AssertIdenticalAsync(
            postgres,
            """
            DO $$ BEGIN CREATE ROLE schema_owner; CREATE ROLE "schema Guest"; EXCEPTION WHEN duplicate_object THEN END $$;
            CREATE SCHEMA "My Schema" AUTHORIZATION schema_owner;
            COMMENT ON SCHEMA "My Schema" IS E'it''s a \\ back\nslash';
            GRANT USAGE ON SCHEMA "My Schema" TO "schema Guest" WITH GRANT OPTION;
            GRANT CREATE ON SCHEMA public TO schema_owner;
            REVOKE USAGE ON SCHEMA public FROM PUBLIC;
            COMMENT ON SCHEMA public IS NULL;
            """);

    [Fact]
    public Task ReadAsync_ColumnProperties_ComeBackIdentical() =>
        SchemaRoundTrip.AssertIdenticalAsync(
            postgres,
            """
            CREATE TABLE "T 1" (
                a integer NOT NULL, "B ""b" varchar(20) COLLATE "C", c numeric(10, 2)[], d timestamp(3) with time zone,
                "select" text, dropped int) WITH (fillfactor = 70, toast.autovacuum_enabled = false);
            ALTER TABLE "T 1" DROP COLUMN dropped;
            ALTER TABLE "T 1" ALTER a SET STATISTICS 500, ALTER "select" SET STORAGE EXTERNAL,
                ALTER "select" SET COMPRESSION pglz, ALTER a SET (n_distinct = -0.5);
            COMMENT ON TABLE "T 1" IS 'table'; COMMENT ON COLUMN "T 1"."B ""b" IS 'column';
            CREATE UNLOGGED TABLE nothing ();
            ALTER TABLE nothing REPLICA IDENTITY FULL;
            ALTER TABLE "T 1" FORCE ROW LEVEL SECURITY;
            """);

    [Fact]
    public Task ReadAsync_PrivilegesGrantedOnByOthers_ComeBackIdentical() =>
        SchemaRoundTrip.AssertIdenticalAsync(
            postgres,
            """
            DO $$ BEGIN CREATE ROLE table_owner; CREATE ROLE "table Reader"; EXCEPTION WHEN duplicate_object THEN END $$;
            CREATE TABLE ledger (id integer, amount numeric);
            ALTER TABLE ledger OWNER TO table_owner;
            REVOKE INSERT, TRUNCATE ON ledger FROM table_owner;
            SET SESSION AUTHORIZATION table_owner;
            GRANT SELECT ON ledger TO "table Reader" WITH GRANT OPTION;
            GRANT UPDATE (amount), SELECT (id) ON ledger TO "table Reader";
            SET SESSION AUTHORIZATION "table Reader";
            GRANT SELECT ON ledger TO PUBLIC;
            """);

    [Fact]
    public Task ReadAsync_InheritedTables_ComeBackIdentical() =>
        SchemaRoundTrip.AssertIdenticalAsync(
            postgres,
            """
            CREATE TABLE a (id integer NOT NULL, note text);
            CREATE TABLE b (id integer, place text NOT NULL);
            CREATE TABLE child (extra boolean, id integer) INHERITS (b, a);
            ALTER TABLE child ALTER note SET NOT NULL;
            ALTER TABLE ONLY a ALTER note SET COMPRESSION pglz;
            ALTER TABLE ONLY a ALTER note SET STORAGE EXTERNAL;
            CREATE TABLE grandchild () INHERITS (child);
            """);

    [Fact]
    public async Task ReadAsync_ChildrenOlderThanTheirParentsColumns_ComeBackWithTheirColumnsInOrder()
    {
        var source = await postgres.CreateDatabaseAsync();
        await SchemaRoundTrip.RunScriptAsync(
            source,
            """
            CREATE TABLE grown (a integer PRIMARY KEY, b text DEFAULT 'x');
            CREATE TABLE child (extra boolean NOT NULL) INHERITS (grown);
            CREATE TABLE grandchild (more point) INHERITS (child);
            ALTER TABLE grown ADD c numeric(5, 2) NOT NULL DEFAULT 7, ADD g integer GENERATED ALWAYS AS (a * 2) STORED;
            ALTER TABLE grown ADD CONSTRAINT positive CHECK (c > 0), ADD CONSTRAINT own CHECK (a > 0) NO INHERIT;
            ALTER TABLE child ADD late text COLLATE "C";
            ALTER TABLE grown ADD CONSTRAINT unchecked CHECK (c < 100) NOT VALID;
            CREATE TABLE joined_parent (x integer NOT NULL, y text, CHECK (x > 0));
            CREATE TABLE joined (z text, y text, x integer NOT NULL, CONSTRAINT joined_parent_x_check CHECK (x > 0));
            ALTER TABLE joined INHERIT joined_parent;
            CREATE TABLE first_parent (k integer, v text);
            CREATE TABLE second_parent (w text, k integer);
            CREATE TABLE twofold (k integer, dropped text) INHERITS (first_parent);
            ALTER TABLE twofold ADD w text, DROP dropped;
            ALTER TABLE twofold INHERIT second_parent;
            ALTER TABLE second_parent ADD u integer;
            ALTER TABLE ONLY first_parent DROP v;
            CREATE TABLE said_a (q text DEFAULT 'a');
            CREATE TABLE said_b (q text DEFAULT 'a');
            CREATE TABLE undecided () INHERITS (said_a, said_b);
            ALTER TABLE ONLY said_b ALTER q SET DEFAULT 'b';
            ALTER TABLE ONLY said_a ALTER q SET STORAGE EXTERNAL;
            CREATE TABLE strict (n integer);
            CREATE TABLE lenient () INHERITS (strict);
            ALTER TABLE ONLY strict ALTER n SET NOT NULL;
            """);
        var schema = await SchemaRoundTrip.AssertIdenticalToAsync(postgres, source);

        // What pg_dump does not show: what is inherited only, how often, and what may be NULL.
        Assert.Equal(await ColumnsAsync(source), await ColumnsAsync(await SchemaRoundTrip.RestoreAsync(postgres, schema)));
    }

    private static async Task<string?> ColumnsAsync(string database)
    {
        await using var connection = await PostgresFixture.OpenAsync(database);
        await using var command = new NpgsqlCommand(
            """
            SELECT string_agg(line, E'\n' ORDER BY line) FROM (
                SELECT concat_ws(' ', attrelid::regclass, attname, attislocal, attinhcount, attnotnull) AS line
                FROM pg_attribute JOIN pg_class c ON c.oid = attrelid
                WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND attnum > 0 AND NOT attisdropped
                UNION ALL
                SELECT concat_ws(' ', conrelid::regclass, conname, conislocal, coninhcount, convalidated)
                FROM pg_constraint WHERE contype = 'c' AND connamespace = 'public'::regnamespace) lines
            """,
            connection);
        return (string?)await command.ExecuteScalarAsync();
    }
}
