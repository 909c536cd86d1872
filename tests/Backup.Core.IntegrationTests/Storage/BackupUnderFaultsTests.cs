using System.Collections.Concurrent;
using Backup.Core.Pipeline;
using Backup.Core.Sinks;
using Backup.Core.Verification;
using Backup.TestKit.PostgreSql;
using Backup.TestKit.Storage;

namespace Backup.Core.IntegrationTests.Storage;

/// <summary>Backups while objects change under them and while the server misbehaves: the snapshot's objects, or a failure by name.</summary>
[Collection(PostgresFixture.Collection)]
public sealed class BackupUnderFaultsTests(PostgresFixture postgres)
{
    private const int Objects = 300;

    [Fact]
    public async Task RunAsync_ObjectsChangeMeanwhile_HoldsTheSnapshotsSetAndNamesTheChangedOnes()
    {
        await using var project = await SupabaseProject.CreateAsync(postgres.Server);
        await HardObjects.FillAsync(project.Storage.State, Objects, withHuge: false);
        var truth = StoredTruth.Of(project.Storage);
        var changes = new Changes(project.Storage.State, "Public");

        // Every download waits for the changes, so that none of the changed objects is read before.
        var change = new Lazy<Task>(changes.MakeAsync);
        project.Storage.Faults.Add(StorageCall.IsDownload, Fault.Run(() => change.Value));
        var sink = new InMemorySink();

        var backup = await new BackupPipelineBuilder()
            .UsePostgres(project.Database).UseSupabaseStorage(project.StorageOptions).UseSink(sink)
            .Build().RunAsync(new BackupRequest());

        Assert.Equal(BackupOutcome.CompletedWithFailures, backup.Outcome);
        Assert.Equal(
            changes.Lost.Select(name => $"Public/{name}").Order(StringComparer.Ordinal), backup.Failures.Select(failure => failure.Subject));
        foreach (var name in changes.Lost)
        {
            truth.Remove(("Public", name));
        }

        await StoredTruth.AssertBackupAsync(sink, backup.Id, truth);
        Assert.True((await new BackupVerifier(sink).VerifyAsync(backup.Id)).IsIntact);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task RunAsync_ServerMisbehaves_HoldsEveryByteOrNamesTheObject(int seed)
    {
        await using var project = await SupabaseProject.CreateAsync(postgres.Server);
        await HardObjects.FillAsync(project.Storage.State, Objects, withHuge: false);
        var truth = StoredTruth.Of(project.Storage);
        var misbehaviour = new Misbehaviour(project.Storage.Faults, seed);
        var options = project.StorageOptions;
        options.RetryDelay = TimeSpan.FromMilliseconds(1);
        options.ProgressTimeout = TimeSpan.FromSeconds(1);
        var sink = new InMemorySink();

        var backup = await new BackupPipelineBuilder()
            .UsePostgres(project.Database).UseSupabaseStorage(options).UseSink(sink)
            .ConfigureOptions(settings => settings.Transfers = 4)
            .Build().RunAsync(new BackupRequest());

        Assert.NotEmpty(misbehaviour.Struck);
        foreach (var failure in backup.Failures)
        {
            var slash = failure.Subject.IndexOf('/', StringComparison.Ordinal);
            Assert.True(truth.Remove((failure.Subject[..slash], failure.Subject[(slash + 1)..])), failure.Subject);
        }

        await StoredTruth.AssertBackupAsync(sink, backup.Id, truth);
        Assert.True((await new BackupVerifier(sink).VerifyAsync(backup.Id)).IsIntact);
    }

    [Fact]
    public async Task RunAsync_KeyExpiresMeanwhile_NamesWhatIsMissingAndWhy()
    {
        await using var project = await SupabaseProject.CreateAsync(postgres.Server);
        await HardObjects.FillAsync(project.Storage.State, Objects, withHuge: false);
        project.Storage.Faults.Add(StorageCall.IsDownload, Fault.ExpiredToken, first: 200);
        var sink = new InMemorySink();

        var backup = await new BackupPipelineBuilder()
            .UsePostgres(project.Database).UseSupabaseStorage(project.StorageOptions).UseSink(sink)
            .Build().RunAsync(new BackupRequest());

        Assert.Equal(199, backup.Totals.Objects);
        Assert.Equal(Objects - 199, backup.Failures.Count);
        Assert.All(backup.Failures, failure => Assert.Contains("exp", failure.Reason, StringComparison.Ordinal));
    }

    /// <summary>Objects deleted, overwritten by others of the same size, and added, at one moment of a backup.</summary>
    private sealed class Changes(StorageState state, string bucket)
    {
        /// <summary>The objects of which the snapshot's version is gone.</summary>
        public ConcurrentBag<string> Lost { get; } = [];

        public async Task MakeAsync()
        {
            var rows = state.Objects(bucket);
            foreach (var row in rows.TakeLast(6).Take(3))
            {
                Lost.Add(row.Name);
                await state.DeleteAsync(bucket, row.Name);
            }

            foreach (var row in rows.TakeLast(3))
            {
                Lost.Add(row.Name);
                await state.PutAsync(new NewObject(bucket, row.Name, StoredContent.Generated(int.MaxValue, Math.Max(1, row.Content!.Length))));
            }

            await state.PutAsync(bucket, "added.txt", "added after the snapshot");
            await state.PutAsync(bucket, $"{rows[^10].Name}-added", "added in the middle of the listing");
        }
    }

    /// <summary>Faults of every kind, one in eight downloads, the same ones for the same seed.</summary>
    private sealed class Misbehaviour
    {
        private const int OneIn = 8;

        public Misbehaviour(FaultPlan plan, int seed)
        {
            Fault[] faults =
            [
                Fault.Status(429), Fault.Status(500), Fault.Status(544), Fault.Close, Fault.Reset(100), Fault.Cut(1000), Fault.Stall(10),
                Fault.Shorter(1), Fault.Longer(1), Fault.ETag("\"another\""), Fault.Status(429, TimeSpan.FromSeconds(1)),
            ];
            for (var kind = 0; kind < faults.Length; kind++)
            {
                var mine = kind;
                plan.Add(
                    request => StorageCall.IsDownload(request)
                        && new Random(HashCode(request.Number, seed)).Next(OneIn * faults.Length) == mine
                        && Note(request),
                    faults[kind]);
            }
        }

        public ConcurrentBag<int> Struck { get; } = [];

        private bool Note(StorageRequest request)
        {
            Struck.Add(request.Number);
            return true;
        }

        private static int HashCode(int number, int seed) => (number * 31) + (seed * 1_000_003);
    }
}
