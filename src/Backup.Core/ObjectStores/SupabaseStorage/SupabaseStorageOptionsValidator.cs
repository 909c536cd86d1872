using Microsoft.Extensions.Options;

namespace Backup.Core.ObjectStores.SupabaseStorage;

/// <summary>Checks the options of the Storage client, all at once, without ever showing the key.</summary>
internal sealed class SupabaseStorageOptionsValidator : IValidateOptions<SupabaseStorageOptions>
{
    private const int MaxListPageSize = 1000;
    private const int MaxMaxRetries = 20;

    private static readonly TimeSpan MaxRetryDelay = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan MinTimeout = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan MaxTimeout = TimeSpan.FromDays(1);

    /// <summary>Throws when any option is invalid.</summary>
    public static void ThrowIfInvalid(SupabaseStorageOptions options)
    {
        var result = new SupabaseStorageOptionsValidator().Validate(null, options);
        if (result.Failed)
        {
            throw new OptionsValidationException(nameof(SupabaseStorageOptions), typeof(SupabaseStorageOptions), result.Failures);
        }
    }

    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, SupabaseStorageOptions options)
    {
        var failures = new List<string>();
        Check(
            IsAddress(options.Url),
            "Url must be an absolute http or https address without a user, such as https://ref.supabase.co; "
            + $"it is '{Shown(options.Url)}'.");
        Check(
            !string.IsNullOrEmpty(options.Key) && options.Key.All(IsKeyCharacter),
            "Key must be the project's service key, in one line and without spaces.");
        Check(
            options.ListPageSize is >= 1 and <= MaxListPageSize,
            $"ListPageSize must be 1 to {MaxListPageSize}; it is {options.ListPageSize}.");
        Check(options.MaxRetries is >= 0 and <= MaxMaxRetries, $"MaxRetries must be 0 to {MaxMaxRetries}; it is {options.MaxRetries}.");
        Check(
            options.RetryDelay >= TimeSpan.Zero && options.RetryDelay <= MaxRetryDelay,
            $"RetryDelay must be 0 to {MaxRetryDelay}; it is {options.RetryDelay}.");
        Check(IsTimeout(options.AttemptTimeout), $"AttemptTimeout must be {MinTimeout} to {MaxTimeout}; it is {options.AttemptTimeout}.");
        Check(IsTimeout(options.ProgressTimeout), $"ProgressTimeout must be {MinTimeout} to {MaxTimeout}; it is {options.ProgressTimeout}.");
        Check(options.MinBytesPerSecond >= 0, $"MinBytesPerSecond must not be negative; it is {options.MinBytesPerSecond}.");
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);

        void Check(bool isValid, string failure)
        {
            if (!isValid)
            {
                failures.Add(failure);
            }
        }
    }

    private static bool IsAddress(Uri? url) =>
        url is { IsAbsoluteUri: true, UserInfo.Length: 0 } && (url.Scheme == Uri.UriSchemeHttps || url.Scheme == Uri.UriSchemeHttp);

    // A header can hold these alone.
    private static bool IsKeyCharacter(char character) => character is > ' ' and <= '~';

    private static bool IsTimeout(TimeSpan time) => time >= MinTimeout && time <= MaxTimeout;

    // Neither a password before the host nor a token in the query may show, nor a key that was given in the address's place.
    private static string Shown(Uri? url) => url switch
    {
        null => string.Empty,
        { IsAbsoluteUri: false } => "no absolute address",
        _ => $"{url.Scheme}://{url.Authority}",
    };
}
