namespace Backup.Core.ObjectStores;

/// <summary>An object to be stored.</summary>
public sealed record ObjectUpload
{
    /// <summary>The bucket's id.</summary>
    public required string Bucket { get; init; }

    /// <summary>The full name.</summary>
    public required string Name { get; init; }

    /// <summary>Opens the content from its first byte; called again for each retry. The store disposes what it opened.</summary>
    public required Func<CancellationToken, ValueTask<Stream>> OpenContent { get; init; }

    /// <summary>The content's size in bytes, which must be right.</summary>
    public required long Bytes { get; init; }

    /// <summary>The media type; <see langword="null"/> for <c>application/octet-stream</c>.</summary>
    public string? ContentType { get; init; }

    /// <summary>The Cache-Control to be kept with it; <see langword="null"/> for the store's default.</summary>
    public string? CacheControl { get; init; }

    /// <summary>What search engines may do with it, the header <c>X-Robots-Tag</c>; <see langword="null"/> for the store's default.</summary>
    public string? RobotsTag { get; init; }

    /// <summary>The user's own metadata, a JSON object as text; <see langword="null"/> for none.</summary>
    public string? UserMetadata { get; init; }

    /// <summary>Whether an object of that name may be replaced; otherwise it is an error.</summary>
    public bool Overwrite { get; init; }
}
