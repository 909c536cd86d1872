using System.Buffers;
using Backup.Core.Errors;

namespace Backup.Core.Postgres;

/// <summary>Takes some of the fields of COPY's text format out of rows as they pass, in blocks of any size.</summary>
/// <remarks>
/// A tab separates fields and a line feed ends a row wherever they stand: inside values both are written as escapes. One caller at a time;
/// the filter remembers where in a row the last block ended.
/// </remarks>
internal sealed class CopyFieldFilter
{
    private const byte Separator = (byte)'\t';

    private static readonly SearchValues<byte> Ends = SearchValues.Create(Separator, CopyText.RowEnd);

    private readonly bool[] _isKept;
    private int _field;
    private bool _hasWritten;

    /// <summary>Creates the filter.</summary>
    /// <param name="columns">The columns in the order of the rows' fields.</param>
    /// <param name="kept">Those of them that stay, at least one.</param>
    public CopyFieldFilter(IReadOnlyList<string> columns, IReadOnlyCollection<string> kept)
    {
        var names = kept.ToHashSet(StringComparer.Ordinal);
        _isKept = [.. columns.Select(names.Contains)];
    }

    /// <summary>Copies what stays of a block.</summary>
    /// <param name="block">Bytes of rows.</param>
    /// <param name="destination">Where to: at least as long as the block, or the block itself.</param>
    /// <returns>How many bytes were written.</returns>
    /// <exception cref="ArchiveFormatException">A row has more fields than there are columns.</exception>
    public int Copy(ReadOnlySpan<byte> block, Span<byte> destination)
    {
        var written = 0;
        while (!block.IsEmpty)
        {
            var end = block.IndexOfAny(Ends);
            var part = end < 0 ? block : block[..end];
            if (IsKept())
            {
                part.CopyTo(destination[written..]);
                written += part.Length;
            }

            if (end < 0)
            {
                break;
            }

            written += EndField(block[end], destination[written..]);
            block = block[(end + 1)..];
        }

        return written;
    }

    private bool IsKept() => _field < _isKept.Length
        ? _isKept[_field]
        : throw new ArchiveFormatException($"A row has more fields than its table's {_isKept.Length} columns.")
        {
            Hint = "Verify the backup and restore from another one.",
        };

    // A separator is written before each field that stays but the first, which never makes the rows longer.
    private int EndField(byte end, Span<byte> destination)
    {
        _hasWritten |= _isKept[_field];
        if (end == CopyText.RowEnd)
        {
            _field = 0;
            _hasWritten = false;
            destination[0] = CopyText.RowEnd;
            return 1;
        }

        _field++;
        if (!_hasWritten || !IsKept())
        {
            return 0;
        }

        destination[0] = Separator;
        return 1;
    }
}
