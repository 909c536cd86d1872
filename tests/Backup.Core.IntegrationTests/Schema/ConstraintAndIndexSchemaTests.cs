using Backup.TestKit.PostgreSql;

namespace Backup.Core.IntegrationTests.Schema;

[Collection(RestoreCollection.Name)]
public sealed class ConstraintAndIndexSchemaTests(PostgresFixture postgres)
{
    [Fact]
    public Task ReadAsync_KeysAndForeignKeys_ComeBackIdentical() =>
        SchemaRoundTrip.AssertIdenticalAsync(
            postgres,
            """
            CREATE TABLE node (
                id int PRIMARY KEY, parent int REFERENCES node ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED, x int NOT NULL, y int, z int,
                CONSTRAINT pair UNIQUE (y) INCLUDE (z) WITH (fillfactor = 60) DEFERRABLE,
                CONSTRAINT late UNIQUE (x, y) WITH (fillfactor = 80) DEFERRABLE INITIALLY DEFERRED);
            COMMENT ON CONSTRAINT pair ON node IS 'a constraint'; COMMENT ON INDEX pair IS 'its index';
            ALTER TABLE node CLUSTER ON node_pkey;
            CREATE UNIQUE INDEX identity ON node (x);
            ALTER TABLE node REPLICA IDENTITY USING INDEX identity;
            CREATE TABLE "Leaf" (node int, CONSTRAINT "to Node" FOREIGN KEY (node) REFERENCES node MATCH FULL ON UPDATE SET NULL NOT VALID);
            """);

    [Fact]
    public Task ReadAsync_CheckConstraints_ComeBackIdentical() =>
        SchemaRoundTrip.AssertIdenticalAsync(
            postgres,
            """
            CREATE TABLE base (a int CHECK (a > 0), CONSTRAINT "Own One" CHECK (a < 100) NO INHERIT);
            CREATE TABLE derived (CONSTRAINT base_a_check CHECK (a > 0), CHECK (a <> 50)) INHERITS (base);
            ALTER TABLE base ADD CONSTRAINT unproven CHECK (a <> 7) NOT VALID;
            COMMENT ON CONSTRAINT "Own One" ON base IS 'not inherited';
            """);

    [Fact]
    public Task ReadAsync_ExclusionConstraintsAndIndexes_ComeBackIdentical() =>
        SchemaRoundTrip.AssertIdenticalAsync(
            postgres,
            """
            CREATE TABLE booking (during int4range, room int, note text,
                EXCLUDE USING gist (during WITH &&) WITH (fillfactor = 50) WHERE (room > 0));
            CREATE INDEX by_expression ON booking ((room + 1), lower(during) DESC NULLS LAST);
            ALTER INDEX by_expression ALTER COLUMN 1 SET STATISTICS 300;
            CREATE INDEX hashed ON booking USING hash (note) WHERE room > 3;
            CREATE INDEX covering ON booking (note COLLATE "C" text_pattern_ops) INCLUDE (room) WITH (fillfactor = 40);
            COMMENT ON INDEX hashed IS 'hash';
            CREATE STATISTICS related (ndistinct, dependencies) ON room, note FROM booking;
            CREATE STATISTICS expressions ON lower(note), room FROM booking;
            ALTER STATISTICS related SET STATISTICS 55;
            COMMENT ON STATISTICS related IS 'they go together';
            """);

    [Fact]
    public async Task ReadAsync_StatisticsInAnotherSchema_AreOfNoTableThere()
    {
        var schema = await SchemaRoundTrip.AssertIdenticalAsync(
            postgres,
            """
            CREATE SCHEMA other;
            CREATE TABLE measured (a int, b int);
            CREATE TABLE other.measured (a int, b int);
            CREATE STATISTICS other.far ON a, b FROM public.measured;
            CREATE STATISTICS other.near ON a, b FROM other.measured;
            """);

        Assert.Equal([null, "measured"], schema.Entries.Where(entry => entry.Kind == "STATISTICS").OrderBy(entry => entry.Name).Select(entry => entry.Table));
    }

    [Fact]
    public Task ReadAsync_RowSecurity_ComesBackIdentical() =>
        SchemaRoundTrip.AssertIdenticalAsync(
            postgres,
            """
            CREATE TABLE secret (id int);
            ALTER TABLE secret ENABLE ROW LEVEL SECURITY;
            ALTER TABLE secret FORCE ROW LEVEL SECURITY;
            """);
}
