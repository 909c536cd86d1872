using Backup.Core.Archives;
using Backup.Core.Errors;

namespace Backup.Core.Verification;

/// <summary>What the index says of the entries of one volume, in the order of their offsets. Used by one caller.</summary>
internal sealed class VolumeEntries
{
    // A path that is not in memory is looked for in the whole index of the volume: worth it for a few findings, not for thousands.
    private const int MaxLookUps = 20;

    private readonly ArchiveReader? _archive;
    private readonly int _volume;
    private readonly List<VolumeEntry> _entries = [];
    private int _lookUps;

    private VolumeEntries(ArchiveReader? archive, int volume)
    {
        _archive = archive;
        _volume = volume;
    }

    /// <summary>No entries: of an index that cannot be read.</summary>
    public static VolumeEntries None => new(null, 0);

    /// <summary>How many there are.</summary>
    public int Count => _entries.Count;

    /// <summary>One of them.</summary>
    public VolumeEntry this[int place] => _entries[place];

    /// <summary>Reads the entries of a volume.</summary>
    /// <exception cref="ArchiveFormatException">The index is damaged.</exception>
    public static async Task<VolumeEntries> ReadAsync(ArchiveReader archive, int volume, CancellationToken cancellationToken)
    {
        var result = new VolumeEntries(archive, volume);
        await foreach (var entry in archive.ReadVolumeIndexAsync(volume, cancellationToken).ConfigureAwait(false))
        {
            result._entries.Add(VolumeEntry.Of(entry));
        }

        result._entries.Sort(static (left, right) => left.Offset.CompareTo(right.Offset));
        return result;
    }

    /// <summary>Finds out, for a finding, which path an entry has.</summary>
    /// <returns>The path; where many were asked for, words that say where the entry lies.</returns>
    public async Task<string> FindPathAsync(VolumeEntry entry, CancellationToken cancellationToken)
    {
        if (_archive is not null && ++_lookUps <= MaxLookUps)
        {
            await foreach (var candidate in _archive.ReadVolumeIndexAsync(_volume, cancellationToken).ConfigureAwait(false))
            {
                if (VolumeEntry.Of(candidate) == entry)
                {
                    return candidate.Path;
                }
            }
        }

        return $"the entry at byte {entry.Offset}";
    }
}
