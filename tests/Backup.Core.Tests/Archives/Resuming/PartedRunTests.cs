using Backup.Core.Archives;
using Backup.Core.Archives.Manifest;
using Backup.Core.Archives.Resuming;
using Backup.Core.Catalog;
using Backup.Core.Errors;
using Backup.Core.Sinks;
using Backup.Core.Verification;
using Backup.TestKit.Archives;
using Backup.TestKit.Sinks;
using Microsoft.Extensions.Time.Testing;

namespace Backup.Core.Tests.Archives.Resuming;

public sealed class PartedRunTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 22, 3, 15, 0, TimeSpan.Zero));

    [Fact]
    public async Task RunAsync_InOneGo_LeavesNothingOfTheRun()
    {
        var sink = new InMemorySink();

        var manifest = await new PartedRun(sink, _time).RunAsync();

        Assert.Null(manifest!.Parts);
        await AssertWholeAsync(sink);
        Assert.DoesNotContain(await NamesAsync(sink), ArchiveNames.IsOfRun);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(6)]
    [InlineData(9)]
    public async Task RunAsync_SuspendedAfterAnyEntry_GoesOnWhereItStopped(int entries)
    {
        var sink = new InMemorySink();
        Assert.Null(await new PartedRun(sink, _time).RunAsync(entries));
        var kept = await sink.ReadObjectAsync($"{ArchiveBuilder.Id}/volume-0001.zip");
        _time.Advance(TimeSpan.FromHours(1));

        var manifest = await new PartedRun(sink, _time).RunAsync();

        await AssertWholeAsync(sink);
        Assert.Equal([1, 2], manifest!.Parts!.Select(part => part.Number));
        Assert.Equal(TimeSpan.FromHours(1), manifest.Parts![1].StartedAt - manifest.Parts[0].StartedAt);
        Assert.Equal(kept, await sink.ReadObjectAsync($"{ArchiveBuilder.Id}/volume-0001.zip"));
        Assert.Equal("database/data/public.actor/", manifest.Database!.Tables[0].Path);
        Assert.Equal(
            entries is 3 or 4 ? ["database/data/public.film/"] : null,
            manifest.Superseded);
        Assert.DoesNotContain(await NamesAsync(sink), ArchiveNames.IsOfRun);
    }

    [Fact]
    public async Task RunAsync_InManyParts_HasThemAll()
    {
        var sink = new InMemorySink();
        BackupManifest? manifest = null;
        for (var part = 0; part < 20 && manifest is null; part++)
        {
            manifest = await new PartedRun(sink, _time).RunAsync(3);
        }

        Assert.Equal([1, 2, 3, 4], manifest!.Parts!.Select(part => part.Number));
        await AssertWholeAsync(sink);
    }

    [Fact]
    public async Task RunAsync_MixedTablesAllowed_ReadsNoPageAgain()
    {
        var sink = new InMemorySink();
        BackupManifest? manifest = null;
        for (var part = 0; part < 20 && manifest is null; part++)
        {
            manifest = await new PartedRun(sink, _time, allowMixed: true).RunAsync(1);
        }

        Assert.Equal(11, manifest!.Parts!.Count);
        Assert.Null(manifest.Superseded);
        Assert.Equal([true, false, true], manifest.Database!.Tables.Select(table => table.Mixed));
        Assert.Equal("database/data/public.film~3/", manifest.Database.Tables[2].Path);
        await AssertWholeAsync(sink);
    }

    [Fact]
    public async Task RunAsync_PartThatCompletesNothing_IsTakenBack()
    {
        var sink = new InMemorySink();
        await new PartedRun(sink, _time).RunAsync(3);
        var before = await NamesAsync(sink);

        Assert.Null(await new PartedRun(sink, _time).RunAsync(2));

        Assert.Equal(before, await NamesAsync(sink));
    }

    [Fact]
    public async Task RunAsync_KilledAtAnyCall_LosesNothingAndNamesNothingTwice()
    {
        var calls = new FaultySink(new InMemorySink());
        await RunBothAsync(calls);
        for (var call = 1; call <= calls.TotalCalls; call++)
        {
            var sink = new FaultySink(new InMemorySink()).BreakAt(call);
            try
            {
                await RunBothAsync(sink);
            }
            catch (BackupException)
            {
                // Killed; only what disposal swallows does not come here.
            }

            sink.Heal();
            _time.Advance(RunLease.Length);
            await FinishAsync(sink);
            await AssertWholeAsync(sink);
        }
    }

    [Fact]
    public async Task RunAsync_AnswerToAnyCommitLost_LosesNothingAndNamesNothingTwice()
    {
        var calls = new FaultySink(new InMemorySink());
        await RunBothAsync(calls);
        for (var commit = 1; commit <= calls.CountOf(SinkOperation.Commit); commit++)
        {
            var sink = new FaultySink(new InMemorySink()).FailAfter(SinkOperation.Commit, commit);
            await Assert.ThrowsAsync<SinkException>(() => RunBothAsync(sink));

            _time.Advance(RunLease.Length);
            await FinishAsync(sink);
            await AssertWholeAsync(sink);
        }
    }

    private async Task RunBothAsync(IBackupSink sink)
    {
        await new PartedRun(sink, _time).RunAsync(4);
        await new PartedRun(sink, _time).RunAsync();
    }

    private async Task FinishAsync(IBackupSink sink)
    {
        var names = await NamesAsync(sink);
        if (names.Contains(ArchiveNames.Manifest))
        {
            await Assert.ThrowsAsync<ResumeException>(() => ResumeState.ReadAsync(sink, ArchiveBuilder.Id, _time, CancellationToken.None));
        }
        else
        {
            await new AbandonedRuns(sink, _time).RemoveAsync();
            Assert.Equal(names.Any(name => ArchiveNames.CheckpointNumber(name) is not null), (await NamesAsync(sink)).Count > 0);
            Assert.NotNull(await new PartedRun(sink, _time).RunAsync());
            Assert.DoesNotContain(await NamesAsync(sink), ArchiveNames.IsOfRun);
        }
    }

    private static async Task AssertWholeAsync(IBackupSink sink)
    {
        var report = await new BackupVerifier(sink).VerifyAsync(ArchiveBuilder.Id);
        Assert.Empty(report.Findings);
        Assert.Equal(PartedRun.Objects.Count, report.Objects);
        Assert.Equal(["actor", "empty", "film"], report.Manifest!.Database!.Tables.Select(table => table.Name));
        var reader = await ArchiveReader.OpenAsync(sink, ArchiveBuilder.Id, CancellationToken.None);
        Assert.Equal(
            PartedRun.Objects.Order(StringComparer.Ordinal),
            await reader.ReadIndexAsync("storage/", CancellationToken.None)
                .Where(entry => entry.Object is not null).Select(entry => entry.Object!.Name).Order(StringComparer.Ordinal).ToListAsync());
    }

    private static async Task<List<string>> NamesAsync(IBackupSink sink) =>
        await sink.ListAsync($"{ArchiveBuilder.Id}/").Select(item => item.Name[(ArchiveBuilder.Id.Value.Length + 1)..]).ToListAsync();
}
