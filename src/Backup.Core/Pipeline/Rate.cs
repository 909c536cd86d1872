namespace Backup.Core.Pipeline;

/// <summary>How much comes in a second.</summary>
internal static class Rate
{
    /// <summary>The amount per second of a time; 0 where there was no time.</summary>
    public static double PerSecond(long amount, TimeSpan time) => time > TimeSpan.Zero ? amount / time.TotalSeconds : 0;
}
