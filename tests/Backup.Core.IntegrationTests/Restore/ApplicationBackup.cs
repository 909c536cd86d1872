using Backup.Core.Pipeline;
using Backup.Core.Restore;
using Backup.Core.Sinks;
using Backup.TestKit.Databases;
using Backup.TestKit.PostgreSql;

namespace Backup.Core.IntegrationTests.Restore;

/// <summary>The sample application, backed up once for all tests of a class: small pages and volumes, so that there are many.</summary>
public sealed class ApplicationBackup(PostgresFixture postgres) : IAsyncLifetime
{
    public InMemorySink Sink { get; } = new();

    public string Source { get; private set; } = "";

    public IReadOnlyDictionary<string, string> Rows { get; private set; } = new Dictionary<string, string>();

    public string Schema { get; private set; } = "";

    public async Task InitializeAsync()
    {
        Source = await postgres.CreateDatabaseAsync();
        await ApplicationSchema.CreateAsync(Source);
        await ApplicationData.FillAsync(Source, megabytes: 8);
        var pipeline = new BackupPipelineBuilder().UsePostgres(Source).UseSink(Sink).ConfigureOptions(options =>
        {
            options.Connections = 2;
            options.PageBytes = 256 * 1024;
            options.VolumeBytes = 1024 * 1024;
        }).Build();
        var result = await pipeline.RunAsync(new BackupRequest());
        Assert.Equal(BackupOutcome.Complete, result.Outcome);
        Rows = await TableDigest.ReadAsync(Source);
        Schema = await PgDump.SchemaAsync(Source);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    /// <summary>Restores into a database.</summary>
    public Task<RestoreResult> RestoreAsync(
        string target, RestoreRequest request, IProgress<RestoreProgress>? progress = null, CancellationToken cancellationToken = default) =>
        new RestorePipelineBuilder().UseSink(Sink).UsePostgres(target)
            .ConfigureOptions(options => options.Connections = 3)
            .Build()
            .RunAsync(request, progress, cancellationToken);
}
