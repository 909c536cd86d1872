using Backup.Core.Archives;
using Backup.Core.Archives.Resuming;
using Backup.Core.Tests.Pipeline.Fakes;

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

    // The lease of the run that is under way: the only one in the sink.
    private IReadOnlyList<BackupId>? FindNeeds(params BackupId[] finished)
    {
        var names = RunScene.NamesAsync(_scene.Sink).GetAwaiter().GetResult();
        var lease = names.Single(name => name.Contains("/lease-", StringComparison.Ordinal));
        var run = new BackupId(lease[..lease.IndexOf('/', StringComparison.Ordinal)]);
        Assert.DoesNotContain(run, finished);
        return LeaseFile.FindAsync(_scene.Sink, run, CancellationToken.None).AsTask().GetAwaiter().GetResult().Content!.Needs;
    }
}
