using System.Globalization;

namespace Backup.Core.Benchmarks.Setup;

/// <summary>How many raw bytes become one stored byte.</summary>
internal sealed class PackingColumn() : FactColumn("Packs", "Raw bytes for each stored byte: more is smaller")
{
    protected override string? Format(CaseFacts facts, double meanNanoseconds) => facts.StoredBytes == 0
        ? null
        : ((double)facts.RawBytes / facts.StoredBytes).ToString("N2", CultureInfo.InvariantCulture);
}
