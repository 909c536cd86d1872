using Backup.Core.Archives;
using Backup.Core.Archives.Manifest;
using Backup.Core.Archives.Referencing;
using Backup.Core.Archives.Resuming;
using Backup.Core.Catalog;
using Backup.Core.Diagnostics;
using Backup.Core.Errors;

namespace Backup.Core.Pipeline.Incremental;

/// <summary>Finds the backup that an incremental run builds on. Used once.</summary>
/// <param name="parts">The pipeline.</param>
/// <param name="run">The run.</param>
/// <param name="source">What the run reads.</param>
/// <param name="lease">The run's lease, which says what it needs; <see langword="null"/> for a run that writes nothing.</param>
/// <param name="indexBytes">The memory that what is known of the parent's entries may take.</param>
internal sealed class ParentSearch(PipelineParts parts, BackupId run, SourceIdentity source, RunLease? lease, long indexBytes)
{
    private const int NamedInReasons = 3;

    private readonly List<string> _passedOver = [];
    private readonly List<BackupId> _withFailures = [];
    private bool _hasSeenAny;

    /// <summary>Opens the latest complete backup of the source that is intact. One without failures comes before newer ones with some.</summary>
    /// <param name="cancellationToken">Cancels the search.</param>
    /// <returns>A full backup, and the reason, where there is none.</returns>
    /// <exception cref="SinkException">The sink cannot be read.</exception>
    public async Task<RunKind> FindLatestAsync(CancellationToken cancellationToken)
    {
        var candidates = NewestContent.FirstAsync(new BackupCatalog(parts.Sink).ReadNewestFirstAsync(cancellationToken), cancellationToken);
        await foreach (var entry in candidates.ConfigureAwait(false))
        {
            _hasSeenAny = true;
            if (entry.Manifest is not { } manifest)
            {
                PassOver(entry.Id, $"is damaged: {entry.Damage?.Message}");
            }
            else if (source.FindDifference(manifest) is null)
            {
                if (manifest.Failures.Count > 0)
                {
                    _withFailures.Add(entry.Id);
                }
                else if (await TryOpenAsync(manifest, cancellationToken).ConfigureAwait(false) is { } kind)
                {
                    return kind;
                }
            }
        }

        // Better than none: what is missing in it is not found in it, and is stored.
        foreach (var id in _withFailures)
        {
            if (await TryReadAsync(id, cancellationToken).ConfigureAwait(false) is { } manifest
                && await TryOpenAsync(manifest, cancellationToken).ConfigureAwait(false) is { } kind)
            {
                return kind;
            }
        }

        await NeedAsync([], cancellationToken).ConfigureAwait(false);
        return _passedOver.Count > 0 ? BecomeFull($"there is none to build on: {PassedOver()}") : BeginChain();
    }

    /// <summary>Opens the backup that the caller has named.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Cancels the opening.</param>
    /// <exception cref="BackupNotFoundException">There is no such backup.</exception>
    /// <exception cref="ParentException">It cannot serve.</exception>
    public async Task<RunKind> OpenNamedAsync(BackupId id, CancellationToken cancellationToken)
    {
        BackupManifest manifest;
        try
        {
            manifest = await new BackupCatalog(parts.Sink).FindAsync(id.Value, cancellationToken).ConfigureAwait(false);
        }
        catch (ArchiveFormatException damage)
        {
            throw Unfit(id, $"is damaged: {damage.Message}", damage);
        }

        if (source.FindDifference(manifest) is { } difference)
        {
            throw Unfit(id, difference);
        }

        if (manifest.Chain >= parts.Options.MaxChain)
        {
            throw Unfit(id, ChainReason(manifest));
        }

        return new RunKind(await OpenAsync(manifest, fault => throw Unfit(id, fault), cancellationToken).ConfigureAwait(false), null);
    }

    /// <summary>Opens the backup again that earlier parts of the run were built on.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Cancels the opening.</param>
    /// <exception cref="ResumeException">It is not what it was.</exception>
    public async Task<RunKind> OpenAgainAsync(BackupId id, CancellationToken cancellationToken)
    {
        try
        {
            var manifest = await ManifestFile.ReadAsync(parts.Sink, id, cancellationToken).ConfigureAwait(false);
            return new RunKind(await OpenAsync(manifest, fault => throw Lost(id, fault), cancellationToken).ConfigureAwait(false), null);
        }
        catch (BackupNotFoundException)
        {
            throw Lost(id, "is not there any more");
        }
        catch (ArchiveFormatException damage)
        {
            throw Lost(id, $"is damaged: {damage.Message}", damage);
        }
    }

    // It was there a moment ago; a prune may have removed it.
    private async Task<BackupManifest?> TryReadAsync(BackupId id, CancellationToken cancellationToken)
    {
        try
        {
            return await ManifestFile.ReadAsync(parts.Sink, id, cancellationToken).ConfigureAwait(false);
        }
        catch (BackupException exception) when (exception is BackupNotFoundException or SinkException { IsNotFound: true })
        {
            PassOver(id, "is not there any more");
        }
        catch (ArchiveFormatException damage)
        {
            PassOver(id, $"is damaged: {damage.Message}");
        }

        return null;
    }

    private async Task<RunKind?> TryOpenAsync(BackupManifest manifest, CancellationToken cancellationToken)
    {
        // Not one further back in its stead: that would begin a second branch of the same chain.
        if (manifest.Chain >= parts.Options.MaxChain)
        {
            await NeedAsync([], cancellationToken).ConfigureAwait(false);
            return BecomeFull($"backup {manifest.Id} {ChainReason(manifest)}");
        }

        var opened = await OpenAsync(manifest, fault => PassOver(manifest.Id, fault), cancellationToken).ConfigureAwait(false);
        return opened is null ? null : new RunKind(opened, _passedOver.Count > 0 ? $"it does not build on a newer backup: {PassedOver()}" : null);
    }

    // The lease first, then the look at the files: whoever prunes does the two in the opposite order, so one of both sees the other.
    private async Task<IncrementalBase?> OpenAsync(BackupManifest manifest, Action<string> refuse, CancellationToken cancellationToken)
    {
        var needed = ParentFiles.NeededBy(manifest);
        if (needed.Count > LeaseFile.MaxNeeds)
        {
            refuse($"references {needed.Count - 1} backups, more than a run can hold on to");
            return null;
        }

        await NeedAsync(needed, cancellationToken).ConfigureAwait(false);
        if (await ParentFiles.FindFaultAsync(parts.Sink, manifest, cancellationToken).ConfigureAwait(false) is { } fault)
        {
            refuse(fault);
            return null;
        }

        try
        {
            var reader = await ArchiveReader.OpenAsync(parts.Sink, manifest.Id, cancellationToken).ConfigureAwait(false);
            var index = await ParentIndex.OpenAsync(reader, indexBytes, cancellationToken).ConfigureAwait(false);
            var opened = new IncrementalBase(reader, index);
            parts.Logger.BuildsOn(run.Value, opened.Id.Value, opened.Chain);
            return opened;
        }
        catch (BackupException exception) when (exception is BackupNotFoundException or SinkException { IsNotFound: true })
        {
            refuse("is not there any more");
        }
        catch (ArchiveFormatException damage)
        {
            refuse($"is damaged: {damage.Message}");
        }

        return null;
    }

    private ValueTask NeedAsync(IReadOnlyList<BackupId> backups, CancellationToken cancellationToken) =>
        lease?.NeedAsync(backups, cancellationToken) ?? ValueTask.CompletedTask;

    private void PassOver(BackupId id, string reason)
    {
        parts.Logger.PassedOver(run.Value, id.Value, reason);
        _passedOver.Add($"{id} {reason.TrimEnd('.')}");
    }

    private string PassedOver() => string.Join("; ", _passedOver.Take(NamedInReasons))
        + (_passedOver.Count > NamedInReasons ? $"; and {_passedOver.Count - NamedInReasons} more" : "");

    private RunKind BeginChain()
    {
        var reason = _hasSeenAny ? "there is no complete backup of this source yet" : "it is the first one";
        parts.Logger.BeginsChain(run.Value, reason);
        return new RunKind(null, reason);
    }

    private RunKind BecomeFull(string reason)
    {
        parts.Logger.BecomesFull(run.Value, reason);
        return new RunKind(null, reason);
    }

    private string ChainReason(BackupManifest manifest) =>
        $"is number {manifest.Chain} of its chain, and {parts.Options.MaxChain} are allowed ({nameof(BackupOptions.MaxChain)})";

    private static ParentException Unfit(BackupId id, string reason, Exception? cause = null) =>
        new($"No incremental backup can be built on {id}: it {reason.TrimEnd('.')}.", cause)
        {
            Subject = id.Value,
            Hint = "Name another parent, or none, so that the latest one that can serve is taken; or make a full backup.",
        };

    private ResumeException Lost(BackupId id, string reason, Exception? cause = null) =>
        new($"Run {run} cannot be resumed: it builds on backup {id}, which {reason.TrimEnd('.')}.", cause)
        {
            Subject = run.Value,
            Hint = "What the run had stored is of no use without that backup: begin a new run, and remove this one with 'backup-core clean --all'.",
        };
}
