using Backup.Core.Archives;
using Backup.Core.Errors;
using Backup.Core.Pipeline;
using Backup.Core.Restore;
using Backup.Core.Sinks;
using Backup.Core.Verification;
using Backup.TestKit.PostgreSql;
using Backup.TestKit.Sinks;
using Microsoft.Extensions.Time.Testing;

namespace Backup.Core.IntegrationTests.LargeObjects;

/// <summary>Large objects that come and go between the parts of one backup.</summary>
[Collection(RestoreCollection.Name)]
public sealed class LargeObjectsInPartsTests(PostgresFixture postgres)
{
    private const int MaxParts = 20;

    private const string Script =
        """
        SELECT lo_from_bytea(1000 + n, convert_to((SELECT string_agg(md5(n || ' ' || i), '') FROM generate_series(1, 600) i), 'UTF8'))
        FROM generate_series(1, 100) n;
        CREATE TABLE public.t AS SELECT i, md5(i::text) || md5((-i)::text) AS v FROM generate_series(1, 30000) i;
        """;

    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(20);

    private readonly InMemorySink _sink = new();

    // The list and the contents are two tables: were they of two instants, an object could come back empty.
    [Fact]
    public async Task RunAsync_ObjectsMadeAndRemovedBetweenParts_AreAllOfOnePart()
    {
        var source = await CreateAsync();
        var states = new List<List<string>>();

        var result = await RunToTheEndAsync(source, allowsMixed: false, states);
        var target = await RestoreAsync(result.Id);

        Assert.True(result.Part > 1);
        Assert.Contains(await LargeObjectState.ReadAsync(target), states);
    }

    [Fact]
    public async Task RunAsync_TablesMayBeMixed_RestoresWhatIsThereOfEachObject()
    {
        var source = await CreateAsync();
        var states = new List<List<string>>();

        var result = await RunToTheEndAsync(source, allowsMixed: true, states);
        var target = await RestoreAsync(result.Id);

        // Objects that were there all the time are whole.
        var lasting = states.Aggregate(states[0].AsEnumerable(), (kept, state) => kept.Intersect(state)).ToList();
        Assert.True(lasting.Count > 80);
        Assert.Empty(lasting.Except(await LargeObjectState.ReadAsync(target)));
    }

    private async Task<string> CreateAsync()
    {
        var database = await postgres.CreateDatabaseAsync();
        await LargeObjectState.ExecuteAsync(database, Script);
        return database;
    }

    private async Task<BackupResult> RunToTheEndAsync(string source, bool allowsMixed, List<List<string>> states)
    {
        BackupId? run = null;
        for (var part = 1; part <= MaxParts; part++)
        {
            states.Add(await LargeObjectState.ReadAsync(source));
            try
            {
                var result = await RunPartAsync(source, run, 300_000L * part, allowsMixed);
                run = result.Id;
                if (result.Outcome != BackupOutcome.Suspended)
                {
                    return result;
                }
            }
            catch (ResumeException exception) when (exception.Message.Contains("time budget", StringComparison.Ordinal))
            {
                // It came too early for anything to be kept; what was there stays.
            }

            await LargeObjectState.ExecuteAsync(source, $"SELECT lo_from_bytea({part}, 'new'), lo_unlink({1000 + part})");
        }

        throw new InvalidOperationException($"Not complete after {MaxParts} parts.");
    }

    private Task<BackupResult> RunPartAsync(string source, BackupId? resume, long bytes, bool allowsMixed)
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var isOver = false;
        var counting = new CountingSink(_sink, written =>
        {
            if (written >= bytes && !isOver)
            {
                isOver = true;
                time.Advance(Budget * 0.86);
            }
        });
        return new BackupPipelineBuilder().UsePostgres(source).UseSink(counting).UseTimeProvider(time)
            .ConfigureOptions(options =>
            {
                options.Connections = 2;
                options.BlockBytes = 16 * 1024;
                options.MemoryBudgetBytes = 2 * 1024 * 1024;
                options.VolumeBytes = 1024 * 1024;
            })
            .Build().RunAsync(new BackupRequest { TimeBudget = Budget, Resume = resume, AllowMixedTables = allowsMixed });
    }

    private async Task<string> RestoreAsync(BackupId backup)
    {
        Assert.Empty((await new BackupVerifier(_sink).VerifyAsync(backup)).Findings);
        var target = await postgres.CreateDatabaseAsync();
        var restored = await new RestorePipelineBuilder().UsePostgres(target).UseSink(_sink).Build().RunAsync(new RestoreRequest { Backup = backup });
        Assert.Empty(restored.Failures);
        return target;
    }
}
