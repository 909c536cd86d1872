namespace Backup.Core.Archives.Manifest;

/// <summary>One bucket whose objects a backup holds.</summary>
public sealed record BucketRecord
{
    /// <summary>The bucket's true id.</summary>
    public required string Id { get; init; }

    /// <summary>The folder of its objects, ending in a slash: <c>storage/avatars/</c>.</summary>
    public required string Path { get; init; }

    /// <summary>How many objects the listing named. Those that are not in <see cref="Objects"/> are among the failures.</summary>
    public required long Listed { get; init; }

    /// <summary>How many objects the backup holds.</summary>
    public required long Objects { get; init; }

    /// <summary>Their raw size, in bytes.</summary>
    public required long RawBytes { get; init; }
}
