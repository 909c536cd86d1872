using System.Text;

namespace Backup.Core.Postgres.Schema.Kinds;

/// <summary>Writes the settings of a column that only ALTER TABLE can give: statistics, storage, compression, options.</summary>
internal static class ColumnSettings
{
    /// <summary>The statements for one column, each ending in <c>;\n</c>; an empty text when all is as made.</summary>
    /// <param name="relation">The relation's qualified name as SQL.</param>
    /// <param name="column">The column.</param>
    /// <param name="statesStorage">Whether the storage would be another one without a statement.</param>
    /// <param name="statesCompression">Whether the compression would be another one without a statement.</param>
    public static string Of(string relation, ColumnDefinition column, bool statesStorage, bool statesCompression)
    {
        var script = new StringBuilder();
        var alter = $"ALTER TABLE ONLY {relation} ALTER COLUMN {SqlText.Identifier(column.Name)}";
        if (column.StatisticsTarget >= 0)
        {
            script.Append($"{alter} SET STATISTICS {column.StatisticsTarget};\n");
        }

        if (statesStorage)
        {
            script.Append($"{alter} SET STORAGE {Storage(column.Storage)};\n");
        }

        if (statesCompression)
        {
            script.Append($"{alter} SET COMPRESSION {Compression(column.Compression)};\n");
        }

        if (!string.IsNullOrEmpty(column.Options))
        {
            script.Append($"{alter} SET ({column.Options});\n");
        }

        if (ForeignOptions.Clause(column.ForeignOptions) is { Length: > 0 } clause)
        {
            script.Append($"ALTER FOREIGN TABLE ONLY {relation} ALTER COLUMN {SqlText.Identifier(column.Name)}{clause};\n");
        }

        return script.ToString();
    }

    private static string Compression(char method) => method switch
    {
        'l' => "lz4",
        'p' => "pglz",
        _ => "default",
    };

    private static string Storage(char storage) => storage switch
    {
        'p' => "PLAIN",
        'e' => "EXTERNAL",
        'm' => "MAIN",
        _ => "EXTENDED",
    };
}
