using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace Backup.Core.Benchmarks.Setup;

/// <summary>A column made from what each call processed.</summary>
internal abstract class FactColumn(string name, string legend) : IColumn
{
    private const string NoValue = "-";

    public string Id => name;

    public string ColumnName => name;

    // Also where all rows have the same value: that they have is what some questions are about.
    public bool AlwaysShow => true;

    public ColumnCategory Category => ColumnCategory.Custom;

    public int PriorityInCategory => 0;

    public bool IsNumeric => true;

    public UnitType UnitType => UnitType.Dimensionless;

    public string Legend => legend;

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase) =>
        CaseFacts.Read(benchmarkCase) is { } facts && summary[benchmarkCase]?.ResultStatistics is { } statistics
            ? Format(facts, statistics.Mean) ?? NoValue
            : NoValue;

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase, SummaryStyle style) => GetValue(summary, benchmarkCase);

    public bool IsAvailable(Summary summary) => summary.BenchmarksCases.Any(benchmark => GetValue(summary, benchmark) != NoValue);

    public bool IsDefault(Summary summary, BenchmarkCase benchmarkCase) => false;

    /// <summary>The cell, or <c>null</c> where the column says nothing of the case.</summary>
    protected abstract string? Format(CaseFacts facts, double meanNanoseconds);
}
