namespace Backup.Core.Postgres.Schema;

/// <summary>A schema that was read before, and is as good as another reading while its fingerprint is the same.</summary>
/// <param name="Fingerprint">What <see cref="SchemaFingerprint"/> gave when it was read.</param>
/// <param name="ReadAsync">Gives the schema; <see langword="null"/> where it cannot be had.</param>
internal sealed record KnownSchema(string Fingerprint, Func<CancellationToken, Task<DatabaseSchema?>> ReadAsync);
