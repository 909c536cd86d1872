namespace Backup.Core.Tests.Regression;

/// <summary>Work whose allocations are counted.</summary>
/// <param name="Name">What it is, and the unit: bytes a MiB, bytes an entry.</param>
/// <param name="Units">How many units are counted.</param>
/// <param name="RunAsync">Does the work for a number of units.</param>
internal sealed record AllocationScenario(string Name, int Units, Func<int, Task> RunAsync)
{
    private const int Rounds = 3;

    /// <summary>How far above the baseline is still the same: what threads and buffers in flight leave open.</summary>
    public double Tolerance { get; init; } = 0.05;

    /// <summary>The bytes that one more unit allocates, whatever the work allocates once.</summary>
    public async Task<long> MeasureAsync()
    {
        await CountAsync(Units);
        var (once, twice) = (long.MaxValue, long.MaxValue);
        for (var round = 0; round < Rounds; round++)
        {
            // The least of several: whatever else the process does now and then can only add to it.
            once = Math.Min(once, await CountAsync(Units));
            twice = Math.Min(twice, await CountAsync(Units * 2));
        }

        return Math.Max(0, (twice - once) / Units);
    }

    private async Task<long> CountAsync(int units)
    {
        var process = GC.GetTotalAllocatedBytes(precise: true);
        var thread = GC.GetAllocatedBytesForCurrentThread();
        var work = RunAsync(units);
        if (work.IsCompletedSuccessfully)
        {
            // It never left this thread, and nothing else in the process could add to what the thread allocated.
            return GC.GetAllocatedBytesForCurrentThread() - thread;
        }

        await work;
        return GC.GetTotalAllocatedBytes(precise: true) - process;
    }
}
