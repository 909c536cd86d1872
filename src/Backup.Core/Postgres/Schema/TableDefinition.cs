namespace Backup.Core.Postgres.Schema;

/// <summary>A table with what its CREATE statement may carry; later readers add defaults and check constraints.</summary>
internal sealed class TableDefinition
{
    /// <summary>The oid.</summary>
    public required uint Oid { get; init; }

    /// <summary>The true name.</summary>
    public required QualifiedName Name { get; init; }

    /// <summary>The owner's true name.</summary>
    public required string Owner { get; init; }

    /// <summary>The <c>relkind</c>: r ordinary, p partitioned, f foreign.</summary>
    public required char RelationKind { get; init; }

    /// <summary>Whether it is a partition of another table.</summary>
    public required bool IsPartition { get; init; }

    /// <summary>Whether it is not logged.</summary>
    public required bool IsUnlogged { get; init; }

    /// <summary>The columns that are there, by number.</summary>
    public required IReadOnlyList<ColumnDefinition> Columns { get; init; }

    /// <summary>The composite type of a typed table, as qualified SQL.</summary>
    public string? OfType { get; init; }

    /// <summary>What stands after PARTITION BY.</summary>
    public string? PartitionKey { get; init; }

    /// <summary>The storage options, those of the TOAST table included, for a WITH clause.</summary>
    public string Options { get; init; } = "";

    /// <summary>The access method's true name where it is not the heap.</summary>
    public string? AccessMethod { get; init; }

    /// <summary>The tablespace's true name where it is not the database's.</summary>
    public string? Tablespace { get; init; }

    /// <summary>The SERVER clause of a foreign table, its options included.</summary>
    public string? Server { get; init; }

    /// <summary>The <c>relreplident</c>: d default, n nothing, f full, i an index.</summary>
    public required char ReplicaIdentity { get; init; }

    /// <summary>Whether row security holds for the owner too.</summary>
    public required bool ForcesRowSecurity { get; init; }

    /// <summary>The parents in the order of INHERITS; the one parent of a partition.</summary>
    public List<TableDefinition> Parents { get; } = [];

    /// <summary>The defaults and generation expressions by column number.</summary>
    public Dictionary<int, InlinePart> Defaults { get; } = [];

    /// <summary>
    /// The NOT NULL constraints by column number; <see langword="null"/> before PostgreSQL 18, where NOT NULL is but a
    /// property of the column.
    /// </summary>
    public required Dictionary<int, NotNullClause>? NotNulls { get; init; }

    /// <summary>The check constraints, by name.</summary>
    public List<InlinePart> Checks { get; } = [];

    /// <summary>The validated check and NOT NULL constraints that it has from its parents alone; a partition declares its own.</summary>
    public List<ConstraintDefinition> InheritedConstraints { get; } = [];

    /// <summary>The table as an object.</summary>
    public required ObjectAddress Address { get; init; }

    /// <summary>Whether CREATE TABLE lists the column: inherited ones come with the parents.</summary>
    public bool Lists(ColumnDefinition column) => column.IsLocal || IsPartition;
}

/// <summary>A part of a CREATE statement that may have been split off.</summary>
/// <param name="Item">The part as an object; <see langword="null"/> for what need never stand alone.</param>
/// <param name="Text">The expression or the clause.</param>
internal sealed record InlinePart(SchemaObject? Item, string Text)
{
    /// <summary>The true name of a constraint.</summary>
    public string? Name { get; init; } = Item?.Name;

    /// <summary>Whether the CREATE statement carries the part.</summary>
    public bool IsInline => Item is not { IsSeparate: true };
}
