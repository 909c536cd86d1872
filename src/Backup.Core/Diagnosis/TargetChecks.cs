using Backup.Core.Hosting;
using Backup.Core.Sinks;

namespace Backup.Core.Diagnosis;

/// <summary>Tries the place where backups are to be kept, and leaves nothing there.</summary>
/// <param name="sink">The place.</param>
/// <param name="run">Makes the checks.</param>
internal sealed class TargetChecks(IBackupSink sink, CheckRun run)
{
    private const DiagnosisArea Area = DiagnosisArea.Target;

    /// <summary>Less free space than this, and not even a small backup fits.</summary>
    private const long LeastFreeBytes = 16 * 1024 * 1024;

    /// <summary>Less than this is worth a word where the size of the database is not known.</summary>
    private const long ScarceFreeBytes = 256 * 1024 * 1024;

    /// <summary>A slower place would keep a backup waiting.</summary>
    private const double SlowBytesPerSecond = 1024 * 1024;

    private const string OtherPlace = "Choose another place.";

    private string Location => sink.Capabilities.Location;

    /// <summary>Makes the checks.</summary>
    /// <param name="tableBytes">About how many bytes the rows to back up take; <see langword="null"/> when that is not known.</param>
    /// <param name="cancellationToken">Ends them.</param>
    public async Task RunAsync(long? tableBytes, CancellationToken cancellationToken)
    {
        var folder = TargetFolder.Of(sink);
        var probe = new TargetProbe(sink, folder, run.TimeProvider);
        if (await run.MakeAsync(Area, "write", token => WriteAsync(probe, folder, token), cancellationToken).ConfigureAwait(false))
        {
            var (bytes, duration) = (probe.Bytes, probe.WriteDuration);
            try
            {
                await run.MakeAsync(Area, "read", token => ReadAsync(probe, token), cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                // Also when the caller cancels: what was written goes away.
                await run.MakeAsync(Area, "delete", token => DeleteAsync(probe, token), CancellationToken.None).ConfigureAwait(false);
            }

            cancellationToken.ThrowIfCancellationRequested();
            run.Conclude(Area, "speed", Speed(bytes, duration));
        }

        if (folder is not null)
        {
            await run.MakeAsync(Area, "space", _ => Task.FromResult(Space(folder.ReadSpace(), tableBytes)), cancellationToken).ConfigureAwait(false);
        }

        run.Conclude(Area, "durability", Durability(sink.Capabilities));
    }

    /// <summary>Judges the room on the disk.</summary>
    /// <param name="space">The room; <see langword="null"/> when the file system does not tell.</param>
    /// <param name="tableBytes">About how many bytes the rows take; <see langword="null"/> when that is not known.</param>
    public static CheckFinding Space(DiskSpace? space, long? tableBytes)
    {
        if (space is not { } known)
        {
            return CheckFinding.Warn("The file system does not tell how much room there is.", "Make sure that there is enough.");
        }

        var free = $"{ExplainedValue.Bytes(known.FreeBytes)} of {ExplainedValue.Bytes(known.TotalBytes)} are free";
        if (known.FreeBytes < LeastFreeBytes)
        {
            return CheckFinding.Fail($"{free}.", "Free space there, or choose a place on another disk.");
        }

        if (known.FreeBytes < tableBytes)
        {
            return CheckFinding.Warn(
                $"{free}, and the tables take about {ExplainedValue.Bytes(tableBytes.Value)} before they are packed.",
                "Rows mostly pack to a fraction of that: compare with the size of an earlier backup, or free space there.");
        }

        return tableBytes is null && known.FreeBytes < ScarceFreeBytes
            ? CheckFinding.Warn($"{free}.", "Free space there unless backups are small.")
            : CheckFinding.Ok($"{free}.");
    }

    /// <summary>Judges how fast the place takes bytes.</summary>
    public static CheckFinding Speed(long bytes, TimeSpan duration)
    {
        var perSecond = bytes / Math.Max(duration.TotalSeconds, 0.001);
        var finding = $"{ExplainedValue.Bytes(bytes)} were durable after {Amounts.Time(duration)}: {ExplainedValue.Bytes((long)perSecond)}/s.";
        return perSecond >= SlowBytesPerSecond
            ? CheckFinding.Ok(finding)
            : CheckFinding.Warn(finding, "A backup would wait for this place: choose a faster one, or pack harder (zstd, a higher level).");
    }

    /// <summary>Judges what becomes of a backup when the power goes.</summary>
    public static CheckFinding Durability(SinkCapabilities capabilities) => capabilities switch
    {
        { IsInMemory: true } => CheckFinding.Warn(
            "What is kept there takes the memory of the host, and is gone with it.", "Keep backups on a disk, a mounted volume or another host."),
        { IsDurable: true } => CheckFinding.Ok("What is committed there survives a power cut, as far as the disk keeps its word."),
        _ => CheckFinding.Warn("What was committed last there may be lost in a power cut.", "Verify a backup before you rely on it."),
    };

    private async Task<CheckFinding> WriteAsync(TargetProbe probe, TargetFolder? folder, CancellationToken cancellationToken)
    {
        await probe.WriteAsync(cancellationToken).ConfigureAwait(false);
        return CheckFinding.Ok(folder is { IsMissing: true }
            ? $"'{Location}' can be made and written to; it is not there yet."
            : $"'{Location}' can be written to.");
    }

    private async Task<CheckFinding> ReadAsync(TargetProbe probe, CancellationToken cancellationToken) =>
        await probe.ReadAsync(cancellationToken).ConfigureAwait(false)
            ? CheckFinding.Ok("What was written was read back.")
            : CheckFinding.Fail($"'{Location}' gives back other bytes than were written.", $"Check the disk. {OtherPlace}");

    private async Task<CheckFinding> DeleteAsync(TargetProbe probe, CancellationToken cancellationToken) =>
        await probe.DeleteAsync(cancellationToken).ConfigureAwait(false)
            ? CheckFinding.Ok("What was written was deleted again.")
            : CheckFinding.Fail(
                $"'{Location}' still lists an object that was deleted.",
                "What a failed run leaves there could not be removed, nor could old backups.");
}
