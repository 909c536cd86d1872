using System.Buffers.Binary;
using Backup.Core.Compression;
using Backup.Core.Errors;
using Backup.TestKit.Streams;
using Xunit;

namespace Backup.TestKit.Contracts;

/// <summary>What every <see cref="ICompressor"/> promises. Each implementation has a test class that derives from this.</summary>
public abstract class CompressorContract
{
    private const int BlockBytes = 10_000;

    /// <summary>The compressor under test.</summary>
    protected abstract ICompressor Compressor { get; }

    /// <summary>Whether packed bytes show by themselves that they are damaged or cut short; stored ones do not.</summary>
    protected virtual bool FindsDamage => true;

    [Fact]
    public void Properties_Always_NameACodecOfTheFormat()
    {
        Assert.Equal(Compressor.Method, Compressors.Create(Compressor.Name).Method);
        Assert.Equal(Compressor.Name, Compressors.ForMethod(Compressor.Method).Name);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(BlockBytes)]
    [InlineData(BlockBytes + 1)]
    [InlineData(25 * BlockBytes)]
    public async Task RoundTrip_BlocksOfText_GivesTheSameBytes(int bytes)
    {
        var raw = Text(bytes);

        Assert.Equal(raw, await UnpackAsync(new MemoryStream(Pack(raw))));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100)]
    [InlineData(4096)]
    [InlineData(70_000)]
    [InlineData(1024 * 1024)]
    public async Task Compress_IncompressibleBlock_StaysWithinTheBound(int bytes)
    {
        var raw = Noise(bytes, seed: bytes);

        var packed = new byte[Compressor.GetMaxCompressedBytes(bytes)];
        var middle = Compressor.Compress(raw, packed, isLast: false);
        var last = Compressor.Compress(raw, packed.AsSpan(), isLast: true);

        Assert.InRange(middle, 1, packed.Length);
        Assert.Equal(raw, await UnpackAsync(new MemoryStream(packed, 0, last)));
    }

    [Fact]
    public void Compress_SameBlockAgain_GivesTheSameBytes()
    {
        var raw = Text(BlockBytes);
        var first = Pack(raw);
        Pack(Noise(BlockBytes, seed: 1));

        Assert.Equal(first, Pack(raw));
    }

    [Fact]
    public void Compress_FromManyThreads_GivesTheSameBytes()
    {
        var raw = Text(3 * BlockBytes);
        var expected = Pack(raw);

        Parallel.For(0, 64, _ => Assert.Equal(expected, Pack(raw)));
    }

    [Fact]
    public void Compress_EmptyBlockThatIsNotTheLast_IsTheCallersMistake() =>
        Assert.Throws<ArgumentException>(() => Compressor.Compress([], new byte[1024], isLast: false));

    [Fact]
    public void Compress_DestinationBelowTheBound_IsTheCallersMistake() => Assert.Throws<ArgumentException>(
        () => Compressor.Compress(new byte[100], new byte[Compressor.GetMaxCompressedBytes(100) - 1], isLast: true));

    [Fact]
    public void GetMaxCompressedBytes_NegativeSize_IsTheCallersMistake() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Compressor.GetMaxCompressedBytes(-1));

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task OpenDecompressor_ShortReads_GivesTheSameBytes(int bytesPerRead)
    {
        var raw = Text(3 * BlockBytes);

        Assert.Equal(raw, await UnpackAsync(new ShortReadStream(new MemoryStream(Pack(raw)), bytesPerRead)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    public void OpenDecompressor_ReadWithoutAwait_GivesTheSameBytes(int bytesPerRead)
    {
        var raw = Text(3 * BlockBytes);
        using var stream = Compressor.OpenDecompressor(new MemoryStream(Pack(raw)));
        using var unpacked = new MemoryStream();
        var buffer = new byte[bytesPerRead];
        int bytes;
        while ((bytes = stream.Read(buffer)) > 0)
        {
            unpacked.Write(buffer, 0, bytes);
        }

        Assert.Equal(raw, unpacked.ToArray());
    }

    [Fact]
    public async Task OpenDecompressor_ReadAgainAfterTheEnd_StaysAtTheEnd()
    {
        await using var stream = Compressor.OpenDecompressor(new MemoryStream(Pack(Text(100))));
        await stream.CopyToAsync(Stream.Null);

        Assert.Equal(0, await stream.ReadAsync(new byte[10]));
    }

    [Fact]
    public async Task OpenDecompressor_CutAnywhere_IsFoundUnlessBetweenBlocks()
    {
        if (!FindsDamage)
        {
            return;
        }

        var raw = Text(300);
        var packed = Pack(raw, blockBytes: 100);
        var passed = new List<byte[]>();
        for (var kept = 0; kept < packed.Length; kept++)
        {
            try
            {
                passed.Add(await UnpackAsync(new TruncatedStream(new MemoryStream(packed), kept)));
            }
            catch (ArchiveFormatException)
            {
                // Found.
            }
        }

        Assert.True(passed.Count <= 2);
        Assert.All(passed, bytes => Assert.True(bytes.Length is 100 or 200 && raw.AsSpan().StartsWith(bytes)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(1000)]
    public async Task OpenDecompressor_BytesBehindTheEnd_AreFound(int bytes)
    {
        if (!FindsDamage)
        {
            return;
        }

        var packed = Pack(Text(BlockBytes)).Concat(Noise(bytes, seed: 5)).ToArray();

        await Assert.ThrowsAsync<ArchiveFormatException>(() => UnpackAsync(new MemoryStream(packed)));
    }

    [Fact]
    public async Task OpenDecompressor_AnyByteFlipped_NeverThrowsAnythingButItsOwn()
    {
        var packed = Pack(Text(600), blockBytes: 200);
        for (var position = 0; position < packed.Length; position++)
        {
            foreach (var mask in new byte[] { 0x01, 0x80, 0xFF })
            {
                var damaged = (byte[])packed.Clone();
                damaged[position] ^= mask;
                await UnpackOrFindAsync(damaged);
            }
        }
    }

    [Fact]
    public async Task OpenDecompressor_Noise_NeverThrowsAnythingButItsOwn()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            await UnpackOrFindAsync(Noise(1 + (seed * 5), seed));
        }
    }

    [Fact]
    public async Task OpenDecompressor_SourceBreaks_PassesItsExceptionOn()
    {
        var packed = Pack(Noise(BlockBytes, seed: 9));
        var stream = new ThrowingStream(new MemoryStream(packed), packed.Length / 2, () => new SinkException("broken"));

        var exception = await Assert.ThrowsAsync<SinkException>(() => UnpackAsync(stream));

        Assert.Equal("broken", exception.Message);
    }

    [Fact]
    public async Task OpenDecompressor_Disposed_DisposesTheSource()
    {
        var source = new MemoryStream(Pack(Text(100)));
        await Compressor.OpenDecompressor(source).DisposeAsync();

        Assert.False(source.CanRead);
    }

    [Fact]
    public async Task OpenDecompressor_AfterDamageElsewhere_StillWorks()
    {
        for (var round = 0; round < 8; round++)
        {
            await UnpackOrFindAsync([.. Pack(Text(BlockBytes)).Take(50)]);
        }

        Assert.Equal(Text(BlockBytes), await UnpackAsync(new MemoryStream(Pack(Text(BlockBytes)))));
    }

    /// <summary>Packs bytes in blocks, as the pipeline does.</summary>
    protected byte[] Pack(byte[] raw, int blockBytes = BlockBytes)
    {
        using var packed = new MemoryStream();
        var buffer = new byte[Compressor.GetMaxCompressedBytes(blockBytes)];
        var start = 0;
        bool isLast;
        do
        {
            var length = Math.Min(blockBytes, raw.Length - start);
            isLast = start + length == raw.Length;
            packed.Write(buffer, 0, Compressor.Compress(raw.AsSpan(start, length), buffer, isLast));
            start += length;
        }
        while (!isLast);

        return packed.ToArray();
    }

    /// <summary>Unpacks to the end.</summary>
    protected async Task<byte[]> UnpackAsync(Stream packed)
    {
        await using var stream = Compressor.OpenDecompressor(packed);
        using var raw = new MemoryStream();
        await stream.CopyToAsync(raw);
        return raw.ToArray();
    }

    /// <summary>Text that packs well, like the rows of a table.</summary>
    protected static byte[] Text(int bytes)
    {
        var text = new byte[bytes];
        for (var position = 0; position < bytes; position++)
        {
            text[position] = (byte)(position % 29 == 0 ? '\n' : 'a' + (((long)position * position / 31) % 17));
        }

        return text;
    }

    /// <summary>Bytes that do not pack, the same for the same seed.</summary>
    protected static byte[] Noise(int bytes, int seed)
    {
        var noise = new byte[bytes + 8];
        var state = ((ulong)seed * 0x9E3779B97F4A7C15) + 1;
        for (var position = 0; position < bytes; position += 8)
        {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            BinaryPrimitives.WriteUInt64LittleEndian(noise.AsSpan(position), state);
        }

        return noise[..bytes];
    }

    private async Task UnpackOrFindAsync(byte[] packed)
    {
        try
        {
            await UnpackAsync(new MemoryStream(packed));
        }
        catch (ArchiveFormatException)
        {
            // Found, as it should be; damage that unpacks to other bytes is found by the entry's digest.
        }
    }
}
