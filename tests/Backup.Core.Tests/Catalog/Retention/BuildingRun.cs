using Backup.Core.Archives;
using Backup.Core.Archives.Resuming;
using Backup.Core.Catalog.Retention;
using Backup.Core.Sinks;
using Backup.TestKit.Archives;

namespace Backup.Core.Tests.Catalog.Retention;

/// <summary>
/// An incremental run that does its steps between those of a prune: says in its lease what it builds on, looks whether that is about to
/// be removed, and commits.
/// </summary>
internal sealed class BuildingRun(InMemorySink sink, TimeProvider timeProvider, int begin, int look, int commit) : IAsyncDisposable
{
    private static readonly BackupId Id = new("20261122T031400Z-0009");

    private RunLease? _lease;
    private bool _hasLooked;
    private bool _isRefused;
    private bool _isCommitted;

    /// <summary>Where the run writes.</summary>
    public InMemorySink Sink => sink;

    /// <summary>What it builds on: the newest of the backups that the policy does not keep, and what that refers to.</summary>
    public BackupId[] Needs { get; } = [PruneScene.OldSecond, PruneScene.OldFirst, PruneScene.OldFull];

    /// <summary>Whether it was not refused.</summary>
    public bool HasBegun => _hasLooked && !_isRefused;

    /// <summary>Does what is due before a call of the prune.</summary>
    public async Task StepAsync(int call)
    {
        if (call >= begin && _lease is null)
        {
            _lease = await RunLease.AcquireAsync(sink, Id, timeProvider, CancellationToken.None);
            await _lease.NeedAsync(Needs, CancellationToken.None);
        }

        if (call >= look && _lease is not null && !_hasLooked)
        {
            _hasLooked = true;
            _isRefused = (await PruneMarkFile.FindLeavingAsync(sink, Needs, CancellationToken.None)).Count > 0;
            if (_isRefused)
            {
                await _lease.DisposeAsync();
            }
        }

        if (call >= commit && HasBegun && !_isCommitted)
        {
            _isCommitted = true;
            await SmallChain.CreateAsync(sink, Id, PruneScene.OldSecond, 3);
            await _lease!.DisposeAsync();
        }
    }

    /// <summary>Does what is still due when the prune has ended.</summary>
    public Task EndAsync() => StepAsync(int.MaxValue);

    public ValueTask DisposeAsync() => _lease?.DisposeAsync() ?? ValueTask.CompletedTask;
}
