namespace Backup.Core.Postgres.Schema;

/// <summary>A constraint of a table as <c>pg_constraint</c> holds it.</summary>
internal sealed record ConstraintDefinition
{
    /// <summary>The oid.</summary>
    public required uint Oid { get; init; }

    /// <summary>The constraint as an object.</summary>
    public ObjectAddress Address => new(SystemCatalog.Constraint, Oid);

    /// <summary>The table's oid.</summary>
    public required uint Table { get; init; }

    /// <summary>The true name.</summary>
    public required string Name { get; init; }

    /// <summary>The <c>contype</c>: c check, n not null, p primary key, u unique, x exclusion, f foreign key.</summary>
    public required char Type { get; init; }

    /// <summary>Whether it can be deferred.</summary>
    public required bool IsDeferrable { get; init; }

    /// <summary>Whether it is deferred from the start.</summary>
    public required bool IsDeferred { get; init; }

    /// <summary>Whether all rows are known to fulfil it.</summary>
    public required bool IsValidated { get; init; }

    /// <summary>Whether the table itself declares it.</summary>
    public required bool IsLocal { get; init; }

    /// <summary>The oid of the index that it rests on: its own, or the referenced key's; 0 for none.</summary>
    public required uint Index { get; init; }

    /// <summary>The number of the first column; 0 for none.</summary>
    public required int Column { get; init; }

    /// <summary>The definition as the server writes it.</summary>
    public required string Definition { get; init; }

    /// <summary>
    /// For a partition's foreign key of a name of its own: the oids of those that it belongs to, of its table and of the tables above.
    /// </summary>
    public IReadOnlyList<uint> Ancestors { get; init; } = [];

    /// <summary>Whether its index tells rows apart by operators: that of an exclusion constraint, or of a key WITHOUT OVERLAPS.</summary>
    public bool HasOperators { get; init; }

    /// <summary>For a partition's constraint that <see cref="HasOperators"/>: the oid of its table's; 0 for none.</summary>
    public uint Parent { get; init; }

    /// <summary>Name and definition, as after ADD.</summary>
    public string Clause => $"CONSTRAINT {SqlText.Identifier(Name)} {Definition}";
}
