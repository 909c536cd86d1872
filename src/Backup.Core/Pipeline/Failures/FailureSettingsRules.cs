namespace Backup.Core.Pipeline.Failures;

/// <summary>Checks time-outs and retries. Reports all that is wrong, with values.</summary>
internal static class FailureSettingsRules
{
    private static readonly TimeSpan MinTimeout = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan MaxTimeout = TimeSpan.FromDays(1);
    private static readonly TimeSpan MaxBaseDelay = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan MaxMaxDelay = TimeSpan.FromMinutes(10);

    /// <summary>Adds what is wrong.</summary>
    public static void Check(BackupOptions options, List<string> failures)
    {
        if (options.Timeouts is { } timeouts)
        {
            CheckTimeout(nameof(timeouts.Connect), timeouts.Connect, failures);
            CheckTimeout(nameof(timeouts.Read), timeouts.Read, failures);
            CheckTimeout(nameof(timeouts.Transfer), timeouts.Transfer, failures);
            CheckTimeout(nameof(timeouts.Sink), timeouts.Sink, failures);
            CheckTimeout(nameof(timeouts.Archive), timeouts.Archive, failures);
            CheckTimeout(nameof(timeouts.Progress), timeouts.Progress, failures);
            if (timeouts.Item is { } item)
            {
                CheckTimeout(nameof(timeouts.Item), item, failures);
            }
        }

        if (options.Retries is { } retries)
        {
            if (retries.BaseDelay < TimeSpan.Zero || retries.BaseDelay > MaxBaseDelay)
            {
                failures.Add($"{nameof(options.Retries)}.{nameof(retries.BaseDelay)} is {retries.BaseDelay}; it must be from {TimeSpan.Zero} to {MaxBaseDelay}.");
            }

            if (retries.MaxDelay < retries.BaseDelay || retries.MaxDelay > MaxMaxDelay)
            {
                failures.Add($"{nameof(options.Retries)}.{nameof(retries.MaxDelay)} is {retries.MaxDelay}; it must be from {retries.BaseDelay} to {MaxMaxDelay}.");
            }
        }
    }

    private static void CheckTimeout(string name, TimeSpan value, List<string> failures)
    {
        if (value < MinTimeout || value > MaxTimeout)
        {
            failures.Add($"{nameof(BackupOptions.Timeouts)}.{name} is {value}; it must be from {MinTimeout} to {MaxTimeout}.");
        }
    }
}
