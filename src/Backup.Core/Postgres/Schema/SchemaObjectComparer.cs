namespace Backup.Core.Postgres.Schema;

/// <summary>Orders objects by kind, schema, name, then what tells namesakes apart; ordinal, so that it is the same everywhere.</summary>
internal sealed class SchemaObjectComparer : IComparer<SchemaObject>
{
    /// <summary>The only instance: it has no state.</summary>
    public static readonly SchemaObjectComparer Instance = new();

    private SchemaObjectComparer()
    {
    }

    /// <inheritdoc/>
    public int Compare(SchemaObject? left, SchemaObject? right)
    {
        if (left is null || right is null)
        {
            return (left is null ? 0 : 1) - (right is null ? 0 : 1);
        }

        var result = left.Kind.Priority.CompareTo(right.Kind.Priority);
        result = result != 0 ? result : string.CompareOrdinal(left.Schema, right.Schema);
        result = result != 0 ? result : string.CompareOrdinal(left.Name, right.Name);
        result = result != 0 ? result : string.CompareOrdinal(left.Table, right.Table);
        result = result != 0 ? result : string.CompareOrdinal(left.SortText, right.SortText);
        result = result != 0 ? result : left.Address.ClassId.CompareTo(right.Address.ClassId);
        result = result != 0 ? result : left.Address.ObjectId.CompareTo(right.Address.ObjectId);
        return result != 0 ? result : left.Address.SubId.CompareTo(right.Address.SubId);
    }
}
