using System.ComponentModel.DataAnnotations;
using Backup.Core.Compression;
using Backup.Core.Postgres;

namespace Backup.Core.Pipeline;

/// <summary>How a pipeline works. Invalid settings fail; none is corrected silently.</summary>
public sealed class BackupOptions
{
    /// <summary>The default of <see cref="Codec"/>.</summary>
    public const string DefaultCodec = Compressors.Zstandard;

    /// <summary>The default of <see cref="PageBytes"/>: 32 MiB.</summary>
    public const long DefaultPageBytes = 32L * 1024 * 1024;

    /// <summary>The default of <see cref="PageBlocks"/>.</summary>
    public const int DefaultPageBlocks = 4096;

    /// <summary>The default of <see cref="BlockBytes"/>: 1 MiB.</summary>
    public const int DefaultBlockBytes = 1024 * 1024;

    /// <summary>The most connections that are opened unasked.</summary>
    public const int MaxAutomaticConnections = 4;

    /// <summary>The largest memory budget that is taken unasked: 48 MiB.</summary>
    public const long MaxAutomaticMemoryBudgetBytes = 48L * 1024 * 1024;

    /// <summary>The default of <see cref="Transfers"/>.</summary>
    public const int DefaultTransfers = 8;

    /// <summary>The default of <see cref="MaxObjectFailures"/>.</summary>
    public const int DefaultMaxObjectFailures = 1000;

    /// <summary>The default of <see cref="LockTimeout"/>: one minute.</summary>
    public static readonly TimeSpan DefaultLockTimeout = TimeSpan.FromMinutes(1);

    /// <summary>The number of database connections that read rows, from 1 to 64.</summary>
    /// <remarks>One more holds the snapshot; it reads rows itself only where the others cannot, as with a lent data source.</remarks>
    /// <value><see langword="null"/> by default: one per processor, at most <see cref="MaxAutomaticConnections"/>, and no more
    /// than the memory budget can feed.</value>
    [Range(1, 64)]
    public int? Connections { get; set; }

    /// <summary>The number of threads that pack, from 1 to 256.</summary>
    /// <value><see langword="null"/> by default: one per processor, and no more than the memory budget can feed.</value>
    [Range(1, 256)]
    public int? CompressionWorkers { get; set; }

    /// <summary>The most memory that the buffers of one run take, in bytes, at least 64 KiB.</summary>
    /// <value><see langword="null"/> by default: a quarter of the memory that the process may use, at most
    /// <see cref="MaxAutomaticMemoryBudgetBytes"/>.</value>
    [Range(64d * 1024, (double)long.MaxValue)]
    public long? MemoryBudgetBytes { get; set; }

    /// <summary>The size at which a volume is closed and the next begun, in bytes, from 1 MiB to the size of the
    /// largest object that the sink takes. An entry is never split, so a volume may be larger by one entry.</summary>
    /// <value><see langword="null"/> by default: no limit, unless the sink has one.</value>
    [Range(1024d * 1024, (double)long.MaxValue)]
    public long? VolumeBytes { get; set; }

    /// <summary>How entries are packed: <c>zstd</c>, <c>deflate</c> (which every zip tool opens) or <c>none</c>.</summary>
    /// <value><see cref="DefaultCodec"/> by default. Not used when a compressor object is given to the builder.</value>
    [Required]
    public string Codec { get; set; } = DefaultCodec;

    /// <summary>The codec's level: 1 to 22 for <c>zstd</c>, 1 to 9 for <c>deflate</c>, none for <c>none</c>.</summary>
    /// <value><see langword="null"/> by default: 1 for zstd and 3 for deflate, as higher levels cost more time than they save
    /// bytes.</value>
    public int? Level { get; set; }

    /// <summary>The size of table and TOAST data that one page covers at the most, in bytes, from 64 KiB to 1 GiB.</summary>
    /// <value><see cref="DefaultPageBytes"/> by default.</value>
    [Range(64d * 1024, 1024d * 1024 * 1024)]
    public long PageBytes { get; set; } = DefaultPageBytes;

    /// <summary>The number of heap blocks that one page covers at the most: a power of two, from 1 to 1,048,576.</summary>
    /// <value><see cref="DefaultPageBlocks"/> by default.</value>
    [Range(1, 1_048_576)]
    public int PageBlocks { get; set; } = DefaultPageBlocks;

    /// <summary>The size of the blocks that are packed one by one, in bytes, from 4 KiB to 16 MiB. Smaller ones save memory and cost size.</summary>
    /// <value><see cref="DefaultBlockBytes"/> by default.</value>
    [Range(4096, 16 * 1024 * 1024)]
    public int BlockBytes { get; set; } = DefaultBlockBytes;

    /// <summary>How long to wait for the lock on a table that another session holds exclusively; from a millisecond to a day.</summary>
    /// <value><see cref="DefaultLockTimeout"/> by default.</value>
    public TimeSpan LockTimeout { get; set; } = DefaultLockTimeout;

    /// <summary>The number of objects that are downloaded at once, over all buckets, from 1 to 64. Their buffers are within the
    /// memory budget: with little memory, fewer large ones are in flight.</summary>
    /// <value><see cref="DefaultTransfers"/> by default. Not used without an object store.</value>
    [Range(1, 64)]
    public int Transfers { get; set; } = DefaultTransfers;

    /// <summary>The most objects that may fail: changed or gone since they were listed, or unreadable. Each is named in the result and
    /// in the manifest; one more fails the run, and nothing is committed. From 0 to 100,000.</summary>
    /// <value><see cref="DefaultMaxObjectFailures"/> by default.</value>
    [Range(0, 100_000)]
    public int MaxObjectFailures { get; set; } = DefaultMaxObjectFailures;

    /// <summary>The same settings apart from these: what a pipeline was built with does not change under it.</summary>
    internal BackupOptions Copy() => (BackupOptions)MemberwiseClone();

    /// <summary>What of this the database side needs to cut tables into pages.</summary>
    internal PageLimits ToPageLimits() => new() { TargetBytes = PageBytes, MaxBlocks = PageBlocks };
}
