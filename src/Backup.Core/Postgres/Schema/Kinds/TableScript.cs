using System.Text;

namespace Backup.Core.Postgres.Schema.Kinds;

/// <summary>Writes the statements that make a table without its rows, indexes and foreign keys.</summary>
internal sealed class TableScript
{
    private readonly TableDefinition _table;
    private readonly IReadOnlyList<TableDefinition> _parents;
    private readonly bool _isForOlder;
    private readonly StringBuilder _script = new();

    // A partition is made on its own, so it inherits nothing before it is attached.
    private TableScript(TableDefinition table, IReadOnlyList<TableDefinition> parents, bool isForOlder)
    {
        _table = table;
        _isForOlder = isForOlder;
        _parents = table.IsPartition ? [] : parents;
    }

    /// <summary>CREATE TABLE and the ALTER statements for what it cannot say.</summary>
    /// <param name="table">The table.</param>
    /// <param name="isForOlder">Whether it is for servers before version 18, which know no NOT NULL constraints and no virtual columns.</param>
    public static string Create(TableDefinition table, bool isForOlder = false)
    {
        if (InheritanceScript.IsInherited(table))
        {
            return new TableScript(table, table.Parents, isForOlder).Write() + InheritanceScript.Loosen(table);
        }

        var model = InheritanceScript.ModelOf(table);
        var script = model is null ? "" : new TableScript(model, [], isForOlder).Write();
        return script
            + new TableScript(table, model is null ? [] : [model], isForOlder).Write()
            + InheritanceScript.Join(table, model)
            + InheritanceScript.Loosen(table);
    }

    private string Write()
    {
        if (_table.Tablespace is not null)
        {
            _script.Append($"SET default_tablespace = {SqlText.Identifier(_table.Tablespace)};\n");
        }

        var sort = _table.Server is not null ? "FOREIGN " : _table.IsUnlogged ? "UNLOGGED " : "";
        _script.Append($"CREATE {sort}TABLE {_table.Name.ToSql()}");
        AppendElements();
        if (_parents.Count > 0)
        {
            _script.Append($"\nINHERITS ({string.Join(", ", _parents.Select(parent => parent.Name.ToSql()))})");
        }

        if (_table.Server is not null)
        {
            _script.Append($"\n{_table.Server}");
        }

        if (_table.PartitionKey is not null)
        {
            _script.Append($"\nPARTITION BY {_table.PartitionKey}");
        }

        if (_table.AccessMethod is not null)
        {
            _script.Append($"\nUSING {SqlText.Identifier(_table.AccessMethod)}");
        }

        if (_table.Options.Length > 0)
        {
            _script.Append($"\nWITH ({_table.Options})");
        }

        _script.Append(";\n");
        if (_table.Tablespace is not null)
        {
            _script.Append("SET default_tablespace = '';\n");
        }

        AppendColumnSettings();
        AppendTableSettings();
        return _script.ToString();
    }

    private void AppendElements()
    {
        var elements = _table.Columns.Where(_table.Lists).Select(column => Column(column)).OfType<string>().ToList();
        elements.AddRange(
            from column in _table.Columns
            where !_table.Lists(column) && !_isForOlder
            let clause = _table.NotNulls?.GetValueOrDefault(column.Number)
            where clause is not null
            select clause.OfTable(column.Name));
        elements.AddRange(_table.Checks.Where(check => check.IsInline).Select(check => check.Text));
        if (_table.OfType is not null)
        {
            _script.Append($" OF {_table.OfType}");
        }

        // A typed table without settings of its own has no list at all; any other table has one, even an empty one.
        if (elements.Count > 0)
        {
            _script.Append($" (\n    {string.Join(",\n    ", elements)}\n)");
        }
        else if (_table.OfType is null)
        {
            _script.Append(" (\n)");
        }
    }

    private string? Column(ColumnDefinition column)
    {
        var text = new StringBuilder(SqlText.Identifier(column.Name));
        if (_table.OfType is null)
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
        if (_table.Defaults.TryGetValue(column.Number, out var value) && value.IsInline && !InheritsExpression(column, value.Text))
        {
            text.Append(column.Generated switch
            {
                's' => $" GENERATED ALWAYS AS ({value.Text}) STORED",
                'v' => $" GENERATED ALWAYS AS ({value.Text}){(_isForOlder ? " STORED" : "")}",
                _ => $" DEFAULT {value.Text}",
            });
        }

        if (NotNull(column) is { } clause)
        {
            text.Append($" {clause.OfColumn()}");
        }

        return _table.OfType is not null && text.Length == bare ? null : text.ToString();
    }

    // What the table itself has to say; a parent's constraint comes with the parent.
    private NotNullClause? NotNull(ColumnDefinition column)
    {
        if (_table.NotNulls is { } clauses)
        {
            return clauses.GetValueOrDefault(column.Number);
        }

        return column.IsNotNull && !Inherits(column, above => above.IsNotNull) ? new NotNullClause(null) : null;
    }

    private bool Inherits(ColumnDefinition column, Func<ColumnDefinition, bool> condition) =>
        _parents.Any(parent => parent.Columns.Any(above => above.Name == column.Name && condition(above)));

    private void AppendColumnSettings()
    {
        foreach (var column in _table.Columns)
        {
            var alter = $"ALTER TABLE ONLY {_table.Name.ToSql()} ALTER COLUMN {SqlText.Identifier(column.Name)}";

            // Before PostgreSQL 18 an inherited column that is not listed cannot be given NOT NULL inside CREATE TABLE.
            if ((_table.NotNulls is null || _isForOlder) && !_table.Lists(column) && NotNull(column) is not null)
            {
                _script.Append($"{alter} SET NOT NULL;\n");
            }

            if (!_table.Defaults.ContainsKey(column.Number) && InheritsDefault(column))
            {
                _script.Append($"{alter} DROP DEFAULT;\n");
            }

            var statesStorage = column.Storage != column.TypeStorage || Inherits(column, above => above.Storage != column.Storage);
            var statesCompression = column.Compression != '\0' || Inherits(column, above => above.Compression != column.Compression);
            _script.Append(ColumnSettings.Of(_table.Name.ToSql(), column, statesStorage, statesCompression));
        }
    }

    private bool InheritsDefault(ColumnDefinition column) => column.Generated == '\0' && ParentDefaults(column).Any();

    // The same expression is inherited; before PostgreSQL 16 a child may not even repeat it.
    private bool InheritsExpression(ColumnDefinition column, string expression) =>
        column.Generated != '\0' && ParentDefaults(column).Any(inherited => inherited.Text == expression);

    private IEnumerable<InlinePart> ParentDefaults(ColumnDefinition column) =>
        from parent in _parents
        from above in parent.Columns
        where above.Name == column.Name
        let value = parent.Defaults.GetValueOrDefault(above.Number)
        where value is not null
        select value;

    private void AppendTableSettings()
    {
        var alter = $"ALTER TABLE ONLY {_table.Name.ToSql()}";
        if (_table.ReplicaIdentity is 'n' or 'f' && _table.Server is null)
        {
            _script.Append($"{alter} REPLICA IDENTITY {(_table.ReplicaIdentity == 'n' ? "NOTHING" : "FULL")};\n");
        }

        if (_table.ForcesRowSecurity)
        {
            _script.Append($"{alter} FORCE ROW LEVEL SECURITY;\n");
        }
    }
}
