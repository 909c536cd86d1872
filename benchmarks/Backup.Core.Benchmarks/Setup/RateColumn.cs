using System.Globalization;

namespace Backup.Core.Benchmarks.Setup;

/// <summary>Raw megabytes a second.</summary>
internal sealed class RateColumn() : FactColumn("MB/s", "Raw megabytes (10^6 bytes) a second")
{
    protected override string? Format(CaseFacts facts, double meanNanoseconds) =>
        (facts.RawBytes * 1000d / meanNanoseconds).ToString("N1", CultureInfo.InvariantCulture);
}
