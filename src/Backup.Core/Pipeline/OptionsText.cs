using System.Globalization;

namespace Backup.Core.Pipeline;

/// <summary>Writes settings down for the log: all of them, so that a run can be understood afterwards. None is a secret.</summary>
internal static class OptionsText
{
    private const string Automatic = "automatic";

    /// <summary>The settings, each as <c>name=value</c>.</summary>
    public static string Of(BackupOptions options) => string.Join(", ", Settings(options).Select(setting => $"{setting.Name}={setting.Value}"));

    private static IEnumerable<(string Name, string Value)> Settings(BackupOptions options)
    {
        yield return (nameof(options.Profile), options.Profile.ToString());
        yield return (nameof(options.Host), options.Host.Describe());
        yield return (nameof(options.Connections), Text(options.Connections));
        yield return (nameof(options.CompressionWorkers), Text(options.CompressionWorkers));
        yield return (nameof(options.MemoryBudgetBytes), Text(options.MemoryBudgetBytes));
        yield return (nameof(options.LowWatermarkBytes), Text(options.LowWatermarkBytes));
        yield return (nameof(options.HighWatermarkBytes), Text(options.HighWatermarkBytes));
        yield return (nameof(options.VolumeBytes), Text(options.VolumeBytes, "unlimited"));
        yield return (nameof(options.Codec), options.Codec);
        yield return (nameof(options.Level), Text(options.Level));
        yield return (nameof(options.PageBytes), Text(options.PageBytes));
        yield return (nameof(options.PageBlocks), Text(options.PageBlocks));
        yield return (nameof(options.BlockBytes), Text(options.BlockBytes));
        yield return (nameof(options.LockTimeout), options.LockTimeout.ToString("c", CultureInfo.InvariantCulture));
        yield return (nameof(options.Transfers), Text(options.Transfers));
        yield return (nameof(options.KeepSuspendedFor), options.KeepSuspendedFor.ToString("c", CultureInfo.InvariantCulture));
        yield return (nameof(options.MaxChain), Text(options.MaxChain));
        yield return (nameof(options.Timeouts), Of(options.Timeouts));
        yield return (nameof(options.Retries), Of(options.Retries));
    }

    private static string Of(BackupTimeouts timeouts) => string.Create(
        CultureInfo.InvariantCulture,
        $"{timeouts.Connect:c} connect {timeouts.Read:c} read {timeouts.Transfer:c} transfer {timeouts.Sink:c} sink {timeouts.Archive:c} archive {timeouts.Progress:c} progress {(timeouts.Item is { } item ? item.ToString("c", CultureInfo.InvariantCulture) : "unlimited")} item");

    private static string Of(RetryOptions retries) =>
        string.Create(CultureInfo.InvariantCulture, $"{retries.MaxAttempts} attempts {retries.BaseDelay:c} to {retries.MaxDelay:c} apart");

    private static string Text(long? value, string none = Automatic) => value?.ToString(CultureInfo.InvariantCulture) ?? none;
}
