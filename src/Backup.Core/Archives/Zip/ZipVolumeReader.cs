using System.Buffers;
using System.IO.Hashing;
using System.Runtime.CompilerServices;
using System.Text;
using Backup.Core.Errors;
using Backup.Core.Sinks;

namespace Backup.Core.Archives.Zip;

/// <summary>Reads one volume: single entries at the offsets that the index gives, or its whole central directory.</summary>
/// <remarks>Keeps no state: several threads may read at once.</remarks>
/// <param name="sink">Where the volume lies.</param>
/// <param name="name">Its object name.</param>
/// <param name="volumeBytes">Its size in bytes, as the manifest says.</param>
internal sealed class ZipVolumeReader(IBackupSink sink, string name, long volumeBytes)
{
    private const int DirectoryBufferBytes = 64 * 1024;

    private readonly ZipRecordDecoder _decoder = new(name);

    /// <summary>Opens the packed bytes of an entry, after its local header has been compared with the index.</summary>
    /// <param name="entry">What the index says.</param>
    /// <param name="cancellationToken">Cancels the opening.</param>
    /// <returns>Exactly the packed bytes.</returns>
    /// <exception cref="ArchiveFormatException">Volume and index disagree.</exception>
    public async ValueTask<SinkInput> OpenPackedAsync(IndexEntry entry, CancellationToken cancellationToken)
    {
        // One range takes in the header whatever its length, so that a remote sink is asked once.
        var longest = (UInt128)(ZipFormat.LocalBytes + ArchiveLimits.MaxPathBytes + ArchiveLimits.MaxExtraBytes) + (UInt128)entry.StoredBytes;
        var available = volumeBytes - entry.Offset;
        if (available < ZipFormat.LocalBytes || (UInt128)available < (UInt128)entry.StoredBytes)
        {
            throw _decoder.Damaged(entry.Offset, $"no room for {entry.Path}");
        }

        var length = (long)UInt128.Min(longest, (UInt128)available);
        var stream = await sink.OpenReadAsync(name, entry.Offset, length, cancellationToken).ConfigureAwait(false);
        var input = new SinkInput(stream, name, length, leaveOpen: true);
        try
        {
            await CheckLocalAsync(input, entry, cancellationToken).ConfigureAwait(false);
            if (input.Remaining < entry.StoredBytes)
            {
                throw _decoder.Damaged(entry.Offset, $"no room for {entry.Path}");
            }

            return new SinkInput(stream, name, entry.StoredBytes);
        }
        catch
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Reads the local header at the input's place and compares it with the index.</summary>
    /// <param name="input">The volume from the entry's offset on.</param>
    /// <param name="entry">What the index says.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <returns>Whether a descriptor follows the entry's data.</returns>
    /// <exception cref="ArchiveFormatException">They disagree.</exception>
    public async ValueTask<bool> CheckLocalAsync(SinkInput input, IndexEntry entry, CancellationToken cancellationToken)
    {
        var local = await ReadLocalAsync(input, entry.Offset, cancellationToken).ConfigureAwait(false);
        CompareLocal(local, entry);
        return local.IsStreamed;
    }

    /// <summary>Reads the local header at the input's place.</summary>
    /// <param name="input">The volume from the header on.</param>
    /// <param name="offset">Where that is.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <exception cref="ArchiveFormatException">There is no local header, or none that this format has.</exception>
    public async ValueTask<ZipEntryFacts> ReadLocalAsync(SinkInput input, long offset, CancellationToken cancellationToken)
    {
        var header = ArrayPool<byte>.Shared.Rent(ZipFormat.LocalBytes + ArchiveLimits.MaxPathBytes + ArchiveLimits.MaxExtraBytes);
        try
        {
            await input.FillAsync(header.AsMemory(0, ZipFormat.LocalBytes), "a local header", cancellationToken).ConfigureAwait(false);
            var parts = _decoder.LocalParts(header.AsSpan(0, ZipFormat.LocalBytes), offset);
            await input.FillAsync(header.AsMemory(ZipFormat.LocalBytes, parts.Total), "a local header", cancellationToken)
                .ConfigureAwait(false);
            return _decoder.Local(header.AsSpan(0, ZipFormat.LocalBytes + parts.Total), offset);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(header);
        }
    }

    /// <summary>Compares a local header with the index.</summary>
    /// <param name="local">The header.</param>
    /// <param name="entry">What the index says.</param>
    /// <exception cref="ArchiveFormatException">They disagree.</exception>
    public void CompareLocal(in ZipEntryFacts local, IndexEntry entry)
    {
        var expected = local.IsStreamed ? local : local with
        {
            Crc32 = entry.Crc32,
            StoredBytes = entry.StoredBytes,
            RawBytes = entry.RawBytes,
        };
        if (local != expected with { Path = entry.PathInVolume, Method = entry.Method })
        {
            throw _decoder.Damaged(entry.Offset, $"the local header of {local.Path}, which is not what the index says of {entry.PathInVolume}");
        }
    }

    /// <summary>Reads what the end of the volume says of its directory.</summary>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <exception cref="ArchiveFormatException">The volume does not end as it must.</exception>
    public async ValueTask<ZipEnd> ReadEndAsync(CancellationToken cancellationToken)
    {
        var tail = new byte[Math.Min(volumeBytes, ZipFormat.EndBytes + ZipFormat.Zip64EndBytes)];
        var stream = await sink.OpenReadAsync(name, volumeBytes - tail.Length, tail.Length, cancellationToken).ConfigureAwait(false);
        var input = new SinkInput(stream, name, tail.Length);
        await using (input.ConfigureAwait(false))
        {
            await input.FillAsync(tail, "the end of the volume", cancellationToken).ConfigureAwait(false);
        }

        return _decoder.End(tail, volumeBytes);
    }

    /// <summary>Reads the central directory on its own.</summary>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <returns>The entries, in the order of their offsets.</returns>
    /// <exception cref="ArchiveFormatException">The directory is damaged; see <c>ReadDirectoryAsync</c>.</exception>
    public async IAsyncEnumerable<ZipEntryFacts> ReadCentralDirectoryAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var end = await ReadEndAsync(cancellationToken).ConfigureAwait(false);
        var stream = await sink.OpenReadAsync(name, end.DirectoryOffset, end.DirectoryBytes, cancellationToken).ConfigureAwait(false);
        var input = new SinkInput(stream, name, end.DirectoryBytes);
        await using (input.ConfigureAwait(false))
        {
            await foreach (var entry in ReadDirectoryAsync(input, end, cancellationToken).ConfigureAwait(false))
            {
                yield return entry;
            }
        }
    }

    /// <summary>Reads the central directory that lies at the input's place.</summary>
    /// <param name="input">The volume from the directory's offset on.</param>
    /// <param name="end">What the end of the volume says of it.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <returns>The entries, in the order of their offsets.</returns>
    /// <exception cref="ArchiveFormatException">
    /// A header is damaged or names a path that could leave its folder, entries overlap, are out of order or reach into the
    /// directory, or the count or the size of the directory is not what its end says.
    /// </exception>
    public async IAsyncEnumerable<ZipEntryFacts> ReadDirectoryAsync(
        SinkInput input, ZipEnd end, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var directory = new SinkInput(input, name, end.DirectoryBytes, leaveOpen: true);
        var buffered = new BufferedStream(directory, DirectoryBufferBytes);
        await using (buffered.ConfigureAwait(false))
        {
            var record = new byte[ZipFormat.DirectoryBytes + ArchiveLimits.MaxPathBytes + ArchiveLimits.MaxExtraBytes];
            var position = end.DirectoryOffset;
            var free = 0L;
            var names = new HashSet<UInt128>();
            for (var i = 0L; i < end.Entries; i++)
            {
                var length = await ReadHeaderAsync(buffered, record, position, cancellationToken).ConfigureAwait(false);
                var entry = _decoder.Directory(record.AsSpan(0, length), position);
                if (entry.Offset < free || !TryFindEnd(entry, end.DirectoryOffset, out free))
                {
                    throw _decoder.Damaged(position, $"a header that places {entry.Path} over another entry or the directory");
                }

                if (!names.Add(XxHash128.HashToUInt128(Encoding.UTF8.GetBytes(entry.Path))))
                {
                    throw _decoder.Damaged(position, $"a second entry {entry.Path}");
                }

                position += length;
                yield return entry;
            }

            if (position != end.DirectoryOffset + end.DirectoryBytes)
            {
                throw _decoder.Damaged(position, "a directory that is larger than its entries");
            }
        }
    }

    private async ValueTask<int> ReadHeaderAsync(Stream directory, byte[] record, long position, CancellationToken cancellationToken)
    {
        try
        {
            await directory.ReadExactlyAsync(record.AsMemory(0, ZipFormat.DirectoryBytes), cancellationToken).ConfigureAwait(false);
            var parts = _decoder.DirectoryParts(record.AsSpan(0, ZipFormat.DirectoryBytes), position);
            await directory.ReadExactlyAsync(record.AsMemory(ZipFormat.DirectoryBytes, parts.Total), cancellationToken)
                .ConfigureAwait(false);
            return ZipFormat.DirectoryBytes + parts.Total;
        }
        catch (EndOfStreamException)
        {
            throw _decoder.Damaged(position, "a directory that is smaller than its entries");
        }
    }

    // Without the local extra field, whose size only the local header knows: a lower bound that no honest volume comes near.
    private static bool TryFindEnd(in ZipEntryFacts entry, long limit, out long end)
    {
        var bytes = (UInt128)(ulong)entry.Offset + (UInt128)(ulong)entry.StoredBytes
            + (UInt128)(ZipFormat.LocalBytes + Encoding.UTF8.GetByteCount(entry.Path) + (entry.IsStreamed ? ZipFormat.DescriptorBytes : 0));
        end = (long)UInt128.Min(bytes, (UInt128)limit);
        return bytes <= (UInt128)limit;
    }
}
