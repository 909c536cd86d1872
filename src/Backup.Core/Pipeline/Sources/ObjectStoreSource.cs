using Backup.Core.ObjectStores;
using Backup.Core.ObjectStores.SupabaseStorage;
using Backup.Core.Pipeline.Failures;

namespace Backup.Core.Pipeline.Sources;

/// <summary>The object store of a pipeline: the caller's, or one that each run makes for itself.</summary>
internal sealed class ObjectStoreSource
{
    private readonly Func<IObjectStore> _open;

    private ObjectStoreSource(Func<IObjectStore> open, bool isOwnedByRun, string description)
    {
        _open = open;
        IsOwnedByRun = isOwnedByRun;
        Description = description;
    }

    /// <summary>The store for people, without secrets.</summary>
    public string Description { get; }

    /// <summary>Whether a run disposes what <see cref="Open"/> gave it.</summary>
    public bool IsOwnedByRun { get; }

    /// <summary>Runs read a store that stays the caller's.</summary>
    public static ObjectStoreSource Borrow(IObjectStore store) => new(() => store, false, store.Capabilities.Location);

    /// <summary>Every run makes connections of its own: nothing stays open, and nothing has to be disposed, between two runs.</summary>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">The options are not valid.</exception>
    public static ObjectStoreSource FromOptions(SupabaseStorageOptions options)
    {
        // Made once here, so that a mistake is told when the pipeline is built. It opens nothing.
        var copy = options.Copy();
        using var store = new SupabaseStorageStore(copy);
        return new ObjectStoreSource(() => new SupabaseStorageStore(copy), true, store.Capabilities.Location);
    }

    /// <summary>The same store, whose answers and bytes come in time, or fail.</summary>
    public ObjectStoreSource Limit(TimeSpan limit, TimeProvider timeProvider) =>
        new(() => new TimedObjectStore(_open(), limit, timeProvider), IsOwnedByRun, Description);

    /// <summary>The store for one run.</summary>
    public IObjectStore Open() => _open();
}
