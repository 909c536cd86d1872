using Backup.Core.Archives;
using Backup.Core.Archives.Manifest;
using Backup.Core.IntegrationTests.Postgres;
using Backup.Core.ObjectStores.SupabaseStorage;
using Backup.Core.Pipeline;
using Backup.Core.Sinks;
using Backup.Core.Verification;
using Backup.TestKit.PostgreSql;
using Backup.TestKit.Storage;
using Backup.TestKit.Storage.Mirror;

namespace Backup.Core.IntegrationTests.Pipeline;

/// <summary>Objects come, go and change while they are backed up.</summary>
[Collection(PostgresFixture.Collection)]
public sealed class ChangingObjectsTests(PostgresFixture fixture)
{
    private const int Objects = 60;
    private const int LargeBytes = 3_000_000;

    [Fact]
    public async Task RunAsync_ObjectsChangeMeanwhile_HoldsTheSnapshotsSetAndReportsTheRest()
    {
        await using var database = await TestDatabase.CreateAsync(fixture, "CREATE TABLE t AS SELECT i FROM generate_series(1, 1000) i");
        await StorageTables.CreateAsync(database.Connection);
        await using var server = await StorageServer.StartAsync(new StorageServerOptions { MirrorConnectionString = database.ConnectionString });
        await server.State.CreateBucketAsync("docs");
        for (var number = 0; number < Objects; number++)
        {
            await server.State.PutAsync(new NewObject("docs", Name(number), Content(number)));
        }

        // The snapshot is taken and listed by now; no download goes on before everything has changed.
        var change = new Lazy<Task>(() => ChangeAsync(server.State));
        server.Faults.Add(StorageCall.IsDownload, Fault.Run(() => change.Value));
        var sink = new InMemorySink();
        var result = await new BackupPipelineBuilder()
            .UsePostgres(database.ConnectionString)
            .UseSupabaseStorage(new SupabaseStorageOptions { Url = server.Address, Key = server.ServiceKey })
            .UseSink(sink)
            .ConfigureOptions(options => options.MemoryBudgetBytes = 16 * 1024 * 1024)
            .Build()
            .RunAsync(new BackupRequest());

        string[] failed = [.. new[] { 1, 3, 4, 7, 8 }.Select(number => $"docs/{Name(number)}")];
        Assert.Equal(BackupOutcome.CompletedWithFailures, result.Outcome);
        Assert.Equal(failed, result.Failures.Select(failure => failure.Subject));
        Assert.All(result.Failures, failure => Assert.Equal(FailureKind.StoredObject, failure.Kind));
        Assert.Equal((Objects, Objects - failed.Length), (result.Manifest!.Storage!.Buckets[0].Listed, result.Manifest.Storage.Buckets[0].Objects));
        Assert.Equal(["docs"], result.Buckets.Select(bucket => bucket.Id));
        Assert.Equal(Objects, result.Tables.Single(table => table.Table.Name == "objects").Rows);
        Assert.Equal(
            Enumerable.Range(0, Objects).Select(Name).Where(name => !failed.Contains($"docs/{name}")), await HeldAsync(sink, result));
        Assert.Empty((await new BackupVerifier(sink).VerifyAsync(result.Id)).Findings);
    }

    private static string Name(int number) => $"folder {number / 10}/{number:d2}.bin";

    private static StoredContent Content(int number) => StoredContent.Generated(number, number % 10 == 7 ? LargeBytes : 1000 + number);

    private static async Task ChangeAsync(StorageState state)
    {
        await state.PutAsync(new NewObject("docs", Name(1), StoredContent.Of("shorter")));
        await state.PutAsync(new NewObject("docs", Name(3), StoredContent.Generated(1000, 1003)));
        await state.PutAsync(new NewObject("docs", Name(7), StoredContent.Generated(1000, LargeBytes)));
        await state.DeleteAsync("docs", Name(4));
        await state.DeleteAsync("docs", Name(8));
        await state.PutAsync("docs", "folder 0/added.txt", "new");
        await state.CreateBucketAsync("added");
        await state.PutAsync("added", "a.txt", "new");
    }

    // The names in the index, each with exactly the bytes that were there when the snapshot was taken.
    private static async Task<IReadOnlyList<string>> HeldAsync(IBackupSink sink, BackupResult result)
    {
        var names = new List<string>();
        var reader = await ArchiveReader.OpenAsync(sink, result.Id, CancellationToken.None);
        await foreach (var entry in reader.ReadIndexAsync("storage/docs/", CancellationToken.None))
        {
            var name = entry.Object!.Name;
            await using var stream = await reader.OpenEntryAsync(entry, CancellationToken.None);
            var number = Enumerable.Range(0, Objects).Single(number => Name(number) == name);
            Assert.True(await Content(number).EqualsAsync(stream), $"'{name}' is not as it was.");
            names.Add(name);
        }

        return names;
    }
}
