using Microsoft.Win32.SafeHandles;

namespace Backup.TestKit.Storage;

/// <summary>Content in a file without a name, so that large uploads cost no memory. The file is gone with its last reader.</summary>
internal sealed class FileContent(SafeFileHandle handle, long length) : StoredContent
{
    public override long Length => length;

    /// <summary>Creates a file that nobody else can open and that vanishes when it is closed.</summary>
    public static SafeFileHandle CreateFile()
    {
        var path = Path.Combine(Path.GetTempPath(), $"backup-core-upload-{Guid.NewGuid():N}");
        var handle = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Delete, FileOptions.DeleteOnClose);

        // Where an open file can lose its name, a test that counts the files it leaves behind does not see this one.
        File.Delete(path);
        return handle;
    }

    public override void Read(long offset, Span<byte> destination)
    {
        while (!destination.IsEmpty)
        {
            var bytes = RandomAccess.Read(handle, destination, offset);
            ArgumentOutOfRangeException.ThrowIfZero(bytes);
            offset += bytes;
            destination = destination[bytes..];
        }
    }
}
