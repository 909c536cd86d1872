using Backup.Core.Pipeline;

namespace Backup.Cli.Documents;

/// <summary>What an incremental backup stores, reuses and drops.</summary>
internal sealed record ChangesSection
{
    /// <summary>What is new or differs, in all.</summary>
    public required AmountSection Stored { get; init; }

    /// <summary>What is referenced.</summary>
    public required AmountSection Reused { get; init; }

    /// <summary>What the parent holds and this backup does not.</summary>
    public required AmountSection Dropped { get; init; }

    /// <summary>The tables of both.</summary>
    public required IReadOnlyList<TableChangesSection> Tables { get; init; }

    /// <summary>The buckets of both.</summary>
    public required IReadOnlyList<BucketChangesSection> Buckets { get; init; }

    /// <summary>Makes the section.</summary>
    public static ChangesSection Of(BackupChanges changes) => new()
    {
        Stored = AmountSection.Of(changes.Stored),
        Reused = AmountSection.Of(changes.Reused),
        Dropped = AmountSection.Of(changes.Dropped),
        Tables =
        [
            .. changes.Tables.Select(table => new TableChangesSection
            {
                Schema = table.Table.Schema,
                Name = table.Table.Name,
                Stored = AmountSection.Of(table.Stored),
                Reused = AmountSection.Of(table.Reused),
                Dropped = AmountSection.Of(table.Dropped),
            }),
        ],
        Buckets =
        [
            .. changes.Buckets.Select(bucket => new BucketChangesSection
            {
                Id = bucket.Id,
                Stored = AmountSection.Of(bucket.Stored),
                Reused = AmountSection.Of(bucket.Reused),
                Dropped = AmountSection.Of(bucket.Dropped),
            }),
        ],
    };
}

/// <summary>A number of pages or objects, and their size before packing.</summary>
internal sealed record AmountSection
{
    /// <summary>How many.</summary>
    public required long Items { get; init; }

    /// <summary>Their size before packing.</summary>
    public required long RawBytes { get; init; }

    /// <summary>Makes the section.</summary>
    public static AmountSection Of(ChangeAmount amount) => new() { Items = amount.Items, RawBytes = amount.Bytes };
}

/// <summary>What becomes of one table's pages.</summary>
internal sealed record TableChangesSection
{
    /// <summary>The schema.</summary>
    public required string Schema { get; init; }

    /// <summary>The table.</summary>
    public required string Name { get; init; }

    /// <summary>Pages that are new or differ.</summary>
    public required AmountSection Stored { get; init; }

    /// <summary>Pages that are as they were.</summary>
    public required AmountSection Reused { get; init; }

    /// <summary>The parent's pages that are of no use any more.</summary>
    public required AmountSection Dropped { get; init; }
}

/// <summary>What becomes of one bucket's objects.</summary>
internal sealed record BucketChangesSection
{
    /// <summary>The bucket's id.</summary>
    public required string Id { get; init; }

    /// <summary>Objects that are new or differ.</summary>
    public required AmountSection Stored { get; init; }

    /// <summary>Objects that are as they were.</summary>
    public required AmountSection Reused { get; init; }

    /// <summary>The parent's objects that are of no use any more.</summary>
    public required AmountSection Dropped { get; init; }
}
