using Backup.Core.Archives;
using Backup.Core.Archives.Zip;
using Backup.Core.Compression;
using Backup.Core.Errors;

namespace Backup.Core.Merging;

/// <summary>Copies entries into the new backup as they are packed, each behind a local header of its own. Used by one caller at a time.</summary>
/// <param name="archive">The new backup.</param>
/// <param name="tracker">Is told what has been copied.</param>
internal sealed class EntryCopier(ArchiveWriter archive, MergeTracker tracker)
{
    private const int BufferBytes = 256 * 1024;

    // Kept for the contexts that they pool.
    private readonly Dictionary<CompressionMethod, ICompressor> _compressors =
        Enum.GetValues<CompressionMethod>().ToDictionary(method => method, Compressors.ForMethod);

    /// <summary>Where bytes pass through that nobody keeps; used by whoever is at work.</summary>
    public Memory<byte> Buffer { get; } = new byte[BufferBytes];

    /// <summary>Copies one entry.</summary>
    /// <param name="range">The volume, at or before the entry's place.</param>
    /// <param name="entry">The entry, as the index of the merged backup lists it.</param>
    /// <param name="cancellationToken">Cancels the copy.</param>
    /// <exception cref="ArchiveFormatException">The volume does not hold it as the index says.</exception>
    public async ValueTask CopyAsync(SourceRange range, IndexEntry entry, CancellationToken cancellationToken)
    {
        var header = new EntryHeader(entry.Path, entry.Name, entry.Method, entry.Object);
        if (!header.CanBeIndexed())
        {
            throw new ArchiveFormatException($"What the index says of {entry.Path} is too long to be written again.") { Subject = entry.Path };
        }

        var input = range.ToInput();
        await input.SkipAsync(entry.Offset - range.Position, Buffer, cancellationToken).ConfigureAwait(false);
        var isStreamed = await range.Volume.Reader.CheckLocalAsync(input, entry, cancellationToken).ConfigureAwait(false);
        var content = new EntryContent(entry.RawBytes, entry.Crc32, entry.Digest);
        await archive.BeginSizedAsync(header, content, entry.StoredBytes, cancellationToken).ConfigureAwait(false);
        if (range.IsProven)
        {
            await CopyBytesAsync(range, entry.StoredBytes, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await ProveBytesAsync(range, entry, cancellationToken).ConfigureAwait(false);
        }

        await archive.EndAsync(content, cancellationToken).ConfigureAwait(false);
        if (isStreamed)
        {
            // Its sizes are in the new local header: nothing follows the data any more.
            await range.ToInput().SkipAsync(ZipFormat.DescriptorBytes, Buffer, cancellationToken).ConfigureAwait(false);
        }

        tracker.Copied(entry);
    }

    private async ValueTask CopyBytesAsync(SourceRange range, long left, CancellationToken cancellationToken)
    {
        while (left > 0)
        {
            var bytes = await range.TakeAsync(left, cancellationToken).ConfigureAwait(false);
            await archive.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
            left -= bytes.Length;
        }
    }

    private async ValueTask ProveBytesAsync(SourceRange range, IndexEntry entry, CancellationToken cancellationToken)
    {
        var packed = new SinkInput(new PassingStream(range.ToInput(), archive), range.Volume.Name, entry.StoredBytes);
        var raw = new EntryStream(_compressors[entry.Method].OpenDecompressor(packed), packed, entry);
        await using var disposal = raw.ConfigureAwait(false);
        try
        {
            // The read that gives the last bytes throws unless all of them are what the index says.
            while (await raw.ReadAsync(Buffer, cancellationToken).ConfigureAwait(false) > 0)
            {
            }
        }
        catch (ArchiveFormatException exception)
        {
            throw new ArchiveFormatException($"{entry.Path} in {range.Volume.Name} is damaged: {exception.Message}", exception)
            {
                Subject = range.Volume.Name,
                Hint = SourceRange.DamagedHint,
            };
        }
    }
}
