namespace Backup.TestKit.Storage;

/// <summary>Content held in memory.</summary>
internal sealed class BytesContent(byte[] bytes) : StoredContent
{
    public override long Length => bytes.Length;

    public override void Read(long offset, Span<byte> destination) =>
        bytes.AsSpan((int)offset, destination.Length).CopyTo(destination);
}
