namespace Backup.Core.Postgres.Schema.Kinds;

/// <summary>What tables have that not every supported version knows, and how others make them.</summary>
internal static class TableVersions
{
    private const int NotNullConstraints = 18;

    /// <summary>What a server has to know beyond what the statements show.</summary>
    public static IReadOnlyList<VersionRequirement> RequirementsOf(TableDefinition table)
    {
        var requirements = RelationOptions.RequirementsOf(table.Options).ToList();
        if (table is { RelationKind: 'p', AccessMethod: not null })
        {
            requirements.Add(VersionRequirement.From(17, "an access method of a partitioned table"));
        }

        if (table.Columns.Any(column => HasOtherExpressionThanParents(table, column)))
        {
            requirements.Add(VersionRequirement.From(16, "an inherited generated column with an expression of its own"));
        }

        return requirements;
    }

    /// <summary>The statements for servers that do not take those of the source's version.</summary>
    public static IReadOnlyList<StatementVariant> VariantsOf(TableDefinition table)
    {
        var variants = new List<StatementVariant>();
        var isVirtual = table.Columns.Any(column => column.Generated == 'v');
        if (isVirtual || table.Columns.Any(column => !table.Lists(column) && table.NotNulls?.ContainsKey(column.Number) == true))
        {
            variants.Add(new StatementVariant
            {
                Before = NotNullConstraints,
                Create = TableScript.Create(table, isForOlder: true),
                Note = isVirtual ? $"the virtual generated columns of {table.Name} become stored ones" : null,
            });
        }

        // Without a meaning, as it has no storage; version 18 refuses it.
        if (table is { RelationKind: 'p', IsUnlogged: true })
        {
            const string Unlogged = "CREATE UNLOGGED TABLE ";
            var create = TableScript.Create(table);
            variants.Add(new StatementVariant
            {
                Since = 18,
                Create = create.Replace(Unlogged, "CREATE TABLE ", StringComparison.Ordinal),
            });
        }

        // Version 18 lets no heir be without its parents' constraints. Only rows that hold NULL are then lost, and named.
        if (InheritanceScript.Loosen(table) is { Length: > 0 } loosened)
        {
            variants.Add(new StatementVariant
            {
                Since = NotNullConstraints,
                Create = TableScript.Create(table)[..^loosened.Length],
                Note = $"{table.Name} refuses NULL wherever the tables that it inherits from do",
            });
        }

        return variants;
    }

    // Of a partition the parent's is not merged.
    private static bool HasOtherExpressionThanParents(TableDefinition table, ColumnDefinition column) =>
        column.Generated != '\0' && !table.IsPartition && table.Defaults.TryGetValue(column.Number, out var own)
        && table.Parents.Any(parent => parent.Columns.Any(above =>
            above.Name == column.Name && above.Generated != '\0'
            && parent.Defaults.TryGetValue(above.Number, out var inherited) && inherited.Text != own.Text));
}
