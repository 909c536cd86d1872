namespace Backup.Core.Postgres;

/// <summary>The true name of a relation: schema and name, unquoted.</summary>
/// <param name="Schema">The schema.</param>
/// <param name="Name">The relation's own name.</param>
public readonly record struct QualifiedName(string Schema, string Name)
{
    /// <summary>The name as SQL: both parts quoted where needed.</summary>
    /// <returns>Text that is safe inside a statement.</returns>
    public string ToSql() => $"{SqlText.Identifier(Schema)}.{SqlText.Identifier(Name)}";

    /// <summary>The name for people: <c>schema.name</c>, unquoted.</summary>
    /// <returns>Text for messages; never for SQL.</returns>
    public override string ToString() => $"{Schema}.{Name}";
}
