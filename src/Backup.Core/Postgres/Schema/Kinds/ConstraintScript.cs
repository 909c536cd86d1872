namespace Backup.Core.Postgres.Schema.Kinds;

/// <summary>Writes the statements that add a primary key, a unique or an exclusion constraint with its index.</summary>
internal static class ConstraintScript
{
    /// <summary>ALTER TABLE … ADD CONSTRAINT, with the index's tablespace and settings.</summary>
    public static string AddKey(ConstraintDefinition constraint, TableDefinition table, IndexDefinition? index)
    {
        var clause = index is null ? constraint.Clause : WithOptions(constraint, index);
        var only = constraint.HasOperators && table.RelationKind == 'p' ? "" : "ONLY ";
        var add = $"ALTER TABLE {only}{table.Name.ToSql()}\n    ADD {clause};\n";
        return index is null ? add : IndexScript.InTablespace(index, add) + IndexScript.Settings(index, table.Name.ToSql());
    }

    // The server's text of a key leaves its index's storage options out; that of an exclusion has them.
    private static string WithOptions(ConstraintDefinition constraint, IndexDefinition index)
    {
        if (index.Options.Length == 0 || constraint.Type == 'x')
        {
            return constraint.Clause;
        }

        var deferral = (constraint.IsDeferrable ? " DEFERRABLE" : "") + (constraint.IsDeferred ? " INITIALLY DEFERRED" : "");
        var head = constraint.Clause[..^deferral.Length];
        return $"{head} WITH ({index.Options}){deferral}";
    }
}
