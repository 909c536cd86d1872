using System.Buffers;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Backup.Core.Errors;
using Backup.Core.Sinks;

namespace Backup.Core.Archives.Indexing;

/// <summary>Reads one part of the index or of the references line by line, checking it against what the manifest says of it.</summary>
internal sealed class IndexPartReader(IBackupSink sink, BackupId id, IndexFile part)
{
    private const int FirstBufferBytes = 32 * 1024;

    private readonly string _subject = ArchiveNames.InSink(id, part.Name);

    /// <summary>Reads all entries in the order of their paths.</summary>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <returns>The entries. Size, digest, number and order are proven only once the enumeration has ended without an exception.</returns>
    /// <exception cref="ArchiveFormatException">The part is damaged or is not what the manifest says.</exception>
    public async IAsyncEnumerable<IndexEntry> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var stream = await sink.OpenReadAsync(_subject, 0, null, cancellationToken).ConfigureAwait(false);
        var input = new SinkInput(stream, _subject, part.Bytes, hash);
        await using (input.ConfigureAwait(false))
        {
            var gzip = new GZipStream(input, CompressionMode.Decompress, leaveOpen: true);
            await using (gzip.ConfigureAwait(false))
            {
                var lines = new LineSource(gzip, _subject);
                await using (lines.ConfigureAwait(false))
                {
                    string? previous = null;
                    for (var count = 0; count < part.Entries; count++)
                    {
                        var entry = Parse(await lines.NextAsync(cancellationToken).ConfigureAwait(false), count);
                        ThrowUnlessInOrder(previous, entry, count);
                        previous = entry.Path;
                        yield return entry;
                    }

                    if (!(await lines.NextAsync(cancellationToken).ConfigureAwait(false)).IsEmpty)
                    {
                        throw Damaged($"lists more than the {part.Entries} entries that the manifest names");
                    }
                }
            }

            await CheckEndAsync(input, stream, hash, cancellationToken).ConfigureAwait(false);
        }
    }

    private IndexEntry Parse(ReadOnlyMemory<byte> line, int count)
    {
        if (line.IsEmpty)
        {
            throw Damaged($"lists {count} entries where the manifest names {part.Entries}");
        }

        if (!IndexLine.TryParse(line.Span, out var entry) || !IsExpected(entry!))
        {
            throw Damaged($"line {count + 1} is no entry of {(part.Volume is { } volume ? $"volume {volume}" : "another backup")}");
        }

        return entry!;
    }

    private bool IsExpected(IndexEntry entry) =>
        part.Volume is null ? entry.Backup is { } backup && backup != id : entry.Volume == part.Volume && entry.Backup is null;

    private void ThrowUnlessInOrder(string? previous, IndexEntry entry, int count)
    {
        var isFirst = count == 0;
        var isLast = count == part.Entries - 1;
        if ((isFirst && entry.Path != part.FirstPath) || (isLast && entry.Path != part.LastPath)
            || (!isFirst && string.CompareOrdinal(previous, entry.Path) >= 0))
        {
            throw Damaged($"line {count + 1} is out of order");
        }
    }

    private async ValueTask CheckEndAsync(
        SinkInput input, Stream stream, IncrementalHash hash, CancellationToken cancellationToken)
    {
        var scratch = ArrayPool<byte>.Shared.Rent(FirstBufferBytes);
        try
        {
            await input.SkipAsync(input.Remaining, scratch, cancellationToken).ConfigureAwait(false);
            if (await stream.ReadAsync(scratch.AsMemory(0, 1), cancellationToken).ConfigureAwait(false) != 0)
            {
                throw Damaged($"is longer than the {part.Bytes} bytes that the manifest names");
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(scratch);
        }

        if (Convert.ToHexStringLower(hash.GetHashAndReset()) != part.Sha256)
        {
            throw Damaged("does not have the SHA-256 that the manifest names");
        }
    }

    private ArchiveFormatException Damaged(string what) => new($"{_subject}: {what}.") { Subject = _subject };

    /// <summary>Cuts the unpacked bytes into lines; one line is valid until the next is asked for.</summary>
    private sealed class LineSource(Stream stream, string subject) : IAsyncDisposable
    {
        private byte[] _buffer = ArrayPool<byte>.Shared.Rent(FirstBufferBytes);
        private int _start;
        private int _end;

        public async ValueTask<ReadOnlyMemory<byte>> NextAsync(CancellationToken cancellationToken)
        {
            var searched = 0;
            while (true)
            {
                var feed = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf((byte)'\n');
                if (feed >= 0)
                {
                    var line = _buffer.AsMemory(_start, searched + feed);
                    _start += line.Length + 1;
                    return line.IsEmpty ? throw Damaged("holds an empty line") : line;
                }

                searched = _end - _start;
                if (searched > ArchiveLimits.MaxIndexLineBytes)
                {
                    throw Damaged($"holds a line of more than {ArchiveLimits.MaxIndexLineBytes} bytes");
                }

                if (await FillAsync(cancellationToken).ConfigureAwait(false) == 0)
                {
                    return searched == 0 ? ReadOnlyMemory<byte>.Empty : throw Damaged("ends within a line");
                }
            }
        }

        public ValueTask DisposeAsync()
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
            return ValueTask.CompletedTask;
        }

        private async ValueTask<int> FillAsync(CancellationToken cancellationToken)
        {
            var target = _end - _start > _buffer.Length / 2 ? ArrayPool<byte>.Shared.Rent(_buffer.Length * 2) : _buffer;
            Buffer.BlockCopy(_buffer, _start, target, 0, _end - _start);
            if (target != _buffer)
            {
                ArrayPool<byte>.Shared.Return(_buffer);
                _buffer = target;
            }

            _end -= _start;
            _start = 0;
            try
            {
                var count = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken).ConfigureAwait(false);
                _end += count;
                return count;
            }
            catch (InvalidDataException exception)
            {
                throw new ArchiveFormatException($"{subject} is no valid gzip file: {exception.Message}", exception) { Subject = subject };
            }
        }

        private ArchiveFormatException Damaged(string what) => new($"{subject} {what}.") { Subject = subject };
    }
}
