using Backup.TestKit.PostgreSql;

namespace Backup.Core.IntegrationTests.Schema;

[Collection(PostgresFixture.Collection)]
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
}
