using System.Text;

namespace Backup.Core.Archives.Zip;

/// <summary>
/// Writes one volume front to back, never seeking: entries that are packed already, whole or streamed, and at the end the
/// central directory, which is all it keeps in memory.
/// </summary>
/// <remarks>Used by one caller at a time. After a failed call only the output's disposal makes sense.</remarks>
internal sealed class ZipVolumeWriter
{
    private readonly SinkOutput _output;
    private readonly ZipRecordEncoder _encoder;
    private readonly ChunkedBuffer _directory = new();
    private readonly byte[] _record = new byte[ArchiveLimits.MaxPathBytes + ZipRecordEncoder.MaxFixedBytes];
    private readonly byte[] _name = new byte[ArchiveLimits.MaxPathBytes];
    private int _nameBytes;
    private ZipEntryFacts? _open;

    // How many bytes the open entry has so far.
    private long _written;

    /// <summary>Starts a volume.</summary>
    /// <param name="output">Where to; borrowed, at position 0.</param>
    /// <param name="time">The moment that every entry carries.</param>
    /// <param name="zip64Limit">The first value too large for a 4-byte field.</param>
    public ZipVolumeWriter(SinkOutput output, ZipTime time, long zip64Limit)
    {
        _output = output;
        _encoder = new ZipRecordEncoder(time, zip64Limit);
    }

    /// <summary>How many entries the volume holds.</summary>
    public int Entries { get; private set; }

    /// <summary>Whether an entry was begun and neither ended nor given up.</summary>
    public bool IsEntryOpen => _open is not null;

    /// <summary>How many bytes have been written so far.</summary>
    public long Position => _output.Position;

    /// <summary>How large the volume would become if one more entry were appended and the volume closed, at the most.</summary>
    /// <param name="path">The entry's path.</param>
    /// <param name="storedBytes">Its packed size in bytes.</param>
    public long SizeWith(string path, long storedBytes)
    {
        var nameBytes = Encoding.UTF8.GetByteCount(path);
        return Position + ZipFormat.LocalBytes + nameBytes + ArchiveLimits.MaxExtraBytes + storedBytes + ZipFormat.DescriptorBytes
            + _directory.Length + _encoder.DirectoryBytes(nameBytes) + ZipFormat.Zip64EndBytes + ZipFormat.EndBytes;
    }

    /// <summary>Appends an entry whose packed bytes are all there.</summary>
    /// <param name="header">Its path and method.</param>
    /// <param name="content">What its raw bytes are.</param>
    /// <param name="packed">Its packed bytes, in order.</param>
    /// <param name="cancellationToken">Cancels the write.</param>
    /// <returns>What the volume says of the entry.</returns>
    public async ValueTask<ZipEntryFacts> AppendAsync(
        EntryHeader header, EntryContent content, IReadOnlyList<ReadOnlyMemory<byte>> packed, CancellationToken cancellationToken)
    {
        ThrowIfOpen();
        var stored = 0L;
        foreach (var block in packed)
        {
            stored += block.Length;
        }

        var entry = new ZipEntryFacts(
            header.Path, header.Method, IsStreamed: false, content.Crc32, stored, content.RawBytes, Position);
        await WriteLocalAsync(entry, cancellationToken).ConfigureAwait(false);
        foreach (var block in packed)
        {
            await _output.WriteAsync(block, cancellationToken).ConfigureAwait(false);
        }

        Register(entry);
        return entry;
    }

    /// <summary>Begins an entry whose sizes are known only at its end.</summary>
    /// <param name="header">Its path and method.</param>
    /// <param name="cancellationToken">Cancels the write.</param>
    public async ValueTask BeginAsync(EntryHeader header, CancellationToken cancellationToken)
    {
        ThrowIfOpen();
        await BeginAsync(new ZipEntryFacts(header.Path, header.Method, IsStreamed: true, 0, 0, 0, Position), cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>Begins an entry whose sizes are known and whose packed bytes come one after another.</summary>
    /// <param name="header">Its path and method.</param>
    /// <param name="content">What its raw bytes are.</param>
    /// <param name="storedBytes">Its packed size in bytes.</param>
    /// <param name="cancellationToken">Cancels the write.</param>
    public async ValueTask BeginAsync(EntryHeader header, EntryContent content, long storedBytes, CancellationToken cancellationToken)
    {
        ThrowIfOpen();
        await BeginAsync(
            new ZipEntryFacts(header.Path, header.Method, IsStreamed: false, content.Crc32, storedBytes, content.RawBytes, Position),
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Appends packed bytes to the open entry.</summary>
    /// <param name="packed">The bytes.</param>
    /// <param name="cancellationToken">Cancels the write.</param>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> packed, CancellationToken cancellationToken)
    {
        Open();
        await _output.WriteAsync(packed, cancellationToken).ConfigureAwait(false);
        _written += packed.Length;
    }

    /// <summary>Ends the open entry.</summary>
    /// <param name="content">What its raw bytes were.</param>
    /// <param name="cancellationToken">Cancels the write.</param>
    /// <returns>What the volume says of the entry.</returns>
    /// <exception cref="InvalidOperationException">The entry's sizes were known, and it became another one.</exception>
    public async ValueTask<ZipEntryFacts> EndAsync(EntryContent content, CancellationToken cancellationToken)
    {
        var begun = Open();
        var entry = begun with { Crc32 = content.Crc32, RawBytes = content.RawBytes, StoredBytes = _written };
        if (entry.IsStreamed)
        {
            var length = ZipRecordEncoder.Descriptor(_record, entry.Crc32, entry.StoredBytes, entry.RawBytes);
            await _output.WriteAsync(_record.AsMemory(0, length), cancellationToken).ConfigureAwait(false);
        }
        else if (entry != begun)
        {
            throw new InvalidOperationException($"The entry {entry.Path} was begun as {begun} and became {entry}.");
        }

        _open = null;
        Register(entry);
        return entry;
    }

    /// <summary>Gives the open entry up. Its bytes stay in the volume, but neither the directory nor the index names them.</summary>
    public void Abandon()
    {
        Open();
        _open = null;
    }

    /// <summary>Writes the central directory and the end of the volume.</summary>
    /// <param name="cancellationToken">Cancels the write.</param>
    public async ValueTask FinishAsync(CancellationToken cancellationToken)
    {
        ThrowIfOpen();
        var end = new ZipEnd(Entries, Position, _directory.Length);
        await _directory.CopyToAsync(_output, cancellationToken).ConfigureAwait(false);
        var length = _encoder.End(_record, end);
        await _output.WriteAsync(_record.AsMemory(0, length), cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask BeginAsync(ZipEntryFacts entry, CancellationToken cancellationToken)
    {
        await WriteLocalAsync(entry, cancellationToken).ConfigureAwait(false);
        _open = entry;
        _written = 0;
    }

    private async ValueTask WriteLocalAsync(ZipEntryFacts entry, CancellationToken cancellationToken)
    {
        _nameBytes = Encoding.UTF8.GetBytes(entry.Path, _name);
        var length = _encoder.Local(_record, entry, _name.AsSpan(0, _nameBytes));
        await _output.WriteAsync(_record.AsMemory(0, length), cancellationToken).ConfigureAwait(false);
    }

    private void Register(in ZipEntryFacts entry)
    {
        var length = _encoder.Directory(_record, entry, _name.AsSpan(0, _nameBytes));
        _directory.Append(_record.AsSpan(0, length));
        Entries++;
    }

    private ZipEntryFacts Open() => _open ?? throw new InvalidOperationException("No entry is open.");

    private void ThrowIfOpen()
    {
        if (_open is { } entry)
        {
            throw new InvalidOperationException($"The entry {entry.Path} has not ended.");
        }
    }
}
