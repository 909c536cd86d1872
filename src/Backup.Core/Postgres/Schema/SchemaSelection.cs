namespace Backup.Core.Postgres.Schema;

/// <summary>
/// Applies a selection of tables to objects of every kind, as pg_dump does: chosen tables come alone, chosen schemas
/// with everything inside them, and what lives in no schema only with the whole database.
/// </summary>
internal sealed class SchemaSelection(TableSelection selection)
{
    private readonly bool _hasTables = selection.IncludeTables.Count > 0;
    private readonly bool _isWhole = selection.IncludeTables.Count == 0 && selection.IncludeSchemas.Count == 0;

    /// <summary>Whether an object that belongs to no other one is selected.</summary>
    public bool Includes(SchemaObject item)
    {
        if (item.Kind == ObjectKinds.Schema)
        {
            return !_hasTables && selection.IncludesSchema(item.Name);
        }

        if (item.Schema is null)
        {
            return _isWhole;
        }

        // What another session made for itself; it is gone with that session.
        if (item.Schema.StartsWith("pg_temp_", StringComparison.Ordinal))
        {
            return false;
        }

        return IsRelation(item)
            ? selection.Includes(new QualifiedName(item.Schema, item.Name))
            : !_hasTables && selection.IncludesSchema(item.Schema);
    }

    private static bool IsRelation(SchemaObject item) =>
        item.Address.ClassId == SystemCatalog.Relation && item.Kind.Section == TocSection.PreData;
}
