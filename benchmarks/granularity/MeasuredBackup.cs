using System.IO.Hashing;
using Backup.Core.Archives;
using Backup.Core.Compression;
using Backup.TestKit.Sinks;

namespace Backup.Core.Granularity;

/// <summary>One backup by one cutter: volumes and index as the library writes them, counted and thrown away.</summary>
/// <remarks>One caller at a time.</remarks>
internal sealed class MeasuredBackup
{
    private const int BlockBytes = 1024 * 1024;

    private readonly BackupId _id;
    private readonly ZstandardCompressor _compressor = new();
    private readonly Dictionary<string, IndexEntry> _byNumber = [];
    private readonly Dictionary<ContentHash, IndexEntry> _byDigest = [];
    private readonly Dictionary<string, int> _numbers = [];
    private readonly Cutter _cutter;
    private readonly MeasuredBackup? _parent;
    private readonly ArchiveWriter _writer;

    public MeasuredBackup(Cutter cutter, MeasuredBackup? parent)
    {
        _cutter = cutter;
        _parent = parent;
        _id = parent is null ? BackupId.Create(DateTimeOffset.UnixEpoch) : BackupId.Create(DateTimeOffset.UnixEpoch.AddDays(1));
        _writer = new ArchiveWriter(new DiscardingSink(), _id, new ArchiveWriterOptions
        {
            Referable = parent is null ? new Dictionary<BackupId, string>() : new Dictionary<BackupId, string> { [parent._id] = new('0', 64) },
        });
    }

    /// <summary>The cutter's name.</summary>
    public string Name => _cutter.Name;

    /// <summary>The size of all rows.</summary>
    public long RawBytes { get; private set; }

    /// <summary>All pieces, and those that are not the parent's.</summary>
    public (int All, int New) Pieces { get; private set; }

    /// <summary>The size of the volumes.</summary>
    public long VolumeBytes { get; private set; }

    /// <summary>The size of the index, with the lines of what the parent holds.</summary>
    public long IndexBytes { get; private set; }

    /// <summary>What the sink holds of it.</summary>
    public long StoredBytes => VolumeBytes + IndexBytes;

    /// <summary>Takes rows in.</summary>
    public async Task AddAsync(RowGroup group)
    {
        foreach (var piece in _cutter.Cut(group))
        {
            var number = _numbers[group.Table] = _numbers.GetValueOrDefault(group.Table) + 1;
            await AddAsync(EntryPaths.Page(EntryPaths.TableFolder("public", group.Table), number), piece);
        }
    }

    /// <summary>Ends the backup.</summary>
    public async Task CompleteAsync()
    {
        var contents = await _writer.CompleteAsync(CancellationToken.None);
        VolumeBytes = contents.Volumes.Sum(volume => volume.Bytes);
        IndexBytes = contents.IndexParts.Sum(part => part.Bytes) + (contents.ReferenceParts ?? []).Sum(part => part.Bytes);
    }

    private async Task AddAsync(string path, ReadOnlyMemory<byte> rows)
    {
        RawBytes += rows.Length;
        var digest = ContentHash.Compute(rows.Span);
        var known = _parent?.Find(path, digest);
        Pieces = (Pieces.All + 1, Pieces.New + (known is null ? 1 : 0));
        if (known is not null)
        {
            await _writer.AddReferenceAsync(known with { Path = path, Backup = _parent!._id, EntryPath = known.Path == path ? null : known.Path }, CancellationToken.None);
            return;
        }

        var packed = Pack(rows);
        var content = new EntryContent(rows.Length, Crc32.HashToUInt32(rows.Span), digest);
        var entry = new IndexEntry
        {
            Path = path,
            Volume = 1,
            Offset = _writer.StoredBytes,
            Method = _compressor.Method,
            RawBytes = rows.Length,
            StoredBytes = packed.Sum(block => (long)block.Length),
            Crc32 = content.Crc32,
            Digest = digest,
        };
        await _writer.AppendAsync(new EntryHeader(path, Name: null, _compressor.Method), content, packed, CancellationToken.None);
        _byNumber[path] = entry;
        _byDigest[digest] = entry;
    }

    private IndexEntry? Find(string path, ContentHash digest)
    {
        var found = _cutter.IsByNumber ? _byNumber.GetValueOrDefault(path) : _byDigest.GetValueOrDefault(digest);
        return found?.Digest == digest ? found : null;
    }

    private List<ReadOnlyMemory<byte>> Pack(ReadOnlyMemory<byte> rows)
    {
        var blocks = new List<ReadOnlyMemory<byte>>();
        do
        {
            var block = rows[..Math.Min(BlockBytes, rows.Length)];
            rows = rows[block.Length..];
            var packed = new byte[_compressor.GetMaxCompressedBytes(block.Length)];
            blocks.Add(packed.AsMemory(0, _compressor.Compress(block.Span, packed, isLast: rows.IsEmpty)));
        }
        while (!rows.IsEmpty);
        return blocks;
    }
}
