namespace Backup.Core.Postgres.Schema;

/// <summary>Everything that a database's schema is made of, in an order that restores.</summary>
/// <param name="Entries">The entries by ascending id, data included: <c>TABLE DATA</c> names a table and has no statement.</param>
internal sealed record DatabaseSchema(IReadOnlyList<TocEntry> Entries);
