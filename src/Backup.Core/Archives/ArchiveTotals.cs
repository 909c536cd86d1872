using Backup.Core.Archives.Manifest;
using Backup.Core.Archives.Resuming;

namespace Backup.Core.Archives;

/// <summary>What a writer has written so far, what earlier parts of the run left among it.</summary>
/// <remarks>Used by one caller at a time.</remarks>
internal sealed class ArchiveTotals
{
    private readonly List<VolumeRecord> _volumes = [];
    private readonly HashSet<string> _pageFolders = new(StringComparer.Ordinal);
    private readonly bool _isResumable;
    private long _entries;
    private long _rawBytes;

    /// <summary>Creates totals.</summary>
    /// <param name="resumed">What earlier parts left; <see langword="null"/> for a new run.</param>
    /// <param name="isResumable">Whether later parts may follow.</param>
    public ArchiveTotals(ResumeState? resumed, bool isResumable)
    {
        _isResumable = isResumable;
        if (resumed is not null)
        {
            _volumes.AddRange(resumed.Volumes);
            _pageFolders.UnionWith(resumed.PageFolders);
            _entries = resumed.Volumes.Sum(volume => (long)volume.Entries);
            _rawBytes = resumed.RawBytes;
            StoredBytes = resumed.Volumes.Sum(volume => volume.Bytes);
        }
    }

    /// <summary>The number of the volume being written, or of the next one.</summary>
    public int NextVolume => _volumes.Count + 1;

    /// <summary>The size of all closed volumes, in bytes.</summary>
    public long StoredBytes { get; private set; }

    /// <summary>Whether the volume being written holds stored objects; only known in resumable runs.</summary>
    public bool HasObjects { get; private set; }

    /// <summary>Counts an entry.</summary>
    /// <param name="header">The entry.</param>
    /// <param name="rawBytes">Its raw size, in bytes.</param>
    public void Add(in EntryHeader header, long rawBytes)
    {
        _entries++;
        _rawBytes += rawBytes;
        if (_isResumable)
        {
            HasObjects |= header.Object is not null;
            PageFolders.AddTo(_pageFolders, header.Path);
        }
    }

    /// <summary>Counts a volume that is durable.</summary>
    /// <param name="volume">The volume.</param>
    public void Add(VolumeRecord volume)
    {
        _volumes.Add(volume);
        StoredBytes += volume.Bytes;
        HasObjects = false;
    }

    /// <summary>What the manifest says of all that was counted.</summary>
    /// <param name="indexParts">The parts of the index.</param>
    public ArchiveContents ToContents(IReadOnlyList<IndexPartRecord> indexParts) =>
        new([.. _volumes], [.. indexParts], _entries, _rawBytes, StoredBytes) { PageFolders = _pageFolders };
}
