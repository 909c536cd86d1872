using Backup.Core.Archives;
using Backup.Core.Archives.Manifest;
using Backup.Core.Archives.Resuming;
using Backup.Core.Errors;
using Backup.Core.Sinks;

namespace Backup.Core.Merging;

/// <summary>
/// Where the merge of a backup goes: the id behind the backup's own, so that it stands for the same time, is newer than what it was made
/// of, and two that merge the same backup meet there.
/// </summary>
/// <param name="Id">The new backup's id.</param>
/// <param name="Existing">What an earlier merge of the same backup says of itself; <see langword="null"/> where there is none.</param>
internal sealed record MergeTarget(BackupId Id, BackupManifest? Existing)
{
    /// <summary>Finds it.</summary>
    /// <param name="sink">Where the backups are.</param>
    /// <param name="source">The backup that is to be merged.</param>
    /// <param name="cancellationToken">Cancels the search.</param>
    public static async Task<MergeTarget> FindAsync(IBackupSink sink, BackupId source, CancellationToken cancellationToken)
    {
        for (var id = source.Next(); ; id = id.Next())
        {
            var files = await RunFiles.ListAsync(sink, id, string.Empty, cancellationToken).ConfigureAwait(false);
            if (files.ContainsKey(ArchiveNames.PruneMark))
            {
                // About to go, or the rest of what goes: a prune that is at it deletes by the names that it has listed.
                continue;
            }

            if (files.ContainsKey(ArchiveNames.Manifest))
            {
                if (await FindAsync(sink, id, source, cancellationToken).ConfigureAwait(false) is { } merged)
                {
                    return new MergeTarget(id, merged);
                }
            }
            else if (!files.Keys.Any(file => ArchiveNames.CheckpointNumber(file) is not null))
            {
                // Free, or another process is merging this backup: its lease will say so.
                return new MergeTarget(id, null);
            }
        }
    }

    private static async Task<BackupManifest?> FindAsync(IBackupSink sink, BackupId id, BackupId source, CancellationToken cancellationToken)
    {
        try
        {
            var manifest = await ManifestFile.ReadAsync(sink, id, cancellationToken).ConfigureAwait(false);

            // All others that it was merged from are older.
            return manifest.Kind == BackupKind.Merged && manifest.MergedFrom?[^1] == source ? manifest : null;
        }
        catch (BackupException exception) when (exception is ArchiveFormatException or BackupNotFoundException)
        {
            // Damaged, or removed just now: no merge that anybody could use.
            return null;
        }
    }
}
