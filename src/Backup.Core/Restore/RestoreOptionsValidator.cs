using Microsoft.Extensions.Options;

namespace Backup.Core.Restore;

/// <summary>Names every setting of a <see cref="RestoreOptions"/> that cannot be used, with its value.</summary>
internal sealed class RestoreOptionsValidator : IValidateOptions<RestoreOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, RestoreOptions options)
    {
        var failures = new List<string>();
        if (options.Connections is < 1 or > RestoreOptions.MaxConnections)
        {
            failures.Add(
                $"{nameof(RestoreOptions.Connections)} is {options.Connections}; expected 1 to {RestoreOptions.MaxConnections}, "
                + "or null for automatic.");
        }

        if (options.Transfers is < 1 or > RestoreOptions.MaxTransfers)
        {
            failures.Add($"{nameof(RestoreOptions.Transfers)} is {options.Transfers}; expected 1 to {RestoreOptions.MaxTransfers}.");
        }

        if (options.MaxObjectFailures < 0)
        {
            failures.Add($"{nameof(RestoreOptions.MaxObjectFailures)} is {options.MaxObjectFailures}; expected 0 or more.");
        }

        if (options.ProgressInterval < TimeSpan.Zero)
        {
            failures.Add($"{nameof(RestoreOptions.ProgressInterval)} is {options.ProgressInterval}; expected zero or more.");
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
