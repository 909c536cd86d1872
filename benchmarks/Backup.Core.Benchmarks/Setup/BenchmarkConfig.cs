using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Order;
using Perfolizer.Horology;

namespace Backup.Core.Benchmarks.Setup;

/// <summary>What all benchmarks share: what is measured, how long, and the columns that the tables show.</summary>
internal sealed class BenchmarkConfig : ManualConfig
{
    // One call is a megabyte packed or a database read: iterations need not gather half a second of them.
    private static readonly TimeInterval MinIterationTime = TimeInterval.FromMilliseconds(100);

    // What BenchmarkDotNet generates is built against the whole library; a busy machine needs longer than its two minutes.
    private static readonly TimeSpan BuildTimeLimit = TimeSpan.FromMinutes(10);

    /// <summary>Creates the configuration.</summary>
    public BenchmarkConfig()
    {
        AddJob(Job.Default
            .WithMinIterationTime(MinIterationTime)
            .WithMinInvokeCount(1)
            .WithUnrollFactor(1)
            .AsMutator());
        AddDiagnoser(MemoryDiagnoser.Default);
        AddColumnProvider(
            DefaultColumnProviders.Descriptor,
            DefaultColumnProviders.Params,
            DefaultColumnProviders.Statistics,
            DefaultColumnProviders.Metrics);
        AddColumn(new RateColumn(), new PackingColumn());
        HideColumns(Column.Median, Column.Gen0, Column.Gen1, Column.Gen2, Column.RatioSD);
        AddLogger(ConsoleLogger.Default);
        AddExporter(MarkdownExporter.GitHub);
        WithOrderer(new DefaultOrderer(SummaryOrderPolicy.Declared, MethodOrderPolicy.Declared));
        WithBuildTimeout(BuildTimeLimit);
        WithOptions(ConfigOptions.DisableLogFile);
    }
}
