using System.Numerics;
using Backup.Core.Compression;
using Backup.Core.Pipeline.Failures;
using Backup.Core.Pipeline.Memory;
using Microsoft.Extensions.Options;

namespace Backup.Core.Pipeline;

/// <summary>Checks what no single range tells: settings against one another. Reports all that is wrong, with values.</summary>
internal sealed class BackupOptionsRules : IValidateOptions<BackupOptions>
{
    // The server counts in milliseconds, and takes 0 as waiting for ever.
    private static readonly TimeSpan MinLockTimeout = TimeSpan.FromMilliseconds(1);

    private static readonly TimeSpan MaxLockTimeout = TimeSpan.FromDays(1);

    private static readonly TimeSpan MaxKeepSuspendedFor = TimeSpan.FromDays(3650);

    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, BackupOptions options)
    {
        var failures = new List<string>();
        CheckCodec(options, failures);
        failures.AddRange(options.Host.Validate().Select(failure => $"{nameof(options.Host)}: {failure}"));
        if (options.PageBlocks is { } blocks && !BitOperations.IsPow2(blocks))
        {
            failures.Add($"{nameof(options.PageBlocks)} is {options.PageBlocks}; it must be a power of two, "
                + "so that ranges stay the same from one backup to the next.");
        }

        if (options.LockTimeout < MinLockTimeout || options.LockTimeout > MaxLockTimeout)
        {
            failures.Add($"{nameof(options.LockTimeout)} is {options.LockTimeout}; it must be from {MinLockTimeout} to {MaxLockTimeout}.");
        }

        FailureSettingsRules.Check(options, failures);
        if (options.LowWatermarkBytes > options.HighWatermarkBytes)
        {
            failures.Add($"{nameof(options.LowWatermarkBytes)} is {options.LowWatermarkBytes}; it must not be more than "
                + $"{nameof(options.HighWatermarkBytes)}, {options.HighWatermarkBytes}.");
        }

        if (options.KeepSuspendedFor < TimeSpan.Zero || options.KeepSuspendedFor > MaxKeepSuspendedFor)
        {
            failures.Add($"{nameof(options.KeepSuspendedFor)} is {options.KeepSuspendedFor}; it must be from zero to {MaxKeepSuspendedFor}.");
        }

        CheckBudget(options, failures);
        return failures.Count > 0 ? ValidateOptionsResult.Fail(failures) : ValidateOptionsResult.Success;
    }

    private static void CheckBudget(BackupOptions options, List<string> failures)
    {
        // Which profile automatic becomes the host decides; what is too little for the one with the smallest blocks is too little for all.
        var profile = options.Profile is BackupProfile.Default or BackupProfile.High ? options.Profile : BackupProfile.Constrained;
        var block = options.BlockBytes ?? ProfileValues.Of(profile).BlockBytes;
        if (options.MemoryBudgetBytes is not { } budget || block <= 0)
        {
            return;
        }

        var (connections, workers) = (options.Connections ?? 1, options.CompressionWorkers ?? 1);
        var minimum = ResourcePlan.MinimumBudgetBytes(connections, objectShares: 0, workers, new EntrySizes(block, block));
        if (budget < minimum)
        {
            failures.Add($"{nameof(options.MemoryBudgetBytes)} is {budget}; {connections} connection(s) and {workers} compression worker(s) "
                + $"with {nameof(options.BlockBytes)} {block} need more than {minimum}.");
        }
    }

    private static void CheckCodec(BackupOptions options, List<string> failures)
    {
        var maxLevel = options.Codec switch
        {
            Compressors.Zstandard => ZstandardCompressor.MaxLevel,
            Compressors.Deflate => DeflateCompressor.MaxLevel,
            Compressors.None => 0,
            _ => -1,
        };
        if (maxLevel < 0)
        {
            failures.Add($"{nameof(options.Codec)} is '{options.Codec}'; it must be zstd, deflate or none.");
        }
        else if (options.Level is { } level && maxLevel == 0)
        {
            failures.Add($"{nameof(options.Level)} is {level}; the codec none has no levels.");
        }
        else if (options.Level is { } value && (value < 1 || value > maxLevel))
        {
            failures.Add($"{nameof(options.Level)} is {value}; the codec {options.Codec} has the levels 1 to {maxLevel}.");
        }
    }
}
