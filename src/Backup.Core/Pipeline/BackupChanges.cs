namespace Backup.Core.Pipeline;

/// <summary>What an incremental backup stores, reuses and drops of what its parent holds.</summary>
public sealed record BackupChanges
{
    /// <summary>The tables of both, in the order of their names; empty without a database.</summary>
    public required IReadOnlyList<TableChanges> Tables { get; init; }

    /// <summary>The buckets of both, in ordinal order of their ids; empty without an object store.</summary>
    public required IReadOnlyList<BucketChanges> Buckets { get; init; }

    /// <summary>What is stored, of tables and buckets together.</summary>
    public ChangeAmount Stored => Sum(Tables, table => table.Stored) + Sum(Buckets, bucket => bucket.Stored);

    /// <summary>What is referenced.</summary>
    public ChangeAmount Reused => Sum(Tables, table => table.Reused) + Sum(Buckets, bucket => bucket.Reused);

    /// <summary>What the parent holds and this backup does not.</summary>
    public ChangeAmount Dropped => Sum(Tables, table => table.Dropped) + Sum(Buckets, bucket => bucket.Dropped);

    private static ChangeAmount Sum<T>(IReadOnlyList<T> items, Func<T, ChangeAmount> amount) => items.Select(amount).Aggregate(default(ChangeAmount), ChangeAmount.Add);
}
