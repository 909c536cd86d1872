using System.Buffers;
using System.IO.Compression;
using System.Text.Json;

namespace Backup.Core.Archives.Indexing;

/// <summary>Collects entries until they make a part, and packs them, sorted by path.</summary>
/// <remarks>Used by one caller at a time.</remarks>
internal sealed class IndexPartPacker
{
    private const int DrainBytes = 64 * 1024;

    private readonly List<IndexEntry> _entries = [];

    /// <summary>About how much memory the entries take that were added, in bytes.</summary>
    public long CollectedBytes { get; private set; }

    /// <summary>Whether the part must be packed before another entry is added.</summary>
    public bool HasMostEntries => _entries.Count == ArchiveLimits.MaxEntriesPerIndexPart;

    /// <summary>Adds an entry.</summary>
    /// <param name="entry">The entry.</param>
    public void Add(IndexEntry entry)
    {
        _entries.Add(entry);
        CollectedBytes += IndexLineSize.MemoryOf(entry);
    }

    /// <summary>Packs what was added, and begins the next part.</summary>
    /// <param name="cancellationToken">Cancels the packing.</param>
    /// <returns>The part; <see langword="null"/> when nothing was added.</returns>
    /// <exception cref="InvalidOperationException">An entry was added twice.</exception>
    public async ValueTask<PackedPart?> PackAsync(CancellationToken cancellationToken)
    {
        if (_entries.Count == 0)
        {
            return null;
        }

        _entries.Sort(static (left, right) => string.CompareOrdinal(left.Path, right.Path));
        for (var i = 1; i < _entries.Count; i++)
        {
            if (_entries[i].Path == _entries[i - 1].Path)
            {
                throw new InvalidOperationException($"The entry {_entries[i].Path} was appended twice.");
            }
        }

        var bytes = await CompressAsync(cancellationToken).ConfigureAwait(false);
        var part = new PackedPart(bytes, _entries.Count, _entries[0].Path, _entries[^1].Path);
        _entries.Clear();
        CollectedBytes = 0;
        return part;
    }

    private async ValueTask<ChunkedBuffer> CompressAsync(CancellationToken cancellationToken)
    {
        var packed = new ChunkedBuffer();
        var lines = new ArrayBufferWriter<byte>();
        using var drain = new MemoryStream();
        using var json = new Utf8JsonWriter(lines, IndexLine.WriterOptions);
        var gzip = new GZipStream(drain, CompressionLevel.Fastest, leaveOpen: true);
        await using (gzip.ConfigureAwait(false))
        {
            foreach (var entry in _entries)
            {
                IndexLine.Write(entry, json, lines);
                if (lines.WrittenCount >= DrainBytes)
                {
                    await gzip.WriteAsync(lines.WrittenMemory, cancellationToken).ConfigureAwait(false);
                    lines.ResetWrittenCount();
                    Drain(drain, packed);
                }
            }

            await gzip.WriteAsync(lines.WrittenMemory, cancellationToken).ConfigureAwait(false);
        }

        Drain(drain, packed);
        return packed;
    }

    private static void Drain(MemoryStream drain, ChunkedBuffer packed)
    {
        packed.Append(drain.GetBuffer().AsSpan(0, (int)drain.Length));
        drain.SetLength(0);
    }
}
