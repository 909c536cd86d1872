using System.Text;

namespace Backup.Core.Postgres.Schema.Kinds;

/// <summary>
/// Tells whether CREATE TABLE … INHERITS makes a child as it is, and writes the statements for one that it would make otherwise: with
/// its columns in another order, because a parent got columns or the child got parents after it was made, or not at all, because its
/// parents disagree by now.
/// </summary>
/// <remarks>
/// Such a child is made on its own and joined to its parents (ALTER TABLE … INHERIT), which leaves its columns where they are. Joining
/// takes all columns for declared by the child itself; where some are inherited only, the child first inherits from a model, an empty table
/// with the child's columns in the child's order, and leaves it once it has its parents.
/// </remarks>
internal static class InheritanceScript
{
    /// <summary>Whether INHERITS alone gives the child's columns and their order.</summary>
    public static bool IsInherited(TableDefinition table) =>
        table.IsPartition || table.Parents.Count == 0 || (HasMergedOrder(table) && CanMerge(table));

    /// <summary>The table that gives a child the columns that it inherits only; <see langword="null"/> where it declares all of them.</summary>
    public static TableDefinition? ModelOf(TableDefinition table)
    {
        var constraints = table.InheritedConstraints.Where(constraint => IsAbove(table, constraint)).ToList();
        if (constraints.Count == 0 && table.Columns.All(table.Lists))
        {
            return null;
        }

        var model = new TableDefinition
        {
            Oid = 0,
            Address = default,
            Name = new QualifiedName(table.Name.Schema, $"columns of {table.Name.Name}"),
            Owner = table.Owner,
            RelationKind = 'r',
            IsPartition = false,
            IsUnlogged = table.IsUnlogged,
            ReplicaIdentity = 'd',
            ForcesRowSecurity = false,
            Columns = [.. table.Columns.Select(Bare)],
            NotNulls = table.NotNulls is null
                ? null
                : constraints.Where(constraint => constraint.Type == 'n').ToDictionary(
                    constraint => constraint.Column,
                    constraint => new NotNullClause(constraint.Name)),
        };
        foreach (var column in table.Columns.Where(column => column.Generated != '\0'))
        {
            model.Defaults.Add(column.Number, new InlinePart(null, table.Defaults[column.Number].Text));
        }

        model.Checks.AddRange(
            constraints.Where(constraint => constraint.Type == 'c').Select(constraint => new InlinePart(null, constraint.Clause)));
        return model;
    }

    /// <summary>The statements that give a child its parents in their order, and take the model away.</summary>
    public static string Join(TableDefinition table, TableDefinition? model)
    {
        var script = new StringBuilder();
        var alter = $"ALTER TABLE {table.Name.ToSql()}";

        // Who joins a parent must refuse NULL where the parent does.
        foreach (var column in Looser(table))
        {
            script.Append($"{alter} ALTER COLUMN {SqlText.Identifier(column.Name)} SET NOT NULL;\n");
        }

        foreach (var parent in table.Parents)
        {
            script.Append($"{alter} INHERIT {parent.Name.ToSql()};\n");
        }

        if (model is not null)
        {
            script.Append($"{alter} NO INHERIT {model.Name.ToSql()};\nDROP TABLE {model.Name.ToSql()};\n");
        }

        return script.ToString();
    }

    /// <summary>
    /// The statements that let a child hold NULL where a parent does not, as before PostgreSQL 18 it may: rows that have some
    /// could not be loaded otherwise.
    /// </summary>
    public static string Loosen(TableDefinition table) => string.Concat(Looser(table).Select(column =>
        $"ALTER TABLE ONLY {table.Name.ToSql()} ALTER COLUMN {SqlText.Identifier(column.Name)} DROP NOT NULL;\n"));

    private static IEnumerable<ColumnDefinition> Looser(TableDefinition table) => table.NotNulls is not null || table.IsPartition
        ? []
        : table.Columns.Where(column => !column.IsNotNull && Above(table, column).Any(above => above.Column.IsNotNull));

    // What CREATE TABLE … INHERITS does: the columns of each parent in turn, then the child's own, each name where it comes first.
    private static bool HasMergedOrder(TableDefinition table) => table.Parents
        .SelectMany(parent => parent.Columns)
        .Concat(table.Columns.Where(column => column.IsLocal))
        .Select(column => column.Name)
        .Distinct(StringComparer.Ordinal)
        .SequenceEqual(table.Columns.Select(column => column.Name), StringComparer.Ordinal);

    // What CREATE TABLE … INHERITS refuses: parents whose columns of one name have different properties, unless the child says which.
    private static bool CanMerge(TableDefinition table) => table.Columns.All(column =>
    {
        var inherited = Above(table, column).ToList();
        return inherited.Count < 2
            || (Agree(inherited.Select(above => above.Column.Storage))
                && Agree(inherited.Select(above => above.Column.Compression).Where(method => method != '\0'))
                && Agree(inherited.Select(above => above.Column.Generated))
                && (StatesDefault(table, column) || Agree(inherited.Select(DefaultOf).OfType<string>())));
    });

    private static bool StatesDefault(TableDefinition table, ColumnDefinition column) =>
        table.Lists(column) && table.Defaults.TryGetValue(column.Number, out var value) && value.IsInline;

    private static bool Agree<T>(IEnumerable<T> values) => values.Distinct().Take(2).Count() < 2;

    private static string? DefaultOf((TableDefinition Parent, ColumnDefinition Column) above) =>
        above.Parent.Defaults.GetValueOrDefault(above.Column.Number)?.Text;

    private static IEnumerable<(TableDefinition Parent, ColumnDefinition Column)> Above(TableDefinition table, ColumnDefinition column) =>
        from parent in table.Parents
        from above in parent.Columns
        where above.Name == column.Name
        select (parent, above);

    // Whether a parent has the constraint when it is made: one that comes later (it was never validated, or a cycle split it off)
    // reaches the children then.
    private static bool IsAbove(TableDefinition table, ConstraintDefinition constraint)
    {
        var subject = SubjectOf(table, constraint);
        return table.Parents.Any(parent => Declares(parent, constraint.Type, subject)
            || parent.InheritedConstraints.Any(above =>
                above.Type == constraint.Type && SubjectOf(parent, above) == subject && IsAbove(parent, above)));
    }

    private static bool Declares(TableDefinition parent, char type, string subject) => type == 'c'
        ? parent.Checks.Any(check => check.IsInline && check.Name == subject)
        : parent.NotNulls!.Keys.Any(number => NameOf(parent, number) == subject);

    // A check is inherited by its name, NOT NULL by the column's, whatever the constraint is called.
    private static string SubjectOf(TableDefinition table, ConstraintDefinition constraint) =>
        constraint.Type == 'c' ? constraint.Name : NameOf(table, constraint.Column);

    private static string NameOf(TableDefinition table, int number) => table.Columns.First(column => column.Number == number).Name;

    private static ColumnDefinition Bare(ColumnDefinition column) => column with
    {
        IsLocal = true,
        IsNotNull = false,
        Identity = '\0',
        StatisticsTarget = -1,
        Storage = column.TypeStorage,
        Compression = '\0',
        Options = null,
        ForeignOptions = null,
        Acl = null,
    };
}
