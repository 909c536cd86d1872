using Backup.Core.Postgres.LargeObjects;

namespace Backup.Core.Postgres;

/// <summary>One relation whose rows are backed up, as the snapshot shows it.</summary>
internal sealed record TableInfo
{
    /// <summary>The oid in the source's <c>pg_class</c>.</summary>
    public required uint Oid { get; init; }

    /// <summary>The true name.</summary>
    public required QualifiedName Name { get; init; }

    /// <summary>The true names of the columns that COPY gives: neither dropped nor generated, in attribute order.</summary>
    public required IReadOnlyList<string> Columns { get; init; }

    /// <summary>The heap's size in blocks; 0 for what is not a heap.</summary>
    public required long HeapBlocks { get; init; }

    /// <summary>The size of heap and TOAST table together, in bytes.</summary>
    public required long TotalBytes { get; init; }

    /// <summary>Whether ranges of <c>ctid</c> can be read: a table with the heap access method.</summary>
    public required bool SupportsCtidRanges { get; init; }

    /// <summary>The file that holds the heap (<c>relfilenode</c>), which TRUNCATE, CLUSTER and VACUUM FULL replace; 0 where there is none.</summary>
    public uint RelationFile { get; init; }

    /// <summary>
    /// The partitioned table that rows must be loaded into because the partition they belong to depends on the server's numbers for
    /// the labels of an enumeration; <see langword="null"/> for the table itself.
    /// </summary>
    public QualifiedName? LoadInto { get; init; }

    /// <summary>What decides whether rows that were read under another snapshot are rows of this table: see <see cref="TableFingerprint"/>.</summary>
    public string Fingerprint { get; init; } = "";

    /// <summary>Which large objects there are, where this is one of their two tables: what of them an earlier snapshot gave whole is kept only while that is the
    /// same, so that both tables are always of the same objects.</summary>
    public string LargeObjectsFingerprint { get; init; } = "";

    /// <summary><see cref="Fingerprint"/>, and what else must be equal for all rows that were read under an earlier snapshot to be kept.</summary>
    public string WholeFingerprint => Fingerprint + LargeObjectsFingerprint;

    /// <summary>Whether the text of a row changes only when the row does. That of a value of a <c>reg…</c> type, or of a row type, changes with what it refers to.</summary>
    public bool HasStableText { get; init; }

    /// <summary>What the server's statistics said of the table just before the snapshot: of what they count the snapshot shows all.</summary>
    /// <value><see langword="null"/> where they tell nothing that could be relied on.</value>
    public TableWrites? Writes { get; init; }

    /// <summary>What they said after it: of what the snapshot shows they count all, but for what sessions have not reported yet.</summary>
    /// <value><see langword="null"/> where they tell nothing that could be relied on.</value>
    public TableWrites? WritesAfter { get; init; }

    /// <summary>The query that gives <see cref="Columns"/>, without WHERE, where they are not simply those of the relation; <see langword="null"/> where they are.</summary>
    public string? Query { get; init; }

    /// <summary>Where the pages of large objects begin that are read one by one; <see langword="null"/> for everything else.</summary>
    public IReadOnlyList<LargeObjectPlace>? LargeObjectCuts { get; init; }

    /// <summary>The relation that is locked instead, where the role may not lock this one; mostly <see langword="null"/>.</summary>
    public QualifiedName? LockName { get; init; }

    /// <summary>The relation that is locked while the rows are read.</summary>
    public QualifiedName LockedName => LockName ?? Name;

    /// <summary>A condition on the rows (SQL without WHERE), as extensions set it for their configuration tables; <see langword="null"/> for all rows.</summary>
    public string? Condition { get; init; }
}
