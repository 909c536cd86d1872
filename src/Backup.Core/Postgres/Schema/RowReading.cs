using Npgsql;

namespace Backup.Core.Postgres.Schema;

/// <summary>Reads the catalogs' own types from a row.</summary>
internal static class RowReading
{
    /// <summary>An <c>oid</c>.</summary>
    public static uint Oid(this NpgsqlDataReader row, int column) => row.GetFieldValue<uint>(column);

    /// <summary>A text that may be NULL.</summary>
    public static string? Text(this NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    /// <summary>A <c>"char"</c>; a NUL character for PostgreSQL's empty one.</summary>
    public static char Char(this NpgsqlDataReader row, int column) => row.GetFieldValue<char>(column);

    /// <summary>A <c>text[]</c> that may be NULL.</summary>
    public static string[]? Texts(this NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetFieldValue<string[]>(column);
}
