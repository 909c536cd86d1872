namespace Backup.Core.Postgres.Schema;

/// <summary>An index as the catalogs hold it, of a constraint or on its own.</summary>
internal sealed record IndexDefinition
{
    /// <summary>The oid.</summary>
    public required uint Oid { get; init; }

    /// <summary>The table's or materialized view's oid.</summary>
    public required uint Relation { get; init; }

    /// <summary>The true name.</summary>
    public required QualifiedName Name { get; init; }

    /// <summary>CREATE INDEX as the server writes it; empty for the index of a constraint, which makes it.</summary>
    public required string Definition { get; init; }

    /// <summary>Whether the table is clustered on it.</summary>
    public required bool IsClustered { get; init; }

    /// <summary>Whether it is the table's replica identity.</summary>
    public required bool IsReplicaIdentity { get; init; }

    /// <summary>The storage options for a WITH clause.</summary>
    public string Options { get; init; } = "";

    /// <summary>The tablespace's true name where it is not the database's.</summary>
    public string? Tablespace { get; init; }

    /// <summary>The oid of the partitioned table's index that it is attached to; 0 for none.</summary>
    public required uint Parent { get; init; }

    /// <summary>The oid of the constraint that it serves; 0 for none.</summary>
    public required uint Constraint { get; init; }

    /// <summary>Whether it serves a constraint that <see cref="ConstraintDefinition.HasOperators"/>: a partitioned table's makes those of its partitions.</summary>
    public bool HasOperators { get; init; }

    /// <summary>The numbers of the columns with a statistics target of their own.</summary>
    public IReadOnlyList<short> StatisticsColumns { get; init; } = [];

    /// <summary>Their targets.</summary>
    public IReadOnlyList<int> StatisticsTargets { get; init; } = [];
}
