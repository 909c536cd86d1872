using Backup.Core.Archives.Manifest;
using Backup.Core.Errors;

namespace Backup.Core.Archives.Referencing;

/// <summary>Counts the entries of a backup that others hold, by the backups that hold them.</summary>
/// <remarks>Used by one caller at a time.</remarks>
internal sealed class ReferenceTotals
{
    private readonly SortedDictionary<BackupId, (long Entries, long StoredBytes)> _backups = [];

    /// <summary>The backups that hold any.</summary>
    public IEnumerable<BackupId> Backups => _backups.Keys;

    /// <summary>How many entries others hold.</summary>
    public long Entries { get; private set; }

    /// <summary>Their packed size, in bytes.</summary>
    public long StoredBytes { get; private set; }

    /// <summary>Counts an entry.</summary>
    /// <param name="entry">The entry, of another backup.</param>
    /// <exception cref="ArchiveFormatException">All of them together would be larger than anything can be: a lie of that backup's index.</exception>
    public void Add(IndexEntry entry)
    {
        var backup = entry.Backup ?? throw new ArgumentException($"{entry.Path} lies in no other backup.", nameof(entry));
        if (entry.StoredBytes > long.MaxValue - StoredBytes)
        {
            throw new ArchiveFormatException($"The index of backup {backup} lists more bytes than there can be.") { Subject = entry.Path };
        }

        var (entries, bytes) = _backups.GetValueOrDefault(backup);
        _backups[backup] = (entries + 1, bytes + entry.StoredBytes);
        Entries++;
        StoredBytes += entry.StoredBytes;
    }

    /// <summary>Counts what earlier parts of a run referenced.</summary>
    /// <param name="earlier">What they did.</param>
    public void Add(ReferenceTotals earlier)
    {
        foreach (var (backup, (entries, bytes)) in earlier._backups)
        {
            var before = _backups.GetValueOrDefault(backup);
            _backups[backup] = (before.Entries + entries, before.StoredBytes + bytes);
        }

        Entries += earlier.Entries;
        StoredBytes += earlier.StoredBytes;
    }

    /// <summary>What a manifest says of it.</summary>
    /// <param name="digests">The digests of the manifests of the backups that may be referenced.</param>
    /// <returns>The backups, sorted.</returns>
    public IReadOnlyList<ReferenceRecord> ToRecords(IReadOnlyDictionary<BackupId, string> digests) =>
        [.. _backups.Select(item => new ReferenceRecord(item.Key, digests[item.Key], item.Value.Entries, item.Value.StoredBytes))];
}
