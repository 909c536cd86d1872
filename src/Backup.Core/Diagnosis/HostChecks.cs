using System.Globalization;
using Backup.Core.Compression;
using Backup.Core.Hosting;
using Backup.Core.Pipeline;
using Backup.Core.Pipeline.Memory;
using Microsoft.Extensions.Options;

namespace Backup.Core.Diagnosis;

/// <summary>Tells what the host grants, and what every automatic setting becomes on it and why.</summary>
/// <param name="options">The settings.</param>
/// <param name="lanes">What is to be backed up.</param>
/// <param name="run">Makes the checks.</param>
internal sealed class HostChecks(BackupOptions options, RunLanes lanes, CheckRun run)
{
    private const DiagnosisArea Area = DiagnosisArea.Host;

    // A job that may run for longer ends by itself as a rule.
    private static readonly TimeSpan ShortTimeLimit = TimeSpan.FromHours(1);

    /// <summary>Makes the checks.</summary>
    /// <returns>The sizes of a run here; <see langword="null"/> when there are none.</returns>
    public async Task<ResourcePlan?> RunAsync(CancellationToken cancellationToken)
    {
        var host = await run.AskAsync(
            Area,
            "platform",
            _ =>
            {
                var limits = HostLimits.Detect(options.Host);
                return Task.FromResult((limits, CheckFinding.Ok($"{limits.Platform.Value} ({limits.Platform.Source}).")));
            },
            cancellationToken).ConfigureAwait(false);
        if (host is null)
        {
            return null;
        }

        run.Conclude(Area, "processors", CheckFinding.Ok($"{ExplainedValue.Number(host.Processors.Value)} ({host.Processors.Source})."));
        run.Conclude(Area, "memory", CheckFinding.Ok(
            $"{Of(host.MemoryBytes)}{(host.IsMemoryLimited ? ", at which the process would be ended" : ", which it shares with all others")}."));
        run.Conclude(Area, "heap", CheckFinding.Ok($"{Of(host.HeapBytes)}."));
        run.Conclude(Area, "temporaryFolder", TemporaryFolder(host.TempFolder));
        run.Conclude(Area, "timeLimit", TimeLimit(host.TimeLimit));
        return Plan(host);
    }

    /// <summary>Judges the folder for temporary files.</summary>
    public static CheckFinding TemporaryFolder(HostValue<TempFolder>? folder) => folder switch
    {
        null => CheckFinding.Warn("There is no folder that can be written.", "Mount one, or name one: a backup itself needs none, but what you run beside it may."),
        { Value.IsInMemory: true } => CheckFinding.Warn(
            $"{folder.Value} ({folder.Source}): what is written there takes the memory of the host.", "Keep backups elsewhere: on a disk, a mounted volume, another host."),
        _ => CheckFinding.Ok($"{folder.Value} ({folder.Source})."),
    };

    /// <summary>Judges how long the host lets one invocation run.</summary>
    public static CheckFinding TimeLimit(HostValue<TimeSpan>? limit) => limit switch
    {
        null => CheckFinding.Ok("None is known of this platform."),
        { Value: var time } when time > ShortTimeLimit => CheckFinding.Ok($"{Text(time)} ({limit.Source})."),
        { Value: var time } => CheckFinding.Warn(
            $"The host ends an invocation after {Text(time)} at the most ({limit.Source}).",
            "Set a time budget below what it really grants, so that a long backup is suspended in time and resumed by the next invocation."),
    };

    private ResourcePlan? Plan(HostLimits host)
    {
        try
        {
            var plan = ResourcePlan.Create(options, lanes, Compressors.Create(options.Codec, options.Level), host);
            foreach (var value in plan.Explanations)
            {
                run.Conclude(Area, NameOf(value.Name), CheckFinding.Ok($"{value.Value} ({value.Reason})."));
            }

            return plan;
        }
        catch (OptionsValidationException exception)
        {
            run.Conclude(Area, "settings", CheckFinding.Fail(
                string.Join(" ", exception.Failures), "Give more memory, or leave more of these settings to be found out."));
            return null;
        }
    }

    private static string Of(HostValue<long> bytes) => $"{ExplainedValue.Bytes(bytes.Value)} ({bytes.Source})";

    private static string Text(TimeSpan time) => time.ToString("c", CultureInfo.InvariantCulture);

    /// <summary>The name of a check: <c>compression workers</c> is <c>compressionWorkers</c>.</summary>
    private static string NameOf(string words) => string.Concat(
        words.Split(' ').Select((word, index) => index == 0 ? word : char.ToUpperInvariant(word[0]) + word[1..]));
}
