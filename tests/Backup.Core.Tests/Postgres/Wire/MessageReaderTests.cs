using System.Buffers.Binary;
using System.Text;
using Backup.Core.Postgres.Wire;

namespace Backup.Core.Tests.Postgres.Wire;

public sealed class MessageReaderTests
{
    [Theory]
    [InlineData(1, 7)]
    [InlineData(3, 1)]
    [InlineData(4096, 10_000)]
    [InlineData(1 << 20, 1 << 20)]
    public void CopyRows_AnyCut_GivesThePayloadsInOrder(int received, int destination)
    {
        byte[][] payloads = [.. new[] { 1, 0, 5, 130_000, 3, 128 * 1024 - 5, 128 * 1024, 2 }.Select((length, i) => Payload(length, (byte)i))];
        var reader = new MessageReader(new ChoppedStream([.. payloads.SelectMany(p => Message('d', p)), .. Message('c', [])], received));
        var rows = new MemoryStream();
        var buffer = new byte[destination];

        for (int count; (count = reader.CopyRows(buffer, default)) > 0;)
            rows.Write(buffer, 0, count);

        Assert.Equal(payloads.SelectMany(p => p).ToArray(), rows.ToArray());
        Assert.Equal((byte)'c', reader.ReadReply());
    }

    [Fact]
    public void CopyRows_AfterABodyThatNobodyWanted_TakesNoneOfIt()
    {
        var reader = Read([.. Message('H', [0, 0, 1, 0, 0]), .. Message('d', "1\n"u8), .. Message('N', Text("late")), .. Message('d', "2\n"u8)]);
        var buffer = new byte[2];

        Assert.Equal((byte)'H', reader.ReadReply());
        Assert.Equal(2, reader.CopyRows(buffer, default));
        Assert.Equal("1\n"u8, buffer);
        Assert.Equal(0, reader.CopyRows(buffer, default));
        Assert.Equal((byte)'d', reader.ReadReply());
        Assert.Equal(2, reader.CopyRows(buffer, default));
        Assert.Equal("2\n"u8, buffer);
    }

    [Fact]
    public void CopyRows_AmidRowsOnly_LetsThemGather()
    {
        byte[] start = Message('H', [0, 0, 1, 0, 0]);
        byte[] rows = [.. Message('d', "1\n"u8), .. Message('d', "2\n"u8)];
        byte[] end = [.. Message('c', []), .. Message('C', Text("COPY 2")), .. Message('Z', "T"u8)];
        var stream = new ChoppedStream([.. start, .. rows, .. end], 1);
        var waits = new List<long>();
        var reader = new MessageReader(stream, () => waits.Add(stream.Position));

        Assert.Equal((byte)'H', reader.ReadReply());
        Assert.Equal(4, reader.CopyRows(new byte[10], default));
        Assert.Equal((byte)'c', reader.ReadReply());
        Assert.Equal((byte)'C', reader.ReadReply());
        Assert.Equal((byte)'Z', reader.ReadReply());

        // From the first row's payload to the header of what follows the rows.
        Assert.Equal(Enumerable.Range(start.Length + 5, rows.Length).Select(position => (long)position), waits);
    }

    [Fact]
    public void CopyRows_Cancelled_DoesNotWait()
    {
        var reader = Read(Message('d', "1\n"u8)[..^1]);

        Assert.Equal(0, reader.CopyRows(new byte[10], new CancellationToken(canceled: true)));
    }

    [Fact]
    public void Holds_MessagesNotReceivedWhole_AreNotThere()
    {
        byte[] sent = [.. Message('H', [0, 0, 1, 0, 0]), .. Message('d', "1\n"u8), .. Message('c', []), .. Message('C', Text("COPY 1"))[..^1]];
        var reader = Read(sent);

        Assert.False(reader.Holds((byte)'H'));
        Assert.Equal((byte)'H', reader.ReadReply());
        Assert.True(reader.Holds((byte)'c'));
        Assert.False(reader.Holds((byte)'C'));
        Assert.False(reader.Holds((byte)'Z'));
        Assert.Equal(2, reader.CopyRows(new byte[10], default));
        Assert.True(reader.Holds((byte)'c'));
        Assert.False(reader.Holds((byte)'d'));
    }

    [Fact]
    public void Holds_WhatComesAfterAnError_IsThereOnlyWhenTheServerIsReady()
    {
        var reader = Read([.. Message('H', [0, 0, 1, 0, 0]), .. Message('E', Text("MX")), .. Message('C', Text("X")), .. Message('Z', "E"u8)]);
        Assert.Equal((byte)'H', reader.ReadReply());
        Assert.Equal(0, reader.CopyRows(new byte[10], default));

        Assert.False(reader.Holds((byte)'C'));
        Assert.True(reader.Holds((byte)'Z'));
        Assert.Equal((byte)'E', reader.ReadReply());
        Assert.True(reader.Holds((byte)'C'));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    public void ReadReply_ImpossibleLength_Throws(int length)
    {
        var message = Message('C', [])[..5];
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(1), length);

        Assert.Throws<ProtocolException>(() => Read(message).ReadReply());
    }

    [Fact]
    public void ReadBody_LongerThanTheBuffer_ThrowsWithoutWaitingForIt()
    {
        var message = Message('C', [])[..5];
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(1), int.MaxValue);
        var reader = Read(message);
        reader.ReadReply();

        Assert.Throws<ProtocolException>(() => reader.ReadBody().Length);
    }

    [Fact]
    public void ReadBodyStart_LongerThanTheBuffer_GivesItsStartAndSkipsTheRest()
    {
        var reader = Read([.. Message('E', Payload(1_000_000, 9)), .. Message('Z', [(byte)'I'])]);
        reader.ReadReply();

        Assert.Equal(Payload(128 * 1024, 9), reader.ReadBodyStart());
        Assert.Equal((byte)'Z', reader.ReadReply());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(8)]
    public void Read_CutOff_ThrowsEndOfStream(int length)
    {
        var reader = Read(Message('C', Text("COPY 1"))[..length]);

        Assert.Throws<EndOfStreamException>(() =>
        {
            reader.ReadReply();
            return reader.ReadBody().Length;
        });
    }

    internal static byte[] Message(char type, ReadOnlySpan<byte> body)
    {
        byte[] message = [(byte)type, 0, 0, 0, 0, .. body];
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(1), body.Length + 4);
        return message;
    }

    private static byte[] Text(string text) => [.. Encoding.UTF8.GetBytes(text), 0];

    private static byte[] Payload(int length, byte first)
    {
        var payload = new byte[length];
        for (var i = 0; i < length; i++)
            payload[i] = (byte)(first + i);
        return payload;
    }

    private static MessageReader Read(byte[] bytes) => new(new MemoryStream(bytes));

    /// <summary>Gives at most so many bytes at a time.</summary>
    private sealed class ChoppedStream(byte[] bytes, int atMost) : MemoryStream(bytes)
    {
        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, atMost)]);
    }
}
