using Backup.Core.Archives.Manifest;
using Backup.Core.Archives.Referencing;
using Backup.Core.Archives.Resuming;
using Backup.Core.Errors;

namespace Backup.Core.Archives;

/// <summary>What a writer has written so far, what earlier parts of the run left among it.</summary>
/// <remarks>Used by one caller at a time.</remarks>
internal sealed class ArchiveTotals
{
    private readonly List<VolumeRecord> _volumes = [];
    private readonly List<IndexPartRecord> _otherIndexParts = [];
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
            References.Add(resumed.References);
            _entries = resumed.Volumes.Sum(volume => (long)volume.Entries) + References.Entries;
            _rawBytes = resumed.RawBytes;
            StoredBytes = resumed.Volumes.Sum(volume => volume.Bytes);
        }
    }

    /// <summary>What other backups hold.</summary>
    public ReferenceTotals References { get; } = new();

    /// <summary>The size of all closed volumes, in bytes.</summary>
    public long StoredBytes { get; private set; }

    /// <summary>Whether stored objects were counted since <see cref="BeginCheckpoint"/>; only known in resumable runs.</summary>
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
    }

    /// <summary>Counts what another writer of the same backup has made durable.</summary>
    /// <param name="contents">Its volumes and their index.</param>
    public void Add(ArchiveContents contents)
    {
        _volumes.AddRange(contents.Volumes);
        _otherIndexParts.AddRange(contents.IndexParts);
        _entries += contents.Entries;
        _rawBytes += contents.RawBytes;
        StoredBytes += contents.StoredBytes;
    }

    /// <summary>Counts an entry that another backup holds.</summary>
    /// <param name="entry">The entry.</param>
    /// <exception cref="ArchiveFormatException">All entries together would be larger than anything can be.</exception>
    public void AddReference(IndexEntry entry)
    {
        if (entry.RawBytes > long.MaxValue - _rawBytes)
        {
            throw new ArchiveFormatException($"The index of backup {entry.Backup} lists more bytes than there can be.") { Subject = entry.Path };
        }

        References.Add(entry);
        Add(new EntryHeader(entry.Path, entry.Name, entry.Method, entry.Object), entry.RawBytes);
    }

    /// <summary>What was counted so far belongs to checkpoints that are written.</summary>
    public void BeginCheckpoint() => HasObjects = false;

    /// <summary>What the manifest says of all that was counted, in the order of the files' numbers.</summary>
    /// <param name="indexParts">The parts of the index that this writer wrote.</param>
    /// <param name="referenceParts">The parts of the references.</param>
    /// <param name="digests">The digests of the manifests of the backups that may be referenced.</param>
    public ArchiveContents ToContents(
        IReadOnlyList<IndexPartRecord> indexParts, IReadOnlyList<ReferencePartRecord> referenceParts, IReadOnlyDictionary<BackupId, string> digests) =>
        new(
            [.. _volumes.OrderBy(volume => ArchiveNames.VolumeNumber(volume.Name))],
            [.. indexParts.Concat(_otherIndexParts).OrderBy(part => ArchiveNames.IndexPartNumber(part.Name))],
            _entries,
            _rawBytes,
            StoredBytes)
        {
            ReferenceParts = referenceParts.Count == 0 ? null : [.. referenceParts],
            References = referenceParts.Count == 0 ? null : References.ToRecords(digests),
            PageFolders = _pageFolders,
        };
}
