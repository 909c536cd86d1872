using System.Globalization;
using System.Runtime.InteropServices;

namespace Backup.Core.Peers.Measuring;

/// <summary>What a reader has to know of the machine to judge a figure.</summary>
internal static class MachineFacts
{
    /// <summary>Processors, memory, system and runtime in one line.</summary>
    public static async Task<string> DescribeAsync(CancellationToken cancellationToken)
    {
        var model = await FindAsync("/proc/cpuinfo", "model name", cancellationToken) ?? RuntimeInformation.ProcessArchitecture.ToString();
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1024d * 1024 * 1024);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Environment.ProcessorCount} × {model}, {memory:F0} GiB, {RuntimeInformation.OSDescription}, "
            + $"{RuntimeInformation.FrameworkDescription}");
    }

    private static async Task<string?> FindAsync(string file, string name, CancellationToken cancellationToken) => !File.Exists(file)
        ? null
        : (await File.ReadAllLinesAsync(file, cancellationToken))
            .FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?.Split(':', 2)[1].Trim();
}
