namespace Backup.Core.Postgres.Schema;

/// <summary>Everything that a database's schema is made of, in an order that restores.</summary>
/// <param name="Entries">The entries by ascending id, data included: <c>TABLE DATA</c> names a table and has no statement.</param>
internal sealed record DatabaseSchema(IReadOnlyList<TocEntry> Entries)
{
    /// <summary>What tells whether another snapshot has the same; <see langword="null"/> where nothing does.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>What the source holds beyond the entries, in the order of names; empty where that is nothing.</summary>
    public IReadOnlyList<UnsupportedObject> Unsupported { get; init; } = [];

    /// <summary>Where it comes from.</summary>
    public SchemaOrigin Origin { get; init; }
}
