using System.Text;

namespace Backup.Core.Postgres.Schema.Kinds;

/// <summary>Writes the statements that make a table without its rows, indexes and foreign keys.</summary>
internal static class TableScript
{
    /// <summary>CREATE TABLE and the ALTER statements for what it cannot say.</summary>
    public static string Create(TableDefinition table)
    {
        var script = new StringBuilder();
        if (table.Tablespace is not null)
        {
            script.Append($"SET default_tablespace = {SqlText.Identifier(table.Tablespace)};\n");
        }

        var sort = table.Server is not null ? "FOREIGN " : table.IsUnlogged ? "UNLOGGED " : "";
        script.Append($"CREATE {sort}TABLE {table.Name.ToSql()}");
        AppendElements(script, table);
        if (table.Parents.Count > 0 && !table.IsPartition)
        {
            script.Append($"\nINHERITS ({string.Join(", ", table.Parents.Select(parent => parent.Name.ToSql()))})");
        }

        if (table.Server is not null)
        {
            script.Append($"\n{table.Server}");
        }

        if (table.PartitionKey is not null)
        {
            script.Append($"\nPARTITION BY {table.PartitionKey}");
        }

        if (table.AccessMethod is not null)
        {
            script.Append($"\nUSING {SqlText.Identifier(table.AccessMethod)}");
        }

        if (table.Options.Length > 0)
        {
            script.Append($"\nWITH ({table.Options})");
        }

        script.Append(";\n");
        if (table.Tablespace is not null)
        {
            script.Append("SET default_tablespace = '';\n");
        }

        AppendColumnSettings(script, table);
        AppendTableSettings(script, table);
        return script.ToString();
    }

    private static void AppendElements(StringBuilder script, TableDefinition table)
    {
        var elements = table.Columns.Where(table.Lists).Select(column => Column(table, column)).OfType<string>().ToList();
        elements.AddRange(
            from column in table.Columns
            where !table.Lists(column)
            let clause = table.NotNulls?.GetValueOrDefault(column.Number)
            where clause is not null
            select clause.OfTable(column.Name));
        elements.AddRange(table.Checks.Where(check => check.IsInline).Select(check => check.Text));
        if (table.OfType is not null)
        {
            script.Append($" OF {table.OfType}");
        }

        // A typed table without settings of its own has no list at all; any other table has one, even an empty one.
        if (elements.Count > 0)
        {
            script.Append($" (\n    {string.Join(",\n    ", elements)}\n)");
        }
        else if (table.OfType is null)
        {
            script.Append(" (\n)");
        }
    }

    private static string? Column(TableDefinition table, ColumnDefinition column)
    {
        var text = new StringBuilder(SqlText.Identifier(column.Name));
        if (table.OfType is null)
        {
            text.Append($" {column.Type}");
            if (column.Collation is not null)
            {
                text.Append($" COLLATE {column.Collation}");
            }
        }
        else
        {
            text.Append(" WITH OPTIONS");
        }

        var bare = text.Length;
        if (table.Defaults.TryGetValue(column.Number, out var value) && value.IsInline && !InheritsExpression(table, column, value.Text))
        {
            text.Append(column.Generated switch
            {
                's' => $" GENERATED ALWAYS AS ({value.Text}) STORED",
                'v' => $" GENERATED ALWAYS AS ({value.Text})",
                _ => $" DEFAULT {value.Text}",
            });
        }

        if (NotNull(table, column) is { } clause)
        {
            text.Append($" {clause.OfColumn()}");
        }

        return table.OfType is not null && text.Length == bare ? null : text.ToString();
    }

    // What the table itself has to say; a parent's constraint comes with the parent.
    private static NotNullClause? NotNull(TableDefinition table, ColumnDefinition column)
    {
        if (table.NotNulls is { } clauses)
        {
            return clauses.GetValueOrDefault(column.Number);
        }

        return column.IsNotNull && !Inherits(table, column, above => above.IsNotNull) ? new NotNullClause(null, true) : null;
    }

    // A partition is made on its own, so it inherits nothing before it is attached.
    private static bool Inherits(TableDefinition table, ColumnDefinition column, Func<ColumnDefinition, bool> condition) =>
        !table.IsPartition
        && table.Parents.Any(parent => parent.Columns.Any(above => above.Name == column.Name && condition(above)));

    private static void AppendColumnSettings(StringBuilder script, TableDefinition table)
    {
        foreach (var column in table.Columns)
        {
            var alter = $"ALTER TABLE ONLY {table.Name.ToSql()} ALTER COLUMN {SqlText.Identifier(column.Name)}";

            // Before PostgreSQL 18 an inherited column that is not listed cannot be given NOT NULL inside CREATE TABLE.
            if (table.NotNulls is null && !table.Lists(column) && NotNull(table, column) is not null)
            {
                script.Append($"{alter} SET NOT NULL;\n");
            }

            if (!table.Defaults.ContainsKey(column.Number) && InheritsDefault(table, column))
            {
                script.Append($"{alter} DROP DEFAULT;\n");
            }

            var statesStorage = column.Storage != column.TypeStorage || Inherits(table, column, above => above.Storage != column.Storage);
            var statesCompression = column.Compression != '\0' || Inherits(table, column, above => above.Compression != column.Compression);
            script.Append(ColumnSettings.Of(table.Name.ToSql(), column, statesStorage, statesCompression));
        }
    }

    private static bool InheritsDefault(TableDefinition table, ColumnDefinition column) => !table.IsPartition
        && column.Generated == '\0'
        && ParentDefaults(table, column).Any();

    // The same expression is inherited; before PostgreSQL 16 a child may not even repeat it.
    private static bool InheritsExpression(TableDefinition table, ColumnDefinition column, string expression) =>
        column.Generated != '\0' && !table.IsPartition
        && ParentDefaults(table, column).Any(inherited => inherited.Text == expression);

    private static IEnumerable<InlinePart> ParentDefaults(TableDefinition table, ColumnDefinition column) =>
        from parent in table.Parents
        from above in parent.Columns
        where above.Name == column.Name
        let value = parent.Defaults.GetValueOrDefault(above.Number)
        where value is not null
        select value;

    private static void AppendTableSettings(StringBuilder script, TableDefinition table)
    {
        var alter = $"ALTER TABLE ONLY {table.Name.ToSql()}";
        if (table.ReplicaIdentity is 'n' or 'f' && table.Server is null)
        {
            script.Append($"{alter} REPLICA IDENTITY {(table.ReplicaIdentity == 'n' ? "NOTHING" : "FULL")};\n");
        }

        if (table.ForcesRowSecurity)
        {
            script.Append($"{alter} FORCE ROW LEVEL SECURITY;\n");
        }
    }
}
