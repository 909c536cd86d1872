using System.IO.Compression;

namespace Backup.Core.Postgres.Schema;

/// <summary>The schema that was read last, packed. Safe to use from several threads.</summary>
internal sealed class SchemaCache
{
    // Five thousand tables take two; what is larger is read again.
    private const int MaxPackedBytes = 8 * 1024 * 1024;

    private volatile Packed? _packed;

    /// <summary>The schema of a fingerprint; <see langword="null"/> where it is not the last one.</summary>
    public async Task<DatabaseSchema?> FindAsync(string fingerprint, CancellationToken cancellationToken)
    {
        if (_packed is not { } packed || packed.Fingerprint != fingerprint)
        {
            return null;
        }

        using var bytes = new MemoryStream(packed.Bytes, writable: false);
        var unpacking = new GZipStream(bytes, CompressionMode.Decompress);
        await using (unpacking.ConfigureAwait(false))
        {
            return await TocFile.ReadAsync(unpacking, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Takes a schema in place of the one before.</summary>
    public async Task KeepAsync(string fingerprint, DatabaseSchema schema, CancellationToken cancellationToken)
    {
        using var bytes = new MemoryStream();
        var packing = new GZipStream(bytes, CompressionLevel.Fastest, leaveOpen: true);
        await using (packing.ConfigureAwait(false))
        {
            await TocFile.WriteAsync(packing, schema, cancellationToken).ConfigureAwait(false);
        }

        _packed = bytes.Length <= MaxPackedBytes ? new Packed(fingerprint, bytes.ToArray()) : null;
    }

    private sealed record Packed(string Fingerprint, byte[] Bytes);
}
