using Backup.Core.Archives;
using Backup.Core.Compression;

namespace Backup.Core.Merging;

/// <summary>Packed bytes of an entry that are being unpacked to prove them, and are written to the archive as they pass.</summary>
internal sealed class PassingStream(Stream source, ArchiveWriter archive) : ReadOnlyForwardStream
{
    /// <inheritdoc/>
    public override int Read(Span<byte> buffer) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await source.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        await archive.WriteAsync(buffer[..count], cancellationToken).ConfigureAwait(false);
        return count;
    }
}
