using Backup.Core.Pipeline;
using Backup.Core.Restore;
using Backup.Core.Sinks;
using Backup.Core.Verification;
using Backup.TestKit;
using Backup.TestKit.PostgreSql;
using Backup.TestKit.Storage;
using Npgsql;

namespace Backup.Core.IntegrationTests.Storage;

/// <summary>The whole way of many hard objects: from a project into a backup and into another project.</summary>
[Collection(PostgresFixture.Collection)]
public sealed class BucketsRoundTripTests(PostgresFixture postgres) : IDisposable
{
    private const int Objects = 20_000;

    private const string Rows = """
        SELECT bucket_id, name, id::text, owner_id, created_at, updated_at, user_metadata::text FROM storage.objects
        ORDER BY bucket_id, name COLLATE "C"
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task RunAsync_TwentyThousandHardObjects_BringsBackEveryByteAndProperty()
    {
        await using var source = await SupabaseProject.CreateAsync(postgres.Server);
        await using var target = await SupabaseProject.CreateAsync(postgres.Server);
        await HardObjects.FillAsync(source.Storage.State, Objects, withHuge: true);
        var truth = StoredTruth.Of(source.Storage);
        var sink = new DirectorySink(_folder.Path);

        var backup = await new BackupPipelineBuilder()
            .UsePostgres(source.Database).UseSupabaseStorage(source.StorageOptions).UseSink(sink)
            .Build().RunAsync(new BackupRequest());
        Assert.Empty(backup.Failures);
        Assert.Equal(truth.Count, backup.Totals.Objects);
        Assert.True((await new BackupVerifier(sink).VerifyAsync(backup.Id)).IsIntact);
        await StoredTruth.AssertBackupAsync(sink, backup.Id, truth);

        var restored = await new RestorePipelineBuilder()
            .UseSink(sink).UsePostgres(target.Database).UseSupabaseStorage(target.StorageOptions)
            .Build().RunAsync(new RestoreRequest());
        Assert.Empty(restored.Failures);
        Assert.Equal(truth.Count, restored.FilesUploaded.Objects);
        StoredTruth.AssertServer(target.Storage, truth);
        Assert.Equal(source.Storage.State.Buckets.Select(Settings).Order(), target.Storage.State.Buckets.Select(Settings).Order());
        Assert.Equal(await ReadRowsAsync(source.Database), await ReadRowsAsync(target.Database));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task RunAsync_StoreAlone_ListsAndBringsBackTheSame(bool hasListV2)
    {
        await using var source = await StorageServer.StartAsync(new StorageServerOptions { HasListV2 = hasListV2 });
        await using var target = await StorageServer.StartAsync(new StorageServerOptions { IsBehindGateway = true });
        await HardObjects.FillAsync(source.State, 400, withHuge: false);
        if (!hasListV2)
        {
            // The old listing mixes folders that differ in case alone, which is an error of its own.
            foreach (var bucket in source.State.Buckets)
            {
                await source.State.DeleteAsync(bucket.Id, "A/b");
            }
        }

        var truth = StoredTruth.Of(source);
        var sink = new InMemorySink();

        var backup = await new BackupPipelineBuilder()
            .UseSupabaseStorage(new() { Url = source.Address, Key = source.ServiceKey, ListPageSize = 100 }).UseSink(sink)
            .Build().RunAsync(new BackupRequest());
        Assert.Empty(backup.Failures);
        Assert.Equal(truth.Count, backup.Totals.Objects);

        var restored = await new RestorePipelineBuilder()
            .UseSink(sink).UseSupabaseStorage(new() { Url = target.Address, Key = target.ServiceKey })
            .Build().RunAsync(new RestoreRequest());
        Assert.Empty(restored.Failures);
        StoredTruth.AssertServer(target, truth);
    }

    private static (string, string, bool, long?, string?) Settings(BucketRow bucket) =>
        (bucket.Id, bucket.Name, bucket.IsPublic, bucket.FileSizeLimitBytes, bucket.AllowedMimeTypes is { } types ? string.Join(",", types) : null);

    private static async Task<List<string>> ReadRowsAsync(string database)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(Rows, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        var values = new object[reader.FieldCount];
        while (await reader.ReadAsync())
        {
            reader.GetValues(values);
            rows.Add(string.Join('|', values));
        }

        return rows;
    }
}
