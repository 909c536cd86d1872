using System.Buffers;
using System.Buffers.Text;

namespace Backup.TestKit.Workloads;

/// <summary>Rows in PostgreSQL's COPY text format, written field by field into a buffer that grows.</summary>
/// <remarks>For one thread. Nothing is escaped: callers write neither tabs nor line ends nor backslashes into a field.</remarks>
public sealed class RowText
{
    private const int LongestNumber = 24;
    private readonly ArrayBufferWriter<byte> _buffer = new(1024 * 1024);
    private bool _isInsideRow;

    /// <summary>What has been written since the last <see cref="Clear"/>.</summary>
    public ReadOnlyMemory<byte> Bytes => _buffer.WrittenMemory;

    /// <summary>Starts the next field.</summary>
    public RowText Field()
    {
        if (_isInsideRow)
        {
            Append((byte)'\t');
        }

        _isInsideRow = true;
        return this;
    }

    /// <summary>Ends the row.</summary>
    public void EndRow()
    {
        Append((byte)'\n');
        _isInsideRow = false;
    }

    /// <summary>Appends one byte to the field.</summary>
    public RowText Append(byte value)
    {
        _buffer.GetSpan(1)[0] = value;
        _buffer.Advance(1);
        return this;
    }

    /// <summary>Appends bytes to the field.</summary>
    public RowText Append(ReadOnlySpan<byte> bytes)
    {
        _buffer.Write(bytes);
        return this;
    }

    /// <summary>Appends a number to the field, with leading zeros up to a number of digits.</summary>
    public RowText Append(long number, byte digits = 0)
    {
        Utf8Formatter.TryFormat(number, _buffer.GetSpan(LongestNumber), out var length, new StandardFormat('D', digits));
        _buffer.Advance(length);
        return this;
    }

    /// <summary>Forgets what has been written and keeps the memory.</summary>
    public void Clear() => _buffer.ResetWrittenCount();
}
