namespace Backup.Core.Sharding.Planning;

/// <summary>The objects of a bucket whose names lie in a range, in the order of their names' bytes.</summary>
internal sealed record ShardRange
{
    /// <summary>The bucket's id.</summary>
    public required string Bucket { get; init; }

    /// <summary>The least name; <see langword="null"/> for no bound.</summary>
    public string? First { get; init; }

    /// <summary>The name behind the last; <see langword="null"/> for no bound.</summary>
    public string? End { get; init; }

    /// <summary>How many objects there are; <see langword="null"/> where nobody counted them.</summary>
    public long? Objects { get; init; }

    /// <summary>The sum of their sizes, as far as these are known; <see langword="null"/> like the number.</summary>
    public long? Bytes { get; init; }

    /// <summary>
    /// The paths of those that clash with objects of other ranges or of this one, by their names: whoever has only this range cannot see
    /// that. <see langword="null"/> where the range is the whole bucket, whose paths nobody else gives.
    /// </summary>
    public IReadOnlyDictionary<string, string>? Marked { get; init; }
}
