using Backup.Core.IntegrationTests.Pipeline;
using Backup.Core.Pipeline;
using Backup.Core.Restore;
using Backup.Core.Sinks;
using Backup.TestKit;
using Backup.TestKit.PostgreSql;

namespace Backup.Core.IntegrationTests.EveryKind;

/// <summary>Partitions by the hash of an enumeration hold other rows in each database, as the server's numbers for its labels are hashed.</summary>
[Collection(RestoreCollection.Name)]
public sealed class EnumHashPartitionTests(PostgresFixture postgres) : IAsyncLifetime, IDisposable
{
    private const string Table =
        """
        CREATE TYPE letter AS ENUM ('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l');
        CREATE TABLE referenced (id integer PRIMARY KEY);
        INSERT INTO referenced SELECT generate_series(0, 9);
        CREATE TABLE hashed (k letter, n integer REFERENCES referenced, PRIMARY KEY (k, n)) PARTITION BY HASH (k);
        CREATE TABLE hashed_0 PARTITION OF hashed FOR VALUES WITH (MODULUS 3, REMAINDER 0);
        CREATE TABLE hashed_1 PARTITION OF hashed FOR VALUES WITH (MODULUS 3, REMAINDER 1) PARTITION BY RANGE (n);
        CREATE TABLE hashed_1_all PARTITION OF hashed_1 DEFAULT;
        CREATE TABLE "hashed
        2" PARTITION OF hashed FOR VALUES WITH (MODULUS 3, REMAINDER 2);
        INSERT INTO hashed SELECT k, n FROM unnest(enum_range(NULL::letter)) k, generate_series(0, 9) n;
        """;

    private readonly TemporaryFolder _folder = new();
    private BackupResult _backup = null!;

    public async Task InitializeAsync()
    {
        var source = await postgres.CreateDatabaseAsync();
        await ExecuteAsync(source, Table);
        _backup = await new BackupPipelineBuilder().UsePostgres(source).UseSink(new DirectorySink(_folder.Path))
            .ConfigureOptions(options => options.Codec = "deflate").Build().RunAsync(new BackupRequest());
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Restore_SchemaAndRows_EachRowFindsItsPartition()
    {
        var target = await postgres.CreateDatabaseAsync();

        var result = await RestoreAsync(target, new RestoreRequest());

        Assert.Empty(result.Failures);
        await AssertWholeAsync(target);
    }

    [Fact]
    public async Task Restore_RowsAlone_EachRowFindsItsPartition()
    {
        var target = await postgres.CreateDatabaseAsync();
        await ExecuteAsync(target, Table);

        var result = await RestoreAsync(target, new RestoreRequest { Scope = RestoreScope.DataOnly, Clean = true });

        Assert.Empty(result.Failures);
        await AssertWholeAsync(target);
    }

    [Fact]
    public async Task Restore_ByHand_EachRowFindsItsPartition()
    {
        var target = await postgres.CreateDatabaseAsync();

        await HandRestore.RunAsync(_folder, _backup, target);

        await AssertWholeAsync(target);
    }

    private Task<RestoreResult> RestoreAsync(string target, RestoreRequest request) => new RestorePipelineBuilder()
        .UsePostgres(target).UseSink(new DirectorySink(_folder.Path)).Build().RunAsync(request with { Backup = _backup.Id });

    // An index that was made of the wrong rows would not find them all.
    private static async Task AssertWholeAsync(string target)
    {
        await using var connection = await PostgresFixture.OpenAsync(target);
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM unnest(enum_range(NULL::letter)) k CROSS JOIN generate_series(0, 9) n JOIN hashed h ON (h.k, h.n) = (k.k, n.n)";
        Assert.Equal(120L, await command.ExecuteScalarAsync());
    }

    private static async Task ExecuteAsync(string database, string sql)
    {
        await using var connection = await PostgresFixture.OpenAsync(database);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }
}
