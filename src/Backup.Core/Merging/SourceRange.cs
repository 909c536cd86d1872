using System.Security.Cryptography;
using Backup.Core.Archives;
using Backup.Core.Errors;
using Backup.Core.Sinks;

namespace Backup.Core.Merging;

/// <summary>A part of a volume, or all of it, that is being read front to back. Used by one caller at a time.</summary>
internal sealed class SourceRange : IAsyncDisposable
{
    /// <summary>What to do about damage.</summary>
    public const string DamagedHint = "Nothing was merged. Put the file back from another copy, or make a full backup; 'verify' says what else is damaged.";

    private readonly IncrementalHash? _hash;
    private readonly ReadAheadStream _ahead;
    private readonly long _from;
    private readonly long _end;

    private SourceRange(SourceVolume volume, Stream stream, long from, long end, IncrementalHash? hash)
    {
        Volume = volume;
        _hash = hash;
        _from = from;
        _end = end;
        _ahead = new ReadAheadStream(new SinkInput(stream, volume.Name, end - from), hash);
    }

    /// <summary>The volume.</summary>
    public SourceVolume Volume { get; }

    /// <summary>Where the next byte lies.</summary>
    public long Position => _from + _ahead.Given;

    /// <summary>Whether <see cref="CompleteAsync"/> proves every byte that is read; otherwise each entry has to be.</summary>
    public bool IsProven => _hash is not null;

    /// <summary>Opens the whole volume.</summary>
    /// <param name="sink">Where it lies.</param>
    /// <param name="volume">The volume.</param>
    /// <param name="cancellationToken">Cancels the opening.</param>
    public static async ValueTask<SourceRange> OpenAsync(IBackupSink sink, SourceVolume volume, CancellationToken cancellationToken)
    {
        var stream = await OpenStreamAsync(sink, volume, 0, null, cancellationToken).ConfigureAwait(false);
        return new SourceRange(volume, stream, 0, volume.Record.Bytes, IncrementalHash.CreateHash(HashAlgorithmName.SHA256));
    }

    /// <summary>Opens a part of the volume.</summary>
    /// <param name="sink">Where it lies.</param>
    /// <param name="volume">The volume.</param>
    /// <param name="from">The first byte.</param>
    /// <param name="end">The byte behind the last one, inside the volume.</param>
    /// <param name="cancellationToken">Cancels the opening.</param>
    public static async ValueTask<SourceRange> OpenAsync(
        IBackupSink sink, SourceVolume volume, long from, long end, CancellationToken cancellationToken)
    {
        var stream = await OpenStreamAsync(sink, volume, from, end - from, cancellationToken).ConfigureAwait(false);
        return new SourceRange(volume, stream, from, end, null);
    }

    /// <summary>The bytes from <see cref="Position"/> on; for one use, before anything else is read.</summary>
    public SinkInput ToInput() => new(_ahead, Volume.Name, _end - Position, leaveOpen: true);

    /// <summary>Gives the next bytes where they lie.</summary>
    /// <param name="most">How many at the most, at least 1.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>The bytes, good until the range is read again.</returns>
    /// <exception cref="ArchiveFormatException">There are none.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> TakeAsync(long most, CancellationToken cancellationToken)
    {
        var bytes = await _ahead.TakeAsync(most, cancellationToken).ConfigureAwait(false);
        return bytes.IsEmpty
            ? throw new ArchiveFormatException($"{Volume.Name} ends within an entry.") { Subject = Volume.Name, Hint = DamagedHint }
            : bytes;
    }

    /// <summary>Reads the rest, and compares the volume's digest where all of it was read.</summary>
    /// <param name="scratch">Where the rest passes through.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <exception cref="ArchiveFormatException">The volume is damaged.</exception>
    public async ValueTask CompleteAsync(Memory<byte> scratch, CancellationToken cancellationToken)
    {
        if (_hash is null)
        {
            return;
        }

        await ToInput().SkipAsync(_end - Position, scratch, cancellationToken).ConfigureAwait(false);

        // The last block has been handed on, so it has been hashed.
        var digest = Convert.ToHexStringLower(_hash.GetHashAndReset());
        if (digest != Volume.Record.Sha256)
        {
            throw new ArchiveFormatException($"{Volume.Name} has the SHA-256 {digest}; the manifest says {Volume.Record.Sha256}.")
            {
                Subject = Volume.Name,
                Hint = DamagedHint,
            };
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _ahead.DisposeAsync().ConfigureAwait(false);
        _hash?.Dispose();
    }

    private static async ValueTask<Stream> OpenStreamAsync(
        IBackupSink sink, SourceVolume volume, long from, long? length, CancellationToken cancellationToken)
    {
        try
        {
            return await sink.OpenReadAsync(volume.Name, from, length, cancellationToken).ConfigureAwait(false);
        }
        catch (SinkException exception) when (exception.IsNotFound)
        {
            throw new ArchiveFormatException($"{volume.Name}, which holds bytes of the backup that is merged, is missing: {exception.Message}", exception)
            {
                Subject = volume.Name,
                Hint = "Put the file back from where it was copied or moved to; nothing was merged.",
            };
        }
    }
}
