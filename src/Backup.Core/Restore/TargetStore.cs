using Backup.Core.ObjectStores;
using Backup.Core.ObjectStores.SupabaseStorage;

namespace Backup.Core.Restore;

/// <summary>How a run gets at an object store: one of its own, closed at its end, or the caller's.</summary>
internal sealed class TargetStore
{
    private readonly SupabaseStorageOptions? _options;
    private readonly IObjectStore? _borrowed;

    private TargetStore(SupabaseStorageOptions? options, IObjectStore? borrowed)
    {
        _options = options;
        _borrowed = borrowed;
    }

    /// <summary>A Storage server to which each run opens its own connections.</summary>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">The options are not valid.</exception>
    public static TargetStore FromSupabase(SupabaseStorageOptions options)
    {
        // A copy, so that what is checked here is what every run uses.
        var copy = new SupabaseStorageOptions
        {
            Url = options.Url,
            Key = options.Key,
            UseGatewayPath = options.UseGatewayPath,
            ListPageSize = options.ListPageSize,
            MaxRetries = options.MaxRetries,
            RetryDelay = options.RetryDelay,
            AttemptTimeout = options.AttemptTimeout,
            ProgressTimeout = options.ProgressTimeout,
        };
        SupabaseStorageOptionsValidator.ThrowIfInvalid(copy);
        return new TargetStore(copy, null);
    }

    /// <summary>A store of the caller.</summary>
    public static TargetStore Borrow(IObjectStore store) => new(null, store);

    /// <summary>Runs work on the store.</summary>
    public async Task<T> UseAsync<T>(Func<IObjectStore, Task<T>> work)
    {
        if (_borrowed is not null)
        {
            return await work(_borrowed).ConfigureAwait(false);
        }

        using var store = new SupabaseStorageStore(_options!);
        return await work(store).ConfigureAwait(false);
    }
}
