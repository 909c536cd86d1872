using System.Buffers;
using System.IO.Compression;
using System.Text.Json;
using Backup.Core.Archives.Manifest;
using Backup.Core.Sinks;

namespace Backup.Core.Archives.Indexing;

/// <summary>
/// Collects the entries of the volume being written and packs them into parts. A part waits, packed, until
/// <see cref="PublishAsync"/> says that its volume is durable, so that a durable part only names durable volumes.
/// </summary>
/// <remarks>Used by one caller at a time.</remarks>
internal sealed class IndexWriter(IBackupSink sink, BackupId id, PublishedFiles published, IReadOnlyList<IndexPartRecord> earlier, long memoryBytes)
{
    private const int DrainBytes = 64 * 1024;

    // Neither what waits for its part nor what waits, packed, for its volume may grow without end: many objects, or with much metadata.
    private readonly long _maxCollectedBytes = memoryBytes / 3;
    private readonly long _maxPackedBytes = memoryBytes - (memoryBytes / 3);
    private readonly List<IndexEntry> _entries = [];
    private readonly List<PackedPart> _packed = [];
    private readonly List<IndexPartRecord> _published = [.. earlier];
    private long _collectedBytes;
    private long _packedBytes;

    /// <summary>The parts that are durable, in order.</summary>
    public IReadOnlyList<IndexPartRecord> Published => _published;

    /// <summary>Whether so much waits for the volume to become durable that it should be closed.</summary>
    public bool IsFull => _packedBytes >= _maxPackedBytes;

    /// <summary>Adds an entry of the volume being written.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="cancellationToken">Cancels the packing of a full part.</param>
    public async ValueTask AddAsync(IndexEntry entry, CancellationToken cancellationToken)
    {
        _entries.Add(entry);
        _collectedBytes += IndexLineSize.MemoryOf(entry);
        if (_entries.Count == ArchiveLimits.MaxEntriesPerIndexPart || _collectedBytes >= _maxCollectedBytes)
        {
            await PackAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Makes the parts of the volume durable; the volume already is.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The parts that became durable.</returns>
    public async ValueTask<IReadOnlyList<IndexPartRecord>> PublishAsync(CancellationToken cancellationToken)
    {
        var first = _published.Count;
        await PackAsync(cancellationToken).ConfigureAwait(false);
        foreach (var part in _packed)
        {
            var name = ArchiveNames.IndexPart(_published.Count + 1);
            var output = await SinkOutput.CreateAsync(sink, ArchiveNames.InSink(id, name), cancellationToken).ConfigureAwait(false);
            await using (output.ConfigureAwait(false))
            {
                await part.Bytes.CopyToAsync(output, cancellationToken).ConfigureAwait(false);
                var sha256 = await published.CommitAsync(name, output, cancellationToken).ConfigureAwait(false);
                _published.Add(new IndexPartRecord(
                    name, part.Bytes.Length, sha256, part.Entries, part.Volume, part.FirstPath, part.LastPath));
            }
        }

        _packed.Clear();
        _packedBytes = 0;
        return _published[first..];
    }

    private async ValueTask PackAsync(CancellationToken cancellationToken)
    {
        if (_entries.Count == 0)
        {
            return;
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
        _packed.Add(new PackedPart(bytes, _entries.Count, _entries[0].Volume, _entries[0].Path, _entries[^1].Path));
        _packedBytes += bytes.Length;
        _entries.Clear();
        _collectedBytes = 0;
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

    private sealed record PackedPart(ChunkedBuffer Bytes, int Entries, int Volume, string FirstPath, string LastPath);
}
