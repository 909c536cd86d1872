using System.Buffers.Binary;
using System.Globalization;

namespace Backup.Core.Postgres.Wire;

/// <summary>Splits what the server sends into messages, in place, in one large buffer. Blocking, one caller at a time.</summary>
/// <remarks>
/// Memory is bounded by the buffer, whatever length a message claims: rows are copied through it, bodies that are wanted
/// whole must fit into it, everything else is skipped.
/// </remarks>
internal sealed class MessageReader
{
    // The server sends 8 KB at a time; while rows are being copied or packed several such pieces come together.
    private const int BufferBytes = 128 * 1024;
    private const int HeaderBytes = 5;
    private const int LengthBytes = sizeof(int);

    private readonly Stream _stream;
    private readonly Action? _gather;
    private readonly byte[] _buffer = new byte[BufferBytes];
    private int _start;
    private int _end;

    // The current message: its type, the bytes of its body that were not taken yet, and whether nobody has asked for it yet.
    private byte _type;
    private int _left;
    private bool _isWaiting;

    /// <summary>Reads from a stream.</summary>
    /// <param name="stream">The stream, which stays the caller's.</param>
    /// <param name="gather">Called before each read amid rows, where there is time for more of them to arrive.</param>
    public MessageReader(Stream stream, Action? gather = null)
    {
        _stream = stream;
        _gather = gather;
    }

    /// <summary>The type of the next message that answers something: what may come at any time is skipped.</summary>
    /// <exception cref="EndOfStreamException">The server closed the connection.</exception>
    public byte ReadReply()
    {
        byte type;
        do
            type = ReadNext();
        while (type is MessageType.NoticeResponse or MessageType.ParameterStatus or MessageType.NotificationResponse);
        return type;
    }

    /// <summary>The body of the current message, which is valid until the next call.</summary>
    /// <exception cref="ProtocolException">It is larger than any that is expected.</exception>
    public ReadOnlySpan<byte> ReadBody()
    {
        if (_left > BufferBytes)
            throw new ProtocolException(string.Create(CultureInfo.InvariantCulture, $"the server sent a message of {_left} bytes where a short one was expected"));

        return ReadBodyStart();
    }

    /// <summary>As much of the current message's body as fits; the rest is skipped.</summary>
    public ReadOnlySpan<byte> ReadBodyStart()
    {
        var count = Math.Min(_left, BufferBytes);
        Require(count);
        var body = _buffer.AsSpan(_start, count);
        _start += count;
        _left -= count;
        return body;
    }

    /// <summary>
    /// Copies the payloads of the CopyData messages that come next, until the destination is full, another message comes or
    /// the token is cancelled, which is looked at before each wait for the network.
    /// </summary>
    /// <returns>The bytes copied.</returns>
    public int CopyRows(Span<byte> destination, CancellationToken cancellationToken)
    {
        var filled = CopyWholeRows(destination);
        while (filled < destination.Length)
        {
            if (_end - _start < HeaderBytes && cancellationToken.IsCancellationRequested)
                break;
            if (_left == 0 || _type != MessageType.CopyData)
            {
                if (!_isWaiting)
                    ReadHeader();
                if (_type != MessageType.CopyData)
                    break;
                _isWaiting = false;
                continue;
            }

            if (_start == _end)
                Receive();
            var count = Math.Min(Math.Min(_left, _end - _start), destination.Length - filled);
            _buffer.AsSpan(_start, count).CopyTo(destination[filled..]);
            filled += count;
            _start += count;
            _left -= count;
            filled += CopyWholeRows(destination[filled..]);
        }

        return filled;
    }

    /// <summary>
    /// Whether a message of a type has been received whole, with all that comes before it. An error changes what is still to
    /// be waited for: up to ReadyForQuery, whatever else comes.
    /// </summary>
    public bool Holds(byte type)
    {
        if (_isWaiting && _type == type)
            return _left <= _end - _start;
        if (_isWaiting && IsErrorBefore(_type, type))
            return false;

        long position = (long)_start + _left;
        while (position + HeaderBytes <= _end)
        {
            var header = _buffer.AsSpan((int)position);
            position += 1 + (uint)BinaryPrimitives.ReadInt32BigEndian(header[1..]);
            if (header[0] == type)
                return position <= _end;
            if (IsErrorBefore(header[0], type))
                return false;
        }

        return false;
    }

    private static bool IsErrorBefore(byte found, byte wanted) => found == MessageType.ErrorResponse && wanted != MessageType.ReadyForQuery;

    // Nearly every row lies whole in the buffer and fits: for those nothing but a header is read and a payload copied. What
    // is cut by either end, is another message or has an impossible length is left to the caller.
    private int CopyWholeRows(Span<byte> destination)
    {
        if (_left > 0 || _isWaiting)
            return 0;

        var received = _buffer.AsSpan(_start, _end - _start);
        var left = received;
        var free = destination;
        while (left.Length >= HeaderBytes && left[0] == MessageType.CopyData)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(left[1..]) - LengthBytes;
            if ((uint)length > (uint)Math.Min(left.Length - HeaderBytes, free.Length))
                break;

            left.Slice(HeaderBytes, length).CopyTo(free);
            left = left[(HeaderBytes + length)..];
            free = free[length..];
        }

        _start += received.Length - left.Length;
        return destination.Length - free.Length;
    }

    private byte ReadNext()
    {
        if (!_isWaiting)
            ReadHeader();

        _isWaiting = false;
        return _type;
    }

    private void Skip()
    {
        while (_left > 0)
        {
            if (_start == _end)
                Receive();
            var count = Math.Min(_left, _end - _start);
            _start += count;
            _left -= count;
        }
    }

    private void ReadHeader()
    {
        Skip();
        Require(HeaderBytes);
        var length = BinaryPrimitives.ReadInt32BigEndian(_buffer.AsSpan(_start + 1));
        if (length < LengthBytes)
            throw new ProtocolException(string.Create(CultureInfo.InvariantCulture, $"the server sent a message with the impossible length {length}"));

        _type = _buffer[_start];
        _left = length - LengthBytes;
        _isWaiting = true;
        _start += HeaderBytes;
    }

    private void Require(int count)
    {
        if (count > BufferBytes - _start)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        while (_end - _start < count)
            Receive();
    }

    private void Receive()
    {
        if (_start == _end)
            (_start, _end) = (0, 0);
        if (_type == MessageType.CopyData)
            _gather?.Invoke();
        var count = _stream.Read(_buffer.AsSpan(_end));
        if (count == 0)
            throw new EndOfStreamException("the server closed the connection");
        _end += count;
    }
}
