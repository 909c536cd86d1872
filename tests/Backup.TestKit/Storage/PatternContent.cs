namespace Backup.TestKit.Storage;

/// <summary>The pattern that the large bodies of the recorded exchanges are made of.</summary>
internal sealed class PatternContent(long length) : StoredContent
{
    public override long Length => length;

    public override void Read(long offset, Span<byte> destination)
    {
        for (var index = 0; index < destination.Length; index++)
        {
            var position = offset + index;
            destination[index] = (byte)((position * 31) + ((position >> 8) * 17) + 7);
        }
    }
}
