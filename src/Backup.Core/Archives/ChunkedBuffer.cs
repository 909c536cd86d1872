namespace Backup.Core.Archives;

/// <summary>Bytes that pile up in memory without ever being moved: a growing array would leave its former halves on the large object heap.</summary>
internal sealed class ChunkedBuffer
{
    private const int ChunkBytes = 64 * 1024;

    private readonly List<byte[]> _chunks = [];

    /// <summary>How many bytes there are.</summary>
    public long Length { get; private set; }

    /// <summary>Appends bytes.</summary>
    /// <param name="bytes">The bytes.</param>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var used = (int)(Length % ChunkBytes);
            if (used == 0)
            {
                _chunks.Add(new byte[ChunkBytes]);
            }

            var count = Math.Min(bytes.Length, ChunkBytes - used);
            bytes[..count].CopyTo(_chunks[^1].AsSpan(used));
            bytes = bytes[count..];
            Length += count;
        }
    }

    /// <summary>Writes all bytes.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="cancellationToken">Cancels the write.</param>
    public async ValueTask CopyToAsync(SinkOutput output, CancellationToken cancellationToken)
    {
        var left = Length;
        foreach (var chunk in _chunks)
        {
            var count = (int)Math.Min(left, ChunkBytes);
            await output.WriteAsync(chunk.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
            left -= count;
        }
    }
}
