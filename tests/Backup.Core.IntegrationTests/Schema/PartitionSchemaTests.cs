using Backup.TestKit.PostgreSql;

namespace Backup.Core.IntegrationTests.Schema;

[Collection(RestoreCollection.Name)]
public sealed class PartitionSchemaTests(PostgresFixture postgres)
{
    [Fact]
    public async Task ReadAsync_PartitionsOfEveryStrategy_ComeBackIdentical()
    {
        var schema = await SchemaRoundTrip.AssertIdenticalAsync(
            postgres,
            """
            CREATE TABLE log (id int NOT NULL, at timestamptz NOT NULL DEFAULT now(), line text CHECK (line <> ''), PRIMARY KEY (id, at))
                PARTITION BY RANGE (at);
            CREATE TABLE log_2020 PARTITION OF log FOR VALUES FROM ('2020-01-01') TO ('2021-01-01') PARTITION BY HASH (id);
            CREATE TABLE log_2020_0 PARTITION OF log_2020 FOR VALUES WITH (MODULUS 2, REMAINDER 0);
            CREATE TABLE log_2020_1 PARTITION OF log_2020 FOR VALUES WITH (MODULUS 2, REMAINDER 1);
            CREATE TABLE log_rest PARTITION OF log DEFAULT;
            CREATE INDEX ON log (line);
            CREATE UNIQUE INDEX log_both ON log (at, id);
            ALTER TABLE log_rest ALTER line SET DEFAULT 'none';
            CREATE TABLE place (country text, n int) PARTITION BY LIST (country);
            CREATE TABLE "Place A" PARTITION OF place (CHECK (n > 5)) FOR VALUES IN ('a', NULL);
            """);

        var rows = schema.Entries.Where(entry => entry.Kind == "TABLE DATA").Select(entry => entry.Name);
        Assert.Equal(["Place A", "log_2020_0", "log_2020_1", "log_rest"], rows);
    }

    [Fact]
    public Task ReadAsync_ForeignKeysFromAndToPartitionedTables_ComeBackIdentical() =>
        SchemaRoundTrip.AssertIdenticalAsync(
            postgres,
            """
            CREATE TABLE a_child (id int, part int) PARTITION BY RANGE (part);
            CREATE TABLE a_child_1 PARTITION OF a_child FOR VALUES FROM (0) TO (9);
            CREATE TABLE whole (id int, part int, PRIMARY KEY (id, part)) PARTITION BY LIST (part);
            CREATE TABLE whole_1 PARTITION OF whole FOR VALUES IN (1) PARTITION BY LIST (id);
            CREATE TABLE whole_1_1 PARTITION OF whole_1 FOR VALUES IN (1);
            ALTER TABLE a_child ADD FOREIGN KEY (id, part) REFERENCES whole ON DELETE CASCADE;
            CREATE TABLE plain (id int, part int, FOREIGN KEY (id, part) REFERENCES whole);
            """);

    [Fact]
    public Task ReadAsync_TypedTables_ComeBackIdentical() =>
        SchemaRoundTrip.AssertIdenticalAsync(
            postgres,
            """
            CREATE TYPE pair AS (a int, b text);
            CREATE TABLE typed OF pair (PRIMARY KEY (a), b WITH OPTIONS DEFAULT 'z' NOT NULL);
            CREATE TABLE bare OF pair;
            """);
}
