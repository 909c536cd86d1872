using Microsoft.Extensions.Options;

namespace Backup.Core.ObjectStores.SupabaseStorage;

/// <summary>Checks the options of the Storage client, all at once, without ever showing the key.</summary>
internal sealed class SupabaseStorageOptionsValidator : IValidateOptions<SupabaseStorageOptions>
{
    private const int MaxListPageSize = 1000;
    private const int MaxMaxRetries = 20;

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
            options.Url is { IsAbsoluteUri: true } url && (url.Scheme == Uri.UriSchemeHttps || url.Scheme == Uri.UriSchemeHttp) && url.UserInfo.Length == 0,
            $"Url must be an absolute http or https address without a user, such as https://ref.supabase.co; it is '{options.Url?.GetLeftPart(UriPartial.Path)}'.");
        Check(
            !string.IsNullOrWhiteSpace(options.Key) && options.Key.All(char.IsAscii) && !options.Key.Any(char.IsControl),
            "Key must be the project's service key.");
        Check(
            options.ListPageSize is >= 1 and <= MaxListPageSize,
            $"ListPageSize must be 1 to {MaxListPageSize}; it is {options.ListPageSize}.");
        Check(options.MaxRetries is >= 0 and <= MaxMaxRetries, $"MaxRetries must be 0 to {MaxMaxRetries}; it is {options.MaxRetries}.");
        Check(options.RetryDelay >= TimeSpan.Zero, $"RetryDelay must not be negative; it is {options.RetryDelay}.");
        Check(options.AttemptTimeout > TimeSpan.Zero, $"AttemptTimeout must be positive; it is {options.AttemptTimeout}.");
        Check(options.ProgressTimeout > TimeSpan.Zero, $"ProgressTimeout must be positive; it is {options.ProgressTimeout}.");
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);

        void Check(bool isValid, string failure)
        {
            if (!isValid)
            {
                failures.Add(failure);
            }
        }
    }
}
