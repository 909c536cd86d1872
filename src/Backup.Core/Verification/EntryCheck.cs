using Backup.Core.Archives;
using Backup.Core.Archives.Zip;
using Backup.Core.Compression;
using Backup.Core.Errors;

namespace Backup.Core.Verification;

/// <summary>Unpacks entries of one volume and compares them with the index. Used by one caller.</summary>
/// <param name="run">Takes what was unpacked.</param>
/// <param name="volume">The volume.</param>
/// <param name="buffer">Where bytes pass through; at least as large as a data descriptor.</param>
/// <param name="onRead">Called after every read.</param>
internal sealed class EntryCheck(VerificationRun run, ZipVolumeReader volume, Memory<byte> buffer, Action onRead)
{
    // Kept for the contexts that they pool.
    private readonly Dictionary<CompressionMethod, ICompressor> _compressors =
        Enum.GetValues<CompressionMethod>().ToDictionary(method => method, Compressors.ForMethod);

    /// <summary>Compares an entry, whose local header has been read, with what the index says of it.</summary>
    /// <param name="input">The volume from the entry's data on.</param>
    /// <param name="local">The local header.</param>
    /// <param name="entry">What the index says.</param>
    /// <param name="isPage">Whether its rows are to be counted.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <returns>The number of its rows; 0 unless they are counted.</returns>
    /// <exception cref="ArchiveFormatException">They disagree.</exception>
    public async ValueTask<long> RunAsync(
        SinkInput input, ZipEntryFacts local, IndexEntry entry, bool isPage, CancellationToken cancellationToken)
    {
        volume.CompareLocal(local, entry);
        var rows = await ReadContentAsync(input, entry, isPage, cancellationToken).ConfigureAwait(false);
        if (local.IsStreamed)
        {
            await CheckDescriptorAsync(input, entry, cancellationToken).ConfigureAwait(false);
        }

        return rows;
    }

    private async ValueTask<long> ReadContentAsync(SinkInput input, IndexEntry entry, bool isPage, CancellationToken cancellationToken)
    {
        if (input.Remaining < entry.StoredBytes)
        {
            throw new ArchiveFormatException($"The volume has {input.Remaining} bytes left, the entry {entry.StoredBytes}.");
        }

        var packed = new SinkInput(input, entry.Path, entry.StoredBytes, leaveOpen: true);
        var rows = 0L;
        var raw = new EntryStream(_compressors[entry.Method].OpenDecompressor(packed), packed, entry);
        await using (raw.ConfigureAwait(false))
        {
            while (await raw.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is var count and > 0)
            {
                run.AddRaw(count);
                onRead();
                if (isPage)
                {
                    // COPY's text format ends each row with a line feed and writes those inside values as \n.
                    rows += buffer.Span[..count].Count((byte)'\n');
                }
            }
        }

        return rows;
    }

    private async ValueTask CheckDescriptorAsync(SinkInput input, IndexEntry entry, CancellationToken cancellationToken)
    {
        var actual = buffer[..ZipFormat.DescriptorBytes];
        await input.FillAsync(actual, "a data descriptor", cancellationToken).ConfigureAwait(false);
        Span<byte> expected = stackalloc byte[ZipFormat.DescriptorBytes];
        ZipRecordEncoder.Descriptor(expected, entry.Crc32, entry.StoredBytes, entry.RawBytes);
        if (!actual.Span.SequenceEqual(expected))
        {
            throw new ArchiveFormatException($"The data descriptor of {entry.Path} is not what the index says.");
        }
    }
}
