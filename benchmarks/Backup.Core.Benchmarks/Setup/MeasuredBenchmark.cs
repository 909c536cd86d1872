using System.Runtime.CompilerServices;
using BenchmarkDotNet.Attributes;

namespace Backup.Core.Benchmarks.Setup;

/// <summary>A benchmark whose calls say how much they processed, for the columns MB/s and Packs.</summary>
public abstract class MeasuredBenchmark
{
    private string? _method;
    private CaseFacts? _facts;

    /// <summary>Called by BenchmarkDotNet once before all calls.</summary>
    [GlobalSetup]
    public virtual Task SetUpAsync() => Task.CompletedTask;

    /// <summary>Called by BenchmarkDotNet once after all calls.</summary>
    [GlobalCleanup]
    public async Task CleanUpAsync()
    {
        _facts?.Write(this, _method!);
        await ReleaseAsync();
    }

    /// <summary>Disposes what <see cref="SetUpAsync"/> made.</summary>
    protected virtual Task ReleaseAsync() => Task.CompletedTask;

    /// <summary>Says what this call processed.</summary>
    /// <param name="rawBytes">The bytes that went in.</param>
    /// <param name="storedBytes">The bytes that came out; 0 where nothing is stored.</param>
    /// <param name="method">The benchmark.</param>
    protected void Processed(long rawBytes, long storedBytes = 0, [CallerMemberName] string method = "")
    {
        if (_facts is null)
        {
            _facts = new CaseFacts(rawBytes, storedBytes);
            _method = method;
        }
    }
}
