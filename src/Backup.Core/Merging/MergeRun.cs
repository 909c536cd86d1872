using Backup.Core.Archives;
using Backup.Core.Archives.Indexing;
using Backup.Core.Archives.Manifest;
using Backup.Core.Archives.Resuming;
using Backup.Core.Catalog.Retention;
using Backup.Core.Compression;
using Backup.Core.Errors;
using Backup.Core.Sinks;
using Microsoft.Extensions.Logging;

namespace Backup.Core.Merging;

/// <summary>One merge: takes the lease of the new backup, copies, checks and commits. Used once, by one caller.</summary>
/// <param name="sink">Where the backups are.</param>
/// <param name="options">How the new one is written.</param>
/// <param name="timeProvider">The clock.</param>
/// <param name="logger">The log.</param>
/// <param name="tracker">Is told of the advance.</param>
internal sealed class MergeRun(IBackupSink sink, MergeOptions options, TimeProvider timeProvider, ILogger logger, MergeTracker tracker)
{
    /// <summary>Merges a backup.</summary>
    /// <param name="source">What the backup says of itself.</param>
    /// <param name="id">The new backup.</param>
    /// <param name="cancellationToken">Cancels the merge; then nothing of it stays.</param>
    /// <returns>What the new backup says of itself.</returns>
    public async Task<BackupManifest> ExecuteAsync(BackupManifest source, BackupId id, CancellationToken cancellationToken)
    {
        var lease = await AcquireAsync(source.Id, id, cancellationToken).ConfigureAwait(false);
        await using var disposal = lease.ConfigureAwait(false);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lease.Lost);
        try
        {
            await ThrowIfTakenAsync(source.Id, id, stop.Token).ConfigureAwait(false);

            // Named first, then looked at: a prune that marked one before that is seen here, and a later one sees the lease.
            BackupId[] needs = [source.Id, .. (source.References ?? []).Select(reference => reference.Id)];
            await lease.NeedAsync(needs, stop.Token).ConfigureAwait(false);
            await ThrowIfLeavingAsync(source.Id, needs, stop.Token).ConfigureAwait(false);
            return await MakeAsync(source, id, lease, stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception)
        {
            if (!cancellationToken.IsCancellationRequested)
            {
                lease.ThrowIfLost();
            }

            throw new OperationCanceledException(exception.Message, exception, cancellationToken);
        }
    }

    private async Task<RunLease> AcquireAsync(BackupId source, BackupId id, CancellationToken cancellationToken)
    {
        try
        {
            return await RunLease.AcquireAsync(sink, id, timeProvider, cancellationToken).ConfigureAwait(false);
        }
        catch (ResumeException exception)
        {
            throw new ResumeException($"Backup {source} is being merged already. {exception.Message}", exception)
            {
                Subject = source.Value,
                IsTransient = true,
                Category = ErrorCategory.Conflict,
                Hint = "Wait until that has ended: the same command then names the backup that it made.",
            };
        }
    }

    // The id was free when it was looked for; whoever had the lease since may have used it.
    private async Task ThrowIfTakenAsync(BackupId source, BackupId id, CancellationToken cancellationToken)
    {
        var files = await RunFiles.ListAsync(sink, id, string.Empty, cancellationToken).ConfigureAwait(false);
        if (files.ContainsKey(ArchiveNames.Manifest))
        {
            throw new ResumeException($"Backup {source} has just been merged by another process: {id} is there by now.")
            {
                Subject = source.Value,
                IsTransient = true,
                Category = ErrorCategory.Conflict,
                Hint = "Merge it again: that names the backup which the other process has made.",
            };
        }
    }

    private async Task<BackupManifest> MakeAsync(BackupManifest source, BackupId id, RunLease lease, CancellationToken cancellationToken)
    {
        var archive = await ArchiveReader.OpenAsync(sink, source.Id, cancellationToken).ConfigureAwait(false);
        var volumes = await OpenVolumesAsync(archive, cancellationToken).ConfigureAwait(false);
        var selection = new EntrySelection(source);
        var index = new RepeatedIndex(token => archive.ReadIndexAsync(string.Empty, token));
        var totals = await MergeTotals.CountAsync(index, selection, volumes, cancellationToken).ConfigureAwait(false);
        logger.Merging(source.Id, id, totals.Entries, totals.StoredBytes);
        tracker.Begin(totals);
        var writer = new ArchiveWriter(sink, id, new ArchiveWriterOptions { VolumeBytes = options.VolumeBytes, Lease = lease });
        try
        {
            await AppendGuideAsync(writer, MergedManifest.GuideOf(source, id, totals), cancellationToken).ConfigureAwait(false);
            await CopyAsync(source, index, selection, volumes, writer, cancellationToken).ConfigureAwait(false);
            var contents = await writer.CompleteAsync(cancellationToken).ConfigureAwait(false);
            await new MergedCheck(sink, id, contents).RunAsync(source.Id, index, selection, cancellationToken).ConfigureAwait(false);
            var manifest = MergedManifest.Of(source, id, contents);
            await writer.CommitAsync(manifest, cancellationToken).ConfigureAwait(false);
            return manifest;
        }
        finally
        {
            await writer.DisposeAsync().ConfigureAwait(false);
            if (writer.Left is { } left)
            {
                logger.FilesLeft(id, string.Join(", ", left.Names), left.Cause);
            }
        }
    }

    private async Task ThrowIfLeavingAsync(BackupId source, BackupId[] needs, CancellationToken cancellationToken)
    {
        foreach (var id in await PruneMarkFile.FindLeavingAsync(sink, needs, cancellationToken).ConfigureAwait(false))
        {
            // One that is gone already is told of when it is opened, with what would have been read of it.
            if (await RunFiles.ListAsync(sink, id, ArchiveNames.PruneMark, cancellationToken).ConfigureAwait(false) is { Count: > 0 })
            {
                throw new ResumeException($"Backup {source} cannot be merged: a prune is about to remove backup {id}.")
                {
                    Subject = id.Value,
                    IsTransient = true,
                    Category = ErrorCategory.Conflict,
                    Hint = "Merge another backup, or run the prune again first: it takes the mark off what its rules keep.",
                };
            }
        }
    }

    private async Task<SourceVolumes> OpenVolumesAsync(ArchiveReader source, CancellationToken cancellationToken)
    {
        await source.OpenReferencesAsync(cancellationToken).ConfigureAwait(false);
        var volumes = new SourceVolumes(source.Manifest.Id);

        // One manifest at a time: those of a long chain with many tables would together be large.
        foreach (var id in (source.Manifest.References ?? []).Select(reference => reference.Id).Append(source.Manifest.Id).Order())
        {
            volumes.Add(
                id == source.Manifest.Id ? source : await ArchiveReader.OpenAsync(sink, id, cancellationToken).ConfigureAwait(false));
        }

        return volumes;
    }

    private static ValueTask AppendGuideAsync(ArchiveWriter writer, byte[] guide, CancellationToken cancellationToken) => writer.AppendAsync(
        new EntryHeader(EntryPaths.RestoreGuide, null, CompressionMethod.None), EntryContent.Of(guide), [guide], cancellationToken);

    private async Task CopyAsync(
        BackupManifest source,
        RepeatedIndex index,
        EntrySelection selection,
        SourceVolumes volumes,
        ArchiveWriter writer,
        CancellationToken cancellationToken)
    {
        // One that is not kept is read by its parts, of which only those that list what comes next.
        var parts = index.IsKept
            ? [new PlacedPart(index.ReadAsync)]
            : IndexFile.AllOf(source).Select(file => new PlacedPart(token => new IndexPartReader(sink, source.Id, file).ReadAsync(token)));
        var entries = new PlaceOrder([.. parts], Locate).ReadAsync(cancellationToken);
        await new VolumeCopier(sink, new EntryCopier(writer, tracker))
            .CopyAsync(EntryRun.GroupAsync(entries, volumes, cancellationToken), cancellationToken).ConfigureAwait(false);
        tracker.Report();

        EntryPlace? Locate(IndexEntry entry) =>
            selection.Includes(entry) ? new EntryPlace(volumes.Of(entry).Ordinal, entry.Offset, entry.Path) : null;
    }
}
