using Backup.Core.Hosting;
using Backup.Core.Pipeline;
using Backup.Core.Pipeline.Distribution;
using Backup.Core.Pipeline.Memory;

namespace Backup.Core.Sharding;

/// <summary>
/// Divides what one process would take of its host among several. What is set by number is each worker's; what is automatic is divided.
/// </summary>
internal static class OptionsDivision
{
    // Less makes a worker that waits for itself; a process takes several times as much beside its buffers.
    private const long LeastBudgetBytes = 16L * 1024 * 1024;

    /// <summary>Divides.</summary>
    /// <param name="parts">The parts with the caller's settings.</param>
    /// <param name="workers">How many workers there are.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">The budget is too small for what was asked for by number.</exception>
    public static DividedOptions Divide(PipelineParts parts, int workers)
    {
        var options = parts.Options;
        var host = HostLimits.Detect(options.Host);
        var whole = ResourcePlan.Create(options, parts.Lanes, parts.Compressor, host);

        // What decides how tables are cut is fixed here, so that all processes cut alike.
        var worker = options.Copy();
        worker.Profile = whole.Profile;
        worker.PageBytes = whole.PageBytes;
        worker.PageBlocks = whole.PageBlocks;
        worker.CompressionWorkers ??= Share(whole.Workers, workers);
        worker.Connections ??= parts.Lanes.HasRows ? Share(whole.Connections, workers) : null;
        worker.Transfers ??= parts.Lanes.HasObjects ? Share(whole.Transfers, workers) : null;
        worker.MemoryBudgetBytes ??= Math.Max(whole.BudgetBytes / workers, LeastBudgetBytes);
        var each = ResourcePlan.Create(worker, parts.Lanes, parts.Compressor, host);

        var own = worker.Copy();
        own.CompressionWorkers = 1;
        own.Connections = parts.Lanes.HasRows ? 1 : null;
        own.Transfers = parts.Lanes.HasObjects ? 1 : null;
        return new DividedOptions(own, worker, workers)
        {
            Connections = each.Connections * workers,
            CompressionWorkers = each.Workers * workers,
            MemoryBudgetBytes = each.BudgetBytes * (workers + 1L),
        };
    }

    private static int Share(int count, int workers) => Math.Max(1, (count + workers - 1) / workers);
}
