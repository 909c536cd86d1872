using System.Globalization;
using Backup.Core.Hosting;

namespace Backup.Core.Pipeline.Memory;

/// <summary>Says of each value of a plan what it is and why: for the log, and for whoever asks what automatic became.</summary>
internal sealed class PlanReasons(
    ResourcePlan plan, BackupOptions options, ProfileValues values, HostLimits host, ResourceCounts wanted)
{
    private const string Set = "set";
    private const string SameForAll = "the same on every host, so that backups of one source can build on each other";
    private const string ConnectionsName = "connections";

    private string OfProfile => $"{plan.Profile} profile";

    /// <summary>All values, in the order in which people ask.</summary>
    /// <param name="profileReason">Why the profile is the one that it is.</param>
    public IReadOnlyList<ExplainedValue> Explain(string profileReason)
    {
        var explained = new List<ExplainedValue> { new("profile", plan.Profile.ToString(), profileReason) };
        if (plan.Connections > 0)
        {
            explained.Add(Count(ConnectionsName, plan.Connections, wanted.Connections, options.Connections, values.LeastConnections, values.MostConnections));
        }

        explained.Add(Count("compression workers", plan.Workers, wanted.Workers, options.CompressionWorkers, 1, values.MostWorkers));
        if (plan.Transfers > 0)
        {
            explained.Add(new("transfers", Number(plan.Transfers), options.Transfers is null ? OfProfile : Set));
            explained.Add(new("large objects in memory", Number(plan.ObjectShares), plan.ObjectShares < wanted.ObjectShares
                ? $"reduced from {wanted.ObjectShares} to fit the memory budget"
                : "as many as transfers, and half as many that wait for the archive"));
        }

        explained.Add(new("memory budget", ExplainedValue.Bytes(plan.BudgetBytes), BudgetReason()));
        explained.Add(Size("block", plan.Sizes.BlockBytes, options.BlockBytes is null));
        if (plan.Connections > 0)
        {
            explained.Add(new("page", ExplainedValue.Bytes(plan.PageBytes), options.PageBytes is null ? SameForAll : Set));
            explained.Add(new("heap blocks of a page", Number(plan.PageBlocks), options.PageBlocks is null ? SameForAll : Set));
        }

        explained.Add(Size("index in memory", plan.IndexBytes, isAutomatic: true));
        explained.Add(new("entries of a volume", Number(plan.EntriesPerVolume), OfProfile));
        explained.Add(Mark("low", plan.LowWatermarkBytes, options.LowWatermarkBytes, Watermarks.LowPercent, values.MostLowWatermarkBytes));
        explained.Add(Mark("high", plan.HighWatermarkBytes, options.HighWatermarkBytes, Watermarks.HighPercent, values.MostHighWatermarkBytes));
        return explained;
    }

    /// <summary>The same explanations for as many connections as the server gave.</summary>
    public static IReadOnlyList<ExplainedValue> WithConnections(IReadOnlyList<ExplainedValue> explained, int connections) =>
    [
        .. explained.Select(value => value.Name == ConnectionsName
            ? value with { Value = Number(connections), Reason = $"all that the server gave of {value.Value}" }
            : value),
    ];

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private ExplainedValue Count(string name, int number, int wish, int? setting, int least, int most)
    {
        var processors = ExplainedValue.Number(host.Processors.Value);
        var reason = setting is not null ? Set
            : least == most ? OfProfile
            : wish == most ? $"{OfProfile}: one per processor ({processors}), at most {most}"
            : $"one per processor ({processors})";
        return new(name, Number(number), number < wish ? $"{reason}; reduced from {wish} to fit the memory budget" : reason);
    }

    private ExplainedValue Size(string name, long bytes, bool isAutomatic) =>
        new(name, ExplainedValue.Bytes(bytes), isAutomatic ? OfProfile : Set);

    private string BudgetReason()
    {
        if (options.MemoryBudgetBytes is not null)
        {
            return Set;
        }

        var part = ResourcePlan.AutomaticMemory(host) / ResourcePlan.AutomaticMemoryDivisor;
        var memory = ExplainedValue.Bytes(ResourcePlan.AutomaticMemory(host));
        return plan.BudgetBytes > Math.Min(part, values.MostBudgetBytes) ? $"the least that these numbers need; a quarter of {memory} is less"
            : part > values.MostBudgetBytes ? $"{OfProfile}: the most that it takes unasked; a quarter of {memory} is more"
            : $"a quarter of {memory}";
    }

    private ExplainedValue Mark(string name, long bytes, long? setting, int percent, long? most)
    {
        var isOfProfile = bytes == most && most < Watermarks.Automatic(host, percent, most: null);
        var reason = setting is not null ? Set
            : isOfProfile ? OfProfile
            : bytes == Watermarks.Automatic(host, percent, most) ? $"{percent} % of {ExplainedValue.Bytes(host.MemoryBytes.Value)}"
            : "the other watermark, which is set";
        return new($"{name} watermark", ExplainedValue.Bytes(bytes), reason);
    }
}
