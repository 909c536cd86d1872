namespace Backup.Core.Postgres.Schema;

/// <summary>The schema that was read last, packed. Safe to use from several threads.</summary>
internal sealed class SchemaCache
{
    // Five thousand tables take one or two; what is larger is read again.
    private const int MaxPackedBytes = 8 * 1024 * 1024;

    private volatile Known? _last;

    /// <summary>The schema of a fingerprint; <see langword="null"/> where it is not the last one.</summary>
    public DatabaseSchema? Find(string fingerprint) => _last is { } last && last.Fingerprint == fingerprint ? last.Schema : null;

    /// <summary>Takes a schema in place of the one before.</summary>
    public void Keep(string fingerprint, DatabaseSchema schema) =>
        _last = schema.Entries is PackedEntries { PackedBytes: <= MaxPackedBytes } ? new Known(fingerprint, schema) : null;

    private sealed record Known(string Fingerprint, DatabaseSchema Schema);
}
