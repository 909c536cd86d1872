using Backup.Core.Hosting;

namespace Backup.Core.Pipeline.Memory;

/// <summary>The numbers that give way where memory is short.</summary>
/// <param name="Connections">The readers of rows, 0 without a database.</param>
/// <param name="ObjectShares">The shares for objects, 0 without an object store.</param>
/// <param name="Workers">The packing threads.</param>
internal readonly record struct ResourceCounts(int Connections, int ObjectShares, int Workers)
{
    /// <summary>What settings, profile and host ask for, whatever it costs.</summary>
    public static ResourceCounts Wanted(BackupOptions options, RunLanes lanes, ProfileValues values, HostLimits host, int objectShares)
    {
        var processors = (int)Math.Ceiling(Math.Min(host.Processors.Value, int.MaxValue));
        return new(
            lanes.HasRows ? options.Connections ?? Math.Clamp(processors, values.LeastConnections, values.MostConnections) : 0,
            lanes.HasObjects ? objectShares : 0,
            options.CompressionWorkers ?? Math.Clamp(processors, 1, values.MostWorkers));
    }

    /// <summary>The fewest that the settings allow.</summary>
    public ResourceCounts Least(BackupOptions options) => new(
        Connections == 0 ? 0 : options.Connections ?? 1, Math.Min(ObjectShares, 1), options.CompressionWorkers ?? 1);

    /// <summary>Gives up what is missed least.</summary>
    public bool TryReduce(BackupOptions options, int transfers, out ResourceCounts fewer)
    {
        // Packers beyond one for each reader first; then large objects at once, as small ones need no share; then readers.
        var readers = Connections + Math.Min(ObjectShares, transfers);
        fewer = this switch
        {
            { Workers: > 1 } when options.CompressionWorkers is null && Workers > readers => this with { Workers = Workers - 1 },
            { ObjectShares: > 1 } => this with { ObjectShares = ObjectShares - 1 },
            { Workers: > 1 } when options.CompressionWorkers is null && (Workers > Connections || options.Connections is not null) =>
                this with { Workers = Workers - 1 },
            { Connections: > 1 } when options.Connections is null => this with { Connections = Connections - 1 },
            _ => this,
        };
        return fewer != this;
    }
}
