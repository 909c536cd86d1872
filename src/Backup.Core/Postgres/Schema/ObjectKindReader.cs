namespace Backup.Core.Postgres.Schema;

/// <summary>
/// Reads every object of one kind (or of a few that share a catalog) in a fixed number of queries and adds it to the
/// catalog. Readers run in the order that <see cref="SchemaReader"/> lists and may look up what earlier ones added.
/// </summary>
/// <remarks>
/// A reader adds the members of extensions and what the selection excludes too: <see cref="SchemaCatalog"/> decides what
/// is written, while dependencies still lead through what is not.
/// </remarks>
internal abstract class ObjectKindReader
{
    /// <summary>Adds the objects of this kind.</summary>
    public abstract Task ReadAsync(ReadContext context, SchemaCatalog catalog, CancellationToken cancellationToken);
}
