namespace Backup.Core.Granularity;

/// <summary>Pages of a fixed number of heap blocks.</summary>
/// <param name="blocks">A power of two from 16 to 4,096.</param>
internal sealed class FixedPages(int blocks) : Cutter
{
    private readonly int _ranges = blocks / RowGroup.RangeBlocks;

    public override string Name { get; } = FormattableString.Invariant($"pages of {blocks:N0} blocks");

    public override bool IsByNumber => true;

    public override IEnumerable<ReadOnlyMemory<byte>> Cut(RowGroup group)
    {
        for (var first = 0; first < group.Count; first += _ranges)
        {
            yield return group.Slice(first, Math.Min(first + _ranges, group.Count));
        }
    }
}
