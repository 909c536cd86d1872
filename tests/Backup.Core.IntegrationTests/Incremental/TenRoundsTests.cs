using Backup.Core.Archives;
using Backup.Core.Archives.Manifest;
using Backup.Core.Catalog.Retention;
using Backup.Core.Merging;
using Backup.Core.Pipeline;
using Backup.Core.Sinks;
using Backup.Core.Verification;
using Backup.TestKit.PostgreSql;
using Backup.TestKit.Storage;
using Microsoft.Extensions.Time.Testing;

namespace Backup.Core.IntegrationTests.Incremental;

/// <summary>
/// The life of a project: after each round of random changes an incremental backup; each of them gives its time back, and so does what
/// a merge and a prune leave.
/// </summary>
[Collection(PostgresFixture.Collection)]
public sealed class TenRoundsTests(PostgresFixture postgres)
{
    private const int Rounds = 10;
    private const int ChangesPerRound = 6;

    private readonly InMemorySink _sink = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly List<(BackupId Backup, ProjectState State)> _taken = [];

    [Fact]
    public async Task RunAsync_TenRoundsOfRandomChanges_EveryBackupIsRestoredAsItWas()
    {
        var random = new Random(6);
        await using var project = await SupabaseProject.CreateAsync(postgres.Server);
        var rows = new ChangingDatabase(project.Database, random);
        var objects = new ChangingObjects(project.Storage.State, random);
        await rows.CreateAsync();
        await objects.CreateAsync();

        await BackUpAsync(project);
        for (var round = 0; round < Rounds; round++)
        {
            await rows.ChangeAsync(ChangesPerRound);
            await objects.ChangeAsync();
            await BackUpAsync(project);
        }

        await AssertAllAsync(_taken);
        var merged = await new BackupMerger(_sink, _time).MergeAsync(_taken[^1].Backup);
        _taken.Add((merged.Backup, _taken[^1].State));
        await rows.ChangeAsync(ChangesPerRound);
        await objects.ChangeAsync();
        await BackUpAsync(project, merged.Backup);
        _time.Advance(TimeSpan.FromDays(1));

        var pruned = await new BackupPruner(_sink, _time).RunAsync(new RetentionPolicy { KeepLast = 1 });

        // The last one, and what it builds on; the chain that was merged is gone.
        Assert.Equal(_taken.Take(Rounds + 1).Select(taken => taken.Backup).Order(), pruned.Removed.Order());
        await AssertAllAsync(_taken.TakeLast(2));
    }

    private async Task AssertAllAsync(IEnumerable<(BackupId Backup, ProjectState State)> backups)
    {
        foreach (var (backup, state) in backups)
        {
            Assert.Empty((await new BackupVerifier(_sink).VerifyAsync(backup)).Findings);
            await state.AssertRestoredAsync(postgres, _sink, backup);
        }
    }

    private async Task BackUpAsync(SupabaseProject project, BackupId? parent = null)
    {
        _time.Advance(TimeSpan.FromDays(1));
        var isFirst = _taken.Count == 0;
        var result = await new BackupPipelineBuilder()
            .UsePostgres(project.Database).UseSupabaseStorage(project.StorageOptions).UseSink(_sink).UseTimeProvider(_time)
            .ConfigureOptions(options =>
            {
                // Tables of these tests have many pages then.
                options.PageBytes = 64 * 1024;
                options.PageBlocks = 8;
            })
            .Build().RunAsync(new BackupRequest { Incremental = !isFirst, Parent = parent });
        Assert.Equal(BackupOutcome.Complete, result.Outcome);
        Assert.Equal(isFirst ? BackupKind.Full : BackupKind.Incremental, result.Kind);
        if (!isFirst)
        {
            // Otherwise nothing would be tested here that full backups do not show.
            var still = result.Changes!.Tables.Single(table => table.Table.Name == "still");
            Assert.Equal((0, true), (still.Stored.Items, still.Reused.Items > 1));
            Assert.All(result.Changes.Buckets, bucket => Assert.InRange(bucket.Reused.Items, 10, 100));
        }

        _taken.Add((result.Id, await ProjectState.OfAsync(project)));
    }
}
