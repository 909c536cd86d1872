using Backup.Core.Archives;
using Backup.Core.Archives.Resuming;
using Backup.Core.Catalog.Retention;
using Backup.Core.Pipeline;
using Backup.Core.Sinks;
using Backup.Core.Tests.Pipeline.Fakes;
using Backup.Core.Verification;
using Backup.TestKit.Archives;

namespace Backup.Core.Tests.Pipeline.Incremental;

public sealed class NeedsTests
{
    private readonly IncrementalScene _scene = new();

    [Fact]
    public async Task RunAsync_Incremental_SaysInItsLeaseWhatItNeeds()
    {
        var full = await _scene.FullAsync();
        var first = await _scene.IncrementalAsync();
        IReadOnlyList<BackupId>? needs = null;
        _scene.Source!.OnRead = _ => needs ??= FindNeeds(full.Id, first.Id);

        await _scene.IncrementalAsync();

        Assert.NotNull(needs);
        Assert.Contains(first.Id, needs);
        Assert.Equal(first.Manifest!.References?.Select(reference => reference.Id) ?? [], needs.Where(id => id != first.Id));
    }

    [Fact]
    public async Task RunAsync_BecameFull_NeedsNothing()
    {
        var damaged = await _scene.FullAsync();
        await _scene.RemoveAsync(damaged.Id, "volume-0001.zip");
        var hasRead = false;
        IReadOnlyList<BackupId>? needs = null;
        _scene.Source!.OnRead = _ => (hasRead, needs) = (true, FindNeeds(damaged.Id));

        await _scene.IncrementalAsync();

        Assert.True(hasRead);
        Assert.Null(needs);
    }

    [Fact]
    public async Task RunAsync_PruneMeanwhile_KeepsWhatTheRunBuildsOn()
    {
        var parent = await _scene.FullAsync();
        var last = await _scene.FullAsync();
        PruneReport? pruned = null;
        _scene.Source!.OnRead = _ => pruned ??= Prune();

        var result = await _scene.IncrementalAsync(parent.Id);

        Assert.Equal(BackupOutcome.Complete, result.Outcome);
        Assert.Empty(pruned!.Removed);
        Assert.Contains(new PruneReason(PruneReasonKind.NeededByRun, result.Id), pruned.Plan.Kept.Single(kept => kept.Id == parent.Id).Reasons);
        Assert.Empty((await new BackupVerifier(_scene.Sink).VerifyAsync(result.Id)).Findings);
        Assert.Equal([last.Id], Prune().Removed);
    }

    [Fact]
    public async Task RunAsync_PruneBetweenItsLeaseAndItsLook_OneOfTheTwoGivesWay()
    {
        var older = await _scene.FullAsync();
        var latest = await _scene.FullAsync();
        var sink = new MarkingSink(_scene.Sink, "/lease-0002.json", ArchiveNames.InSink(latest.Id, ArchiveNames.PruneMark));
        var scene = new IncrementalScene { Sink = sink };
        scene.Time.Advance(TimeSpan.FromMinutes(5));

        var result = await scene.IncrementalAsync();

        Assert.Equal(older.Id, result.Parent);
        Assert.Contains($"{latest.Id} is about to be removed", result.KindReason, StringComparison.Ordinal);
    }

    private PruneReport Prune() => new BackupPruner(_scene.Sink, _scene.Time)
        .RunAsync(new RetentionPolicy { KeepLast = 1, MinimumAge = TimeSpan.Zero }).GetAwaiter().GetResult();

    // The lease of the run that is under way: the only one in the sink.
    private IReadOnlyList<BackupId>? FindNeeds(params BackupId[] finished)
    {
        var names = RunScene.NamesAsync(_scene.Sink).GetAwaiter().GetResult();
        var lease = names.Single(name => name.Contains("/lease-", StringComparison.Ordinal));
        var run = new BackupId(lease[..lease.IndexOf('/', StringComparison.Ordinal)]);
        Assert.DoesNotContain(run, finished);
        return LeaseFile.FindAsync(_scene.Sink, run, CancellationToken.None).AsTask().GetAwaiter().GetResult().Content!.Needs;
    }

    /// <summary>Writes a file of its own while another one is being written.</summary>
    private sealed class MarkingSink(IBackupSink inner, string after, string mark) : IBackupSink
    {
        public SinkCapabilities Capabilities => inner.Capabilities;

        public async ValueTask<SinkWriter> CreateAsync(string name, CancellationToken cancellationToken = default)
        {
            if (name.EndsWith(after, StringComparison.Ordinal))
            {
                await inner.WriteObjectAsync(mark, "{}"u8.ToArray());
            }

            return await inner.CreateAsync(name, cancellationToken);
        }

        public ValueTask<Stream> OpenReadAsync(string name, long offset = 0, long? length = null, CancellationToken cancellationToken = default) =>
            inner.OpenReadAsync(name, offset, length, cancellationToken);

        public IAsyncEnumerable<SinkObject> ListAsync(string prefix, CancellationToken cancellationToken = default) =>
            inner.ListAsync(prefix, cancellationToken);

        public ValueTask DeleteAsync(string name, CancellationToken cancellationToken = default) => inner.DeleteAsync(name, cancellationToken);
    }
}
