namespace Backup.Core.Postgres.Schema.Kinds;

/// <summary>Writes the statements that make sequences, identity columns and their positions.</summary>
internal static class SequenceScript
{
    /// <summary>The first version that has unlogged sequences.</summary>
    public const int UnloggedVersion = 15;

    /// <summary>CREATE SEQUENCE.</summary>
    public static string Create(SequenceDefinition sequence) =>
        $"CREATE {(sequence.IsUnlogged == true ? "UNLOGGED " : "")}SEQUENCE {sequence.Name.ToSql()}\n    AS {sequence.Type}{Options(sequence)};\n";

    /// <summary>ALTER TABLE … ADD GENERATED AS IDENTITY; the sequence's type is the column's.</summary>
    public static string AddIdentity(SequenceDefinition sequence, TableDefinition table, ColumnDefinition column)
    {
        var kind = column.Identity == 'a' ? "ALWAYS" : "BY DEFAULT";
        var script = $"ALTER TABLE {table.Name.ToSql()} ALTER COLUMN {SqlText.Identifier(column.Name)} "
            + $"ADD GENERATED {kind} AS IDENTITY (\n    SEQUENCE NAME {sequence.Name.ToSql()}{Options(sequence)}\n);\n";
        return sequence.IsUnlogged is not { } isUnlogged || isUnlogged == table.IsUnlogged
            ? script
            : script + $"ALTER SEQUENCE {sequence.Name.ToSql()} SET {(isUnlogged ? "UNLOGGED" : "LOGGED")};\n";
    }

    /// <summary>The statements for servers on which every sequence is logged.</summary>
    /// <param name="sequence">The sequence.</param>
    /// <param name="table">The table that owns it; <see langword="null"/> for none.</param>
    /// <param name="identity">The identity column that it serves; <see langword="null"/> for none.</param>
    public static IReadOnlyList<StatementVariant> VariantsOf(SequenceDefinition sequence, TableDefinition? table, ColumnDefinition? identity)
    {
        var logged = sequence with { IsUnlogged = null };
        var create = identity is null ? Create(logged) : AddIdentity(logged, table!, identity);
        return create == (identity is null ? Create(sequence) : AddIdentity(sequence, table!, identity))
            ? []
            : [new StatementVariant { Before = UnloggedVersion, Create = create }];
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
