using Backup.Core.Archives.Indexing;
using Backup.Core.Compression;
using Backup.Core.ObjectStores;

namespace Backup.Core.Archives;

/// <summary>What is known of an entry before its bytes.</summary>
/// <param name="Path">The path in the zip; follows <see cref="EntryPaths.IsValid"/>.</param>
/// <param name="Name">The true name from outside where the path had to be encoded; otherwise <see langword="null"/>.</param>
/// <param name="Method">How the bytes are packed.</param>
/// <param name="Object">What the store knows of the object that the entry holds; <see langword="null"/> for other entries.</param>
internal readonly record struct EntryHeader(string Path, string? Name, CompressionMethod Method, StoredObject? Object = null)
{
    /// <summary>
    /// Whether the index can list the entry: its line, with all that is known of the object, has at most
    /// <see cref="ArchiveLimits.MaxIndexLineBytes"/>, and its texts are valid UTF-16. To be asked before the first byte of what comes from outside.
    /// </summary>
    public bool CanBeIndexed() => IndexLineSize.Fits(this);

    /// <summary>Throws unless an entry can be written.</summary>
    /// <param name="header">The entry.</param>
    /// <exception cref="ArgumentException">The path is none, or what is to be said of the entry does not fit into the index.</exception>
    public static void ThrowIfInvalid(in EntryHeader header)
    {
        if (!EntryPaths.IsValid(header.Path) || !header.CanBeIndexed())
        {
            throw new ArgumentException(
                $"'{header.Path}' cannot be the path of an entry, or what is to be said of it does not fit into the index.", nameof(header));
        }
    }
}
