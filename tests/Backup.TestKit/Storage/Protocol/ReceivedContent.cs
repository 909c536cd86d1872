using Microsoft.Win32.SafeHandles;

namespace Backup.TestKit.Storage.Protocol;

/// <summary>Gathers an upload: in memory while it is small, in a file from then on.</summary>
internal sealed class ReceivedContent : IDisposable
{
    public const int BufferBytes = 128 * 1024;

    private const int MaxBytesInMemory = 256 * 1024;

    private readonly MemoryStream _memory = new();
    private SafeFileHandle? _file;
    private long _length;

    /// <summary>Takes the next bytes.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (_file is null && _length + bytes.Length > MaxBytesInMemory)
        {
            _file = FileContent.CreateFile();
            RandomAccess.Write(_file, _memory.GetBuffer().AsSpan(0, (int)_length), 0);
            _memory.SetLength(0);
        }

        if (_file is null)
        {
            _memory.Write(bytes);
        }
        else
        {
            RandomAccess.Write(_file, bytes, _length);
        }

        _length += bytes.Length;
    }

    /// <summary>The whole, which owns the file from now on.</summary>
    public StoredContent Complete()
    {
        var file = _file;
        _file = null;
        return file is null ? StoredContent.Of(_memory.ToArray()) : new FileContent(file, _length);
    }

    public void Dispose()
    {
        _memory.Dispose();
        _file?.Dispose();
    }
}
