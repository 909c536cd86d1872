using Backup.Core.Archives;
using Backup.Core.Archives.Manifest;

namespace Backup.Core.Merging;

/// <summary>
/// Which entries of a backup are copied: all but its restore guide, which is written anew, and those that readers pass over anyway, pages that
/// a later part of the run read again or that were written of a table before it failed.
/// </summary>
internal sealed class EntrySelection
{
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _passedOver;

    /// <summary>Makes the selection.</summary>
    /// <param name="manifest">The backup.</param>
    public EntrySelection(BackupManifest manifest)
    {
        var folders = new HashSet<string>(manifest.Superseded ?? [], StringComparer.Ordinal);
        folders.UnionWith(manifest.Failures.Select(failure => failure.Path).OfType<string>());
        _passedOver = folders.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>Whether an entry is copied.</summary>
    /// <param name="entry">The entry.</param>
    public bool Includes(IndexEntry entry) =>
        entry.Path != EntryPaths.RestoreGuide && !_passedOver.Contains(entry.Path.AsSpan(0, entry.Path.LastIndexOf('/') + 1));
}
