using Backup.Core.Archives;
using Backup.Core.IntegrationTests.Storage;
using Backup.Core.IntegrationTests.Suspension;
using Backup.Core.Restore;
using Backup.Core.Sinks;
using Backup.TestKit.PostgreSql;
using Backup.TestKit.Storage;

namespace Backup.Core.IntegrationTests.Incremental;

/// <summary>All that a project held at one time: what a restore of a backup of that time must give.</summary>
/// <param name="Schema">What pg_dump says of the definitions.</param>
/// <param name="Rows">Digests of all tables and the positions of sequences.</param>
/// <param name="Objects">The objects with their content.</param>
internal sealed record ProjectState(
    string Schema, IReadOnlyDictionary<string, string> Rows, IReadOnlyDictionary<(string Bucket, string Name), ObjectRow> Objects)
{
    /// <summary>Takes it down.</summary>
    public static async Task<ProjectState> OfAsync(SupabaseProject project) => new(
        await PgDump.SchemaAsync(project.Database, "--exclude-schema=storage"),
        await LongJob.RowsAsync(project),
        StoredTruth.Of(project.Storage));

    /// <summary>Asserts that a restore of a backup into a new project gives the same.</summary>
    public async Task AssertRestoredAsync(PostgresFixture postgres, IBackupSink sink, BackupId backup)
    {
        await using var target = await SupabaseProject.CreateAsync(postgres.Server);
        var restored = await new RestorePipelineBuilder()
            .UseSink(sink).UsePostgres(target.Database).UseSupabaseStorage(target.StorageOptions)
            .Build().RunAsync(new RestoreRequest { Backup = backup });
        Assert.Empty(restored.Failures);
        Assert.Equal(Schema, await PgDump.SchemaAsync(target.Database, "--exclude-schema=storage"));
        Assert.Empty(TableDigest.Differences(Rows, await LongJob.RowsAsync(target)));
        StoredTruth.AssertServer(target.Storage, Objects);
    }
}
