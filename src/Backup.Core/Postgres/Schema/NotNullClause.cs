namespace Backup.Core.Postgres.Schema;

/// <summary>A NOT NULL constraint that a table declares itself.</summary>
/// <param name="Name">The true name; <see langword="null"/> where the server gives that name on its own.</param>
internal sealed record NotNullClause(string? Name)
{
    /// <summary>The clause as it stands behind a column.</summary>
    public string OfColumn() => Text("");

    /// <summary>The clause as a table's, naming the column.</summary>
    public string OfTable(string column) => Text($" {SqlText.Identifier(column)}");

    private string Text(string column) =>
        $"{(Name is null ? "" : $"CONSTRAINT {SqlText.Identifier(Name)} ")}NOT NULL{column}";
}
