using System.IO.Hashing;

namespace Backup.Core.Granularity;

/// <summary>
/// Chunks of whole rows inside pages of 4,096 blocks: one ends behind a row whose digest says so, so that the same rows are cut in
/// the same way wherever they stand.
/// </summary>
/// <param name="averageBytes">The size that most chunks are near; none but a page's last is smaller than a fourth, none larger than four times of it.</param>
internal sealed class ContentChunks(int averageBytes) : Cutter
{
    private readonly int _minBytes = averageBytes / 4;
    private readonly int _maxBytes = averageBytes * 4;

    // The wait for an end behind the least size is exponential: this makes the mean what was asked for.
    private readonly double _endsPerByte = 1d / (averageBytes - (averageBytes / 4));

    public override string Name { get; } = FormattableString.Invariant($"chunks of {averageBytes / 1024:N0} KiB");

    public override bool IsByNumber => false;

    public override IEnumerable<ReadOnlyMemory<byte>> Cut(RowGroup group)
    {
        for (var rest = group.Rows; !rest.IsEmpty;)
        {
            var length = FindEnd(rest.Span);
            yield return rest[..length];
            rest = rest[length..];
        }
    }

    private int FindEnd(ReadOnlySpan<byte> rows)
    {
        for (var position = 0; position < rows.Length;)
        {
            var length = rows[position..].IndexOf((byte)'\n') + 1;
            var row = rows.Slice(position, length);
            position += length;
            if (position >= _maxBytes || (position >= _minBytes && IsEnd(row)))
            {
                return position;
            }
        }

        return rows.Length;
    }

    private bool IsEnd(ReadOnlySpan<byte> row) => XxHash3.HashToUInt64(row) < row.Length * _endsPerByte * ulong.MaxValue;
}
