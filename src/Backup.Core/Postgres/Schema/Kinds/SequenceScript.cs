namespace Backup.Core.Postgres.Schema.Kinds;

/// <summary>Writes the statements that make sequences, identity columns and their positions.</summary>
internal static class SequenceScript
{
    /// <summary>CREATE SEQUENCE.</summary>
    public static string Create(SequenceDefinition sequence) =>
        $"CREATE {(sequence.IsUnlogged ? "UNLOGGED " : "")}SEQUENCE {sequence.Name.ToSql()}\n    AS {sequence.Type}{Options(sequence)};\n";

    /// <summary>ALTER TABLE … ADD GENERATED AS IDENTITY; the sequence's type is the column's.</summary>
    public static string AddIdentity(SequenceDefinition sequence, TableDefinition table, ColumnDefinition column)
    {
        var kind = column.Identity == 'a' ? "ALWAYS" : "BY DEFAULT";
        var script = $"ALTER TABLE {table.Name.ToSql()} ALTER COLUMN {SqlText.Identifier(column.Name)} "
            + $"ADD GENERATED {kind} AS IDENTITY (\n    SEQUENCE NAME {sequence.Name.ToSql()}{Options(sequence)}\n);\n";
        return sequence.IsUnlogged == table.IsUnlogged
            ? script
            : script + $"ALTER SEQUENCE {sequence.Name.ToSql()} SET {(sequence.IsUnlogged ? "UNLOGGED" : "LOGGED")};\n";
    }

    /// <summary>SELECT setval(…).</summary>
    public static string SetPosition(QualifiedName sequence, long value, bool isCalled) =>
        $"SELECT pg_catalog.setval({SqlText.Literal(sequence.ToSql())}, {value}, {(isCalled ? "true" : "false")});\n";

    private static string Options(SequenceDefinition sequence) =>
        $"""

            START WITH {sequence.Start}
            INCREMENT BY {sequence.Increment}
            MINVALUE {sequence.Minimum}
            MAXVALUE {sequence.Maximum}
            CACHE {sequence.Cache}
        """ + (sequence.Cycles ? "\n    CYCLE" : "");
}
