namespace Backup.Core.Postgres.Schema;

/// <summary>Gives the schema of a snapshot, from what was read before where the catalogs are still the same.</summary>
/// <param name="cache">What this process read last.</param>
internal sealed class SchemaLookup(SchemaCache cache)
{
    /// <summary>Gives the schema as the connection's transaction sees it.</summary>
    /// <param name="connection">A connection inside the snapshot's transaction.</param>
    /// <param name="openBeside">Opens a further connection on the snapshot, for a large schema; <see langword="null"/> when none can be had.</param>
    /// <param name="selection">The tables and schemas to take.</param>
    /// <param name="known">A schema that may still be the same; it is preferred to what this process read.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="Errors.DatabaseException">A catalog could not be read.</exception>
    public async Task<DatabaseSchema> ReadAsync(
        CatalogLink connection,
        Func<CancellationToken, Task<CatalogLink?>> openBeside,
        TableSelection selection,
        KnownSchema? known,
        CancellationToken cancellationToken)
    {
        if (await SchemaFingerprint.ReadAsync(connection, selection, cancellationToken).ConfigureAwait(false) is not { } fingerprint)
        {
            return await SchemaReader.ReadAsync(connection, openBeside, selection, cancellationToken).ConfigureAwait(false);
        }

        if (known?.Fingerprint == fingerprint && await known.ReadAsync(cancellationToken).ConfigureAwait(false) is { } earlier)
        {
            return await RenewAsync(earlier, SchemaOrigin.Known).ConfigureAwait(false);
        }

        if (cache.Find(fingerprint) is { } last)
        {
            return await RenewAsync(last, SchemaOrigin.Cache).ConfigureAwait(false);
        }

        var schema = await SchemaReader.ReadAsync(connection, openBeside, selection, cancellationToken).ConfigureAwait(false);
        cache.Keep(fingerprint, schema);
        return schema with { Fingerprint = fingerprint };

        async Task<DatabaseSchema> RenewAsync(DatabaseSchema found, SchemaOrigin origin) =>
            await SequencePositions.RenewAsync(connection, found, cancellationToken).ConfigureAwait(false)
                with { Fingerprint = fingerprint, Origin = origin };
    }
}
