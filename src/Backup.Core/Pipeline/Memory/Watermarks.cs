using Backup.Core.Hosting;

namespace Backup.Core.Pipeline.Memory;

/// <summary>The memory of the process at which a run begins to save.</summary>
/// <param name="LowBytes">Above it less is read at once.</param>
/// <param name="HighBytes">Above it buffers are given back and the collector compacts as well.</param>
internal readonly record struct Watermarks(long LowBytes, long HighBytes)
{
    /// <summary>The low one as a part of the limit, in percent.</summary>
    public const int LowPercent = 60;

    /// <summary>The high one as a part of the limit, in percent.</summary>
    public const int HighPercent = 80;

    /// <summary>Takes what is set, else the profile's or the limit's, whichever is less.</summary>
    public static Watermarks Choose(BackupOptions options, ProfileValues values, HostLimits host)
    {
        var high = options.HighWatermarkBytes ?? Automatic(host, HighPercent, values.MostHighWatermarkBytes);
        var low = options.LowWatermarkBytes ?? Automatic(host, LowPercent, values.MostLowWatermarkBytes);

        // One of them may have been set far from where the other one is by itself.
        return options.LowWatermarkBytes is null ? new(Math.Min(low, high), high) : new(low, Math.Max(low, high));
    }

    /// <summary>A part of the limit, where a profile does not say less.</summary>
    public static long Automatic(HostLimits host, int percent, long? most) =>
        Math.Min(host.MemoryBytes.Value / 100 * percent, most ?? long.MaxValue);
}
