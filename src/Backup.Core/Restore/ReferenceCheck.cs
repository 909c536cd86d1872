using Backup.Core.Archives;
using Backup.Core.Errors;

namespace Backup.Core.Restore;

/// <summary>
/// Looks, before a restore changes anything, whether the older backups are there that hold what it needs of an incremental one. What it
/// does not need may be missing: so the rest of a damaged chain can still be saved.
/// </summary>
internal static class ReferenceCheck
{
    /// <summary>Runs the check.</summary>
    /// <param name="archive">The backup.</param>
    /// <param name="request">What is restored.</param>
    /// <param name="set">The tables; <see langword="null"/> where no database is restored.</param>
    /// <param name="restoresFiles">Whether stored objects are.</param>
    /// <param name="cancellationToken">Cancels the check.</param>
    /// <exception cref="BackupNotFoundException">A backup is not there.</exception>
    /// <exception cref="ArchiveFormatException">One is damaged, is not the one that was referenced, or lacks a volume.</exception>
    public static ValueTask RunAsync(
        ArchiveReader archive, RestoreRequest request, RestoreSet? set, bool restoresFiles, CancellationToken cancellationToken)
    {
        var folders = (set?.Tables ?? []).Select(table => table.Path).ToHashSet(StringComparer.Ordinal)
            .GetAlternateLookup<ReadOnlySpan<char>>();
        return archive.ConfirmReferencesAsync(IsNeeded, cancellationToken);

        bool IsNeeded(IndexEntry entry) =>
            entry.Object is { } stored ? restoresFiles && request.Objects.Includes(stored.Bucket, stored.Name)
            : entry.Path.StartsWith(EntryPaths.DataFolder, StringComparison.Ordinal)
                && folders.Contains(entry.Path.AsSpan(0, entry.Path.LastIndexOf('/') + 1));
    }
}
