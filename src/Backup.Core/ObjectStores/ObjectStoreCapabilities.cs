namespace Backup.Core.ObjectStores;

/// <summary>What an object store can do, as data, so that callers decide before they begin.</summary>
public sealed record ObjectStoreCapabilities
{
    /// <summary>A short name of the place for people, without secrets: <c>https://project.example/storage/v1</c>.</summary>
    public required string Location { get; init; }

    /// <summary>Whether an object can be read from any offset.</summary>
    public bool SupportsRanges { get; init; } = true;

    /// <summary>Whether content type, cache control and user metadata are kept with an object.</summary>
    public bool KeepsProperties { get; init; } = true;

    /// <summary>Whether a listing carries user metadata; otherwise <see cref="IObjectStore.FindObjectAsync"/> has to be asked for it.</summary>
    public bool ListsUserMetadata { get; init; }

    /// <summary>
    /// Whether it is the Storage of a Supabase project, whose database has a row in <c>storage.objects</c> for each object: a backup of
    /// both then lists from the snapshot of the database.
    /// </summary>
    public bool IsListedInDatabase { get; init; }
}
