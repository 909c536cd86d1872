using Backup.Core.Compression;
using Backup.Core.ObjectStores;

namespace Backup.Core.Archives;

/// <summary>One line of the index or the references: an entry of a volume, with all that is needed to read it without the volume's own directory.</summary>
internal sealed record IndexEntry
{
    /// <summary>The entry's path in the zip, encoded so that it cannot leave its folder.</summary>
    public required string Path { get; init; }

    /// <summary>The true name from outside where the path had to be encoded; otherwise <see langword="null"/>.</summary>
    public string? Name { get; init; }

    /// <summary>The other backup whose volume holds the bytes; <see langword="null"/> for this one.</summary>
    public BackupId? Backup { get; init; }

    /// <summary>The entry's path in that volume, where it has another one there; otherwise <see langword="null"/>.</summary>
    public string? EntryPath { get; init; }

    /// <summary>The entry's path in its volume.</summary>
    public string PathInVolume => EntryPath ?? Path;

    /// <summary>The number of the volume, from 1.</summary>
    public required int Volume { get; init; }

    /// <summary>Where the entry's local file header begins in the volume, in bytes.</summary>
    public required long Offset { get; init; }

    /// <summary>How the bytes are packed.</summary>
    public required CompressionMethod Method { get; init; }

    /// <summary>The raw size in bytes.</summary>
    public required long RawBytes { get; init; }

    /// <summary>The packed size in bytes.</summary>
    public required long StoredBytes { get; init; }

    /// <summary>The CRC-32 of the raw bytes, as zip defines it.</summary>
    public required uint Crc32 { get; init; }

    /// <summary>The digest of the raw bytes.</summary>
    public required ContentHash Digest { get; init; }

    /// <summary>
    /// What the store knew of the object that the entry holds, its true name included; <see langword="null"/> for other entries.
    /// Its size is <see cref="RawBytes"/>.
    /// </summary>
    public StoredObject? Object { get; init; }
}
