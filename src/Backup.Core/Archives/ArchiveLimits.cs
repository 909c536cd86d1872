namespace Backup.Core.Archives;

/// <summary>The bounds of the format. A writer keeps them and a reader refuses what lies beyond, so that no archive costs more than they say.</summary>
internal static class ArchiveLimits
{
    /// <summary>The most entries that one volume may hold.</summary>
    public const int MaxEntriesPerVolume = 1 << 20;

    /// <summary>The most entries that one part of the index may list.</summary>
    public const int MaxEntriesPerIndexPart = 16_384;

    /// <summary>The longest line of the index, in bytes, without its line feed.</summary>
    public const int MaxIndexLineBytes = 64 * 1024;

    /// <summary>The longest path of an entry, in bytes of UTF-8.</summary>
    public const int MaxPathBytes = 4096;

    /// <summary>The most extra-field bytes of one zip header; format 1 writes at most 37.</summary>
    public const int MaxExtraBytes = 64;

    /// <summary>The largest manifest, in bytes.</summary>
    public const int MaxManifestBytes = 64 * 1024 * 1024;

    /// <summary>The most other backups that one may reference.</summary>
    public const int MaxReferencedBackups = 10_000;

    /// <summary>The most buckets of a backup.</summary>
    public const int MaxBuckets = 100_000;

    /// <summary>The largest file of bucket settings, in bytes.</summary>
    public const int MaxBucketsFileBytes = 32 * 1024 * 1024;
}
