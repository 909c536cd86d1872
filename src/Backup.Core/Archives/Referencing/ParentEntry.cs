using Backup.Core.Compression;
using Backup.Core.ObjectStores;

namespace Backup.Core.Archives.Referencing;

/// <summary>An entry of a backup that an incremental one builds on: its digests, and the place where its bytes really lie.</summary>
internal sealed record ParentEntry
{
    /// <summary>The backup whose volume holds the bytes: the parent itself, or one that the parent references.</summary>
    public required BackupId Backup { get; init; }

    /// <summary>The entry's path in that volume.</summary>
    public required string PathThere { get; init; }

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

    /// <summary>The CRC-32 of the raw bytes.</summary>
    public required uint Crc32 { get; init; }

    /// <summary>The digest of the raw bytes.</summary>
    public required ContentHash Digest { get; init; }

    /// <summary>What is known of the object; <see langword="null"/> for other entries, and where it was too much to be kept.</summary>
    public ObjectProperties? Properties { get; init; }

    /// <summary>Makes the line of the index by which another backup has the same bytes. It names where they lie and nothing between.</summary>
    /// <param name="path">The path of the entry in the other backup.</param>
    /// <param name="name">Its true name where the path had to be encoded; otherwise <see langword="null"/>.</param>
    /// <param name="stored">What is now known of the object that the entry holds; <see langword="null"/> for other entries.</param>
    public IndexEntry ToReference(string path, string? name, StoredObject? stored) => new()
    {
        Path = path,
        Name = name,
        Backup = Backup,
        EntryPath = PathThere == path ? null : PathThere,
        Volume = Volume,
        Offset = Offset,
        Method = Method,
        RawBytes = RawBytes,
        StoredBytes = StoredBytes,
        Crc32 = Crc32,
        Digest = Digest,
        Object = stored is null ? null : stored with { Bytes = RawBytes },
    };
}
