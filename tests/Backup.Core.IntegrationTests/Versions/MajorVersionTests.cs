using Backup.Core.IntegrationTests.LargeObjects;
using Backup.Core.Pipeline;
using Backup.Core.Restore;
using Backup.Core.Sinks;
using Backup.TestKit.Databases;
using Backup.TestKit.PostgreSql;

namespace Backup.Core.IntegrationTests.Versions;

/// <summary>The oldest and the newest PostgreSQL that is supported; the versions between them are met as they are installed.</summary>
public sealed class MajorVersionTests
{
    [Theory]
    [InlineData(14)]
    [InlineData(18)]
    public async Task Backup_OfTheSampleApplication_RestoresTheSameData(int major)
    {
        await using var server = await PostgresServer.StartAsync(new PostgresServerOptions { Major = major });
        var source = server.ConnectionString(await server.CreateDatabaseAsync());
        var target = server.ConnectionString(await server.CreateDatabaseAsync());
        await ApplicationSchema.CreateAsync(source);
        await LargeObjectState.CreateAsync(source);
        var sink = new InMemorySink();

        var backup = await new BackupPipelineBuilder().UsePostgres(source).UseSink(sink).Build().RunAsync(new BackupRequest());
        var restored = await new RestorePipelineBuilder().UsePostgres(target).UseSink(sink).Build()
            .RunAsync(new RestoreRequest { Backup = backup.Id });

        // A question that some version does not understand would only cost time, and so go unnoticed.
        Assert.NotNull(backup.Manifest!.Database!.SchemaFingerprint);
        Assert.Equal((BackupOutcome.Complete, RestoreOutcome.Complete), (backup.Outcome, restored.Outcome));
        Assert.Empty(TableDigest.Differences(await TableDigest.ReadAsync(source), await TableDigest.ReadAsync(target)));
        Assert.Equal(await LargeObjectState.ReadAsync(source), await LargeObjectState.ReadAsync(target));
    }
}
