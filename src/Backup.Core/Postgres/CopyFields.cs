using System.Buffers;
using System.Text;

namespace Backup.Core.Postgres;

/// <summary>The fields of one row of COPY's text format, in UTF-8.</summary>
/// <remarks>See <see href="https://www.postgresql.org/docs/current/sql-copy.html#id-1.9.3.55.9.2"/>.</remarks>
internal ref struct CopyFields
{
    private const byte Separator = (byte)'\t';
    private const byte Escape = (byte)'\\';
    private ReadOnlySpan<byte> _rest;
    private bool _isAtEnd;

    /// <summary>Begins at a row's first field.</summary>
    /// <param name="row">The row, without the line feed that ends it.</param>
    public CopyFields(ReadOnlySpan<byte> row) => _rest = row;

    private static ReadOnlySpan<byte> Null => "\\N"u8;

    /// <summary>Whether a field is null.</summary>
    public static bool IsNull(ReadOnlySpan<byte> field) => field.SequenceEqual(Null);

    /// <summary>The text of a field; <see langword="null"/> where the field is.</summary>
    public static string? Text(ReadOnlySpan<byte> field)
    {
        if (!field.Contains(Escape))
        {
            return Encoding.UTF8.GetString(field);
        }

        return IsNull(field) ? null : Unescape(field);
    }

    /// <summary>The next field as it is written.</summary>
    /// <exception cref="InvalidOperationException">The row has no more.</exception>
    public ReadOnlySpan<byte> Next()
    {
        if (_isAtEnd)
        {
            throw new InvalidOperationException("The row has fewer fields than were asked for.");
        }

        var end = _rest.IndexOf(Separator);
        _isAtEnd = end < 0;
        var field = _isAtEnd ? _rest : _rest[..end];
        _rest = _isAtEnd ? [] : _rest[(end + 1)..];
        return field;
    }

    /// <summary>The text of the next field; <see langword="null"/> where the field is.</summary>
    public string? NextText() => Text(Next());

    private static string Unescape(ReadOnlySpan<byte> field)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(field.Length);
        try
        {
            var length = 0;
            for (var at = 0; at < field.Length; at++)
            {
                var isEscaped = field[at] == Escape && at + 1 < field.Length;
                buffer[length++] = isEscaped ? Meaning(field[++at]) : field[at];
            }

            return Encoding.UTF8.GetString(buffer, 0, length);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // The server writes no other escapes; any other character stands for itself, as a backslash does.
    private static byte Meaning(byte escaped) => escaped switch
    {
        (byte)'b' => (byte)'\b',
        (byte)'f' => (byte)'\f',
        (byte)'n' => (byte)'\n',
        (byte)'r' => (byte)'\r',
        (byte)'t' => (byte)'\t',
        (byte)'v' => (byte)'\v',
        _ => escaped,
    };
}
