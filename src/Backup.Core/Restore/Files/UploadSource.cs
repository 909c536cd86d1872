using Backup.Core.Archives;

namespace Backup.Core.Restore.Files;

/// <summary>The content of one upload: opens the entry for each attempt, counts its bytes and remembers why it broke off.</summary>
/// <remarks>
/// A store may wrap or lose what its source throws, and a store that is not careful may take a part for the whole. What happened
/// to the content is therefore known here. Used by one upload at a time.
/// </remarks>
internal sealed class UploadSource(ArchiveReader archive, IndexEntry entry, RestoreTracker tracker)
{
    private long _sent;
    private bool _wasWhole;

    /// <summary>Why the content could not be read; <see langword="null"/> while it can.</summary>
    public Exception? Fault { get; private set; }

    /// <summary>Opens the content from its first byte.</summary>
    public async ValueTask<Stream> OpenAsync(CancellationToken cancellationToken)
    {
        // A later attempt may be spared its bytes, as the store finds that an earlier one was taken though its answer was lost.
        _wasWhole |= Fault is null && _sent == entry.RawBytes;
        TakeBack();
        Fault = null;
        try
        {
            return new CountingStream(this, await archive.OpenEntryAsync(entry, cancellationToken).ConfigureAwait(false));
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            Fault = exception;
            throw;
        }
    }

    /// <summary>Takes the bytes of an attempt that failed out of the progress.</summary>
    public void TakeBack()
    {
        tracker.AddFileBytes(-_sent);
        _sent = 0;
    }

    /// <summary>Ends an upload that the store says it has taken.</summary>
    /// <returns>Whether an attempt has read, and thereby proven, all bytes.</returns>
    public bool TryComplete()
    {
        if (Fault is not null || !(_wasWhole || _sent == entry.RawBytes))
        {
            return false;
        }

        tracker.AddFileBytes(entry.RawBytes - _sent);
        _sent = entry.RawBytes;
        return true;
    }

    private int Count(int bytes)
    {
        _sent += bytes;
        tracker.AddFileBytes(bytes);
        return bytes;
    }

    private sealed class CountingStream(UploadSource source, Stream inner) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => inner.Length;

        public override long Position
        {
            get => inner.Position;
            set => throw new NotSupportedException();
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            try
            {
                return source.Count(await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false));
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                source.Fault = exception;
                throw;
            }
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override int Read(Span<byte> buffer)
        {
            try
            {
                return source.Count(inner.Read(buffer));
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                source.Fault = exception;
                throw;
            }
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override async ValueTask DisposeAsync()
        {
            await inner.DisposeAsync().ConfigureAwait(false);
            await base.DisposeAsync().ConfigureAwait(false);
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                inner.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
