namespace Backup.Core.Restore;

/// <summary>What a restore sets out to do, as the backup and the target show it before anything is changed.</summary>
public sealed record RestorePlan
{
    /// <summary>The objects that are made, in order; empty for a restore of data only.</summary>
    public required IReadOnlyList<PlannedObject> Objects { get; init; }

    /// <summary>The tables whose rows are loaded, in the order of their names; empty for a restore of the schema only.</summary>
    public required IReadOnlyList<PlannedTable> Tables { get; init; }

    /// <summary>What stays out of this restore though it belongs to what was chosen, and why.</summary>
    public required IReadOnlyList<LeftOutObject> LeftOut { get; init; }

    /// <summary>
    /// What the target's server cannot make, as its version does not know it or it lacks an extension, and what needs that, and why. Without
    /// <see cref="RestoreRequest.AllowUnsupported"/> it is one of the <see cref="Obstacles"/>.
    /// </summary>
    /// <value>Empty by default.</value>
    public IReadOnlyList<LeftOutObject> Unsupported { get; init; } = [];

    /// <summary>Why the target would not take this restore: objects in the way, roles that are missing, tables that are not
    /// there. Empty when it would. A run that is no dry run throws for them.</summary>
    public required IReadOnlyList<string> Obstacles { get; init; }

    /// <summary>The buckets that objects are put into, in ordinal order of their ids; empty without an object store.</summary>
    public IReadOnlyList<PlannedBucket> Buckets { get; init; } = [];

    /// <summary>The roles that are created: those of the backup that the target lacks; empty unless the request asks for roles.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [];

    /// <summary>What is set on the database itself, each in a few words and without its value, such as <c>DATABASE OWNER app</c>;
    /// empty unless the request asks for the settings of the database.</summary>
    public IReadOnlyList<string> DatabaseSettings { get; init; } = [];

    /// <summary>The objects of the restore that the target already holds. With <see cref="RestoreRequest.Clean"/> they are
    /// removed first.</summary>
    public IReadOnlyList<PlannedObject> Existing => [.. Objects.Where(item => item.Exists)];

    /// <summary>The number of rows.</summary>
    public long Rows => Tables.Sum(table => table.Rows);

    /// <summary>The size of the rows as text, in bytes.</summary>
    public long RawBytes => Tables.Sum(table => table.RawBytes);

    /// <summary>The stored objects and their size.</summary>
    public ObjectCount Files => new(Buckets.Sum(bucket => bucket.Chosen.Objects), Buckets.Sum(bucket => bucket.Chosen.Bytes));
}
