using Backup.Core.Postgres.StoredObjects;

namespace Backup.Core.Postgres.Probes;

/// <summary>The selected relations of a database, and which of them a role cannot read.</summary>
internal sealed record RelationFacts
{
    /// <summary>The number of tables with rows to back up.</summary>
    public required int Tables { get; init; }

    /// <summary>About how many bytes their rows take, by the server's own statistics.</summary>
    public required long TableBytes { get; init; }

    /// <summary>The number of relations that a backup locks.</summary>
    public required int Locked { get; init; }

    /// <summary>The tables that the role has no right to read.</summary>
    public required IReadOnlyList<UnreadableTable> Refused { get; init; }

    /// <summary>The tables whose rows policies may hide from the role.</summary>
    public required IReadOnlyList<UnreadableTable> Hidden { get; init; }

    /// <summary>The tables that a standby has no rows of.</summary>
    public required IReadOnlyList<UnreadableTable> Unlogged { get; init; }

    /// <summary>The number of sequences whose positions belong in a backup.</summary>
    public required int Sequences { get; init; }

    /// <summary>Those of them that the role has no right to read.</summary>
    public required IReadOnlyList<QualifiedName> RefusedSequences { get; init; }

    /// <summary>The tables of Supabase Storage.</summary>
    public required StorageTables Storage { get; init; }
}
