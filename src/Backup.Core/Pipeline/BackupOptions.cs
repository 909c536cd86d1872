using System.ComponentModel.DataAnnotations;
using Backup.Core.Catalog;
using Backup.Core.Compression;
using Backup.Core.Hosting;
using Microsoft.Extensions.Options;

namespace Backup.Core.Pipeline;

/// <summary>How a pipeline works. Invalid settings fail; none is corrected silently.</summary>
public sealed class BackupOptions
{
    /// <summary>The default of <see cref="Codec"/>.</summary>
    public const string DefaultCodec = Compressors.Zstandard;

    /// <summary>The default of <see cref="PageBytes"/>: 256 KiB.</summary>
    public const long DefaultPageBytes = (long)DefaultPageBlocks * TableRun.BlockSize;

    /// <summary>The default of <see cref="PageBlocks"/>: of a page of which one row has changed an incremental backup stores the
    /// whole, and each page costs an entry (docs/incremental.md).</summary>
    public const int DefaultPageBlocks = 32;

    /// <summary>What <see cref="BlockBytes"/> is with <see cref="BackupProfile.Default"/>: 1 MiB.</summary>
    public const int DefaultBlockBytes = 1024 * 1024;

    /// <summary>The most connections that are opened unasked with <see cref="BackupProfile.Default"/>.</summary>
    public const int MaxAutomaticConnections = 4;

    /// <summary>The largest memory budget that is taken unasked with <see cref="BackupProfile.Default"/>: 48 MiB.</summary>
    public const long MaxAutomaticMemoryBudgetBytes = 48L * 1024 * 1024;

    /// <summary>The default of <see cref="KeepSuspendedFor"/>: 7 days.</summary>
    public static readonly TimeSpan DefaultKeepSuspendedFor = CleanUpOptions.DefaultKeepSuspendedFor;

    /// <summary>The default of <see cref="VolumeBytes"/> where a run can be resumed: 256 MiB.</summary>
    public const long DefaultResumableVolumeBytes = 256L * 1024 * 1024;

    /// <summary>What <see cref="Transfers"/> is with <see cref="BackupProfile.Default"/>.</summary>
    public const int DefaultTransfers = 8;

    /// <summary>The default of <see cref="MaxChain"/>.</summary>
    public const int DefaultMaxChain = 30;

    /// <summary>The default of <see cref="LockTimeout"/>: one minute.</summary>
    public static readonly TimeSpan DefaultLockTimeout = TimeSpan.FromMinutes(1);

    /// <summary>How much the run takes of its host where the other settings do not say: what is set below always counts.</summary>
    /// <value><see cref="BackupProfile.Automatic"/> by default. What it became, and why, is logged at the beginning of a run.</value>
    [EnumDataType(typeof(BackupProfile))]
    public BackupProfile Profile { get; set; }

    /// <summary>What is said of the host in place of what would be detected.</summary>
    /// <value>Nothing by default.</value>
    public HostOverrides Host { get; set; } = new();

    /// <summary>The number of database connections that read rows, from 1 to 64.</summary>
    /// <remarks>One more holds the snapshot; it reads rows itself only where the others cannot, as with a lent data source. A further one lists files, and
    /// another, where more than one reads rows, a part of a schema of thousands of tables; a run does without these where the server has no room.</remarks>
    /// <value><see langword="null"/> by default: by <see cref="Profile"/> and processors, and no more than the memory budget
    /// can feed.</value>
    [Range(1, 64)]
    public int? Connections { get; set; }

    /// <summary>The number of threads that pack, from 1 to 256.</summary>
    /// <value><see langword="null"/> by default: by <see cref="Profile"/> and processors, and no more than the memory budget can
    /// feed.</value>
    [Range(1, 256)]
    public int? CompressionWorkers { get; set; }

    /// <summary>The most memory that the buffers of one run take, in bytes, at least 64 KiB.</summary>
    /// <value><see langword="null"/> by default: a quarter of the memory that the process may use, at most what
    /// <see cref="Profile"/> says.</value>
    [Range(64d * 1024, (double)long.MaxValue)]
    public long? MemoryBudgetBytes { get; set; }

    /// <summary>The memory of the process above which a run reads less at once, in bytes, at least 1 MiB.</summary>
    /// <value><see langword="null"/> by default: 60 % of the memory that the process may use, at most what <see cref="Profile"/> says.</value>
    [Range(1024d * 1024, (double)long.MaxValue)]
    public long? LowWatermarkBytes { get; set; }

    /// <summary>The memory of the process above which a run also gives buffers back and has the garbage collector compact, in bytes, at least
    /// 1 MiB and not less than the low watermark.</summary>
    /// <value><see langword="null"/> by default: 80 % of the memory that the process may use, at most what <see cref="Profile"/> says.</value>
    [Range(1024d * 1024, (double)long.MaxValue)]
    public long? HighWatermarkBytes { get; set; }

    /// <summary>The size at which a volume is closed and the next begun, in bytes, from 1 MiB to the size of the
    /// largest object that the sink takes. An entry is never split, so a volume may be larger by one entry.</summary>
    /// <value><see langword="null"/> by default: no limit, unless the sink has one; <see cref="DefaultResumableVolumeBytes"/> where the
    /// run can be resumed, as what a volume holds is kept only once it is closed.</value>
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

    /// <summary>The size of table and TOAST data that one page covers, in bytes, from 64 KiB to 1 GiB. Pages are of a power of two of blocks:
    /// of the one whose data comes nearest to it, and no more than <see cref="PageBlocks"/>.</summary>
    /// <value><see langword="null"/> by default: <see cref="DefaultPageBytes"/>.</value>
    [Range(64d * 1024, 1024d * 1024 * 1024)]
    public long? PageBytes { get; set; }

    /// <summary>The number of heap blocks that one page covers at the most: a power of two, from 1 to 1,048,576.</summary>
    /// <value><see langword="null"/> by default: <see cref="DefaultPageBlocks"/>.</value>
    [Range(1, 1_048_576)]
    public int? PageBlocks { get; set; }

    /// <summary>The size of the blocks that are packed one by one, in bytes, from 4 KiB to 16 MiB. Smaller ones save memory and cost size.</summary>
    /// <value><see langword="null"/> by default: by <see cref="Profile"/>, as a rule <see cref="DefaultBlockBytes"/>.</value>
    [Range(4096, 16 * 1024 * 1024)]
    public int? BlockBytes { get; set; }

    /// <summary>How long to wait for the lock on a table that another session holds exclusively; from a millisecond to a day.</summary>
    /// <value><see cref="DefaultLockTimeout"/> by default.</value>
    public TimeSpan LockTimeout { get; set; } = DefaultLockTimeout;

    /// <summary>The number of objects that are downloaded at once, over all buckets, from 1 to 64. Their buffers are within the
    /// memory budget: with little memory, fewer large ones are in flight.</summary>
    /// <value><see langword="null"/> by default: by <see cref="Profile"/>, as a rule <see cref="DefaultTransfers"/>. Not used without an object
    /// store.</value>
    [Range(1, 64)]
    public int? Transfers { get; set; }

    /// <summary>How long a run waits for what.</summary>
    /// <value>The defaults of <see cref="BackupTimeouts"/>.</value>
    [Required]
    public BackupTimeouts Timeouts { get; set; } = new();

    /// <summary>How often what failed for a passing reason is tried again.</summary>
    /// <value>The defaults of <see cref="RetryOptions"/>. Not used when a resilience pipeline is given to the builder.</value>
    [Required]
    [ValidateObjectMembers]
    public RetryOptions Retries { get; set; } = new();

    /// <summary>How long a suspended run is kept after it last kept something: a run that begins at the same sink after that removes it. From
    /// zero, which keeps none, to 10 years. What a crashed run left that nobody can go on with is removed in any case.</summary>
    /// <value><see cref="DefaultKeepSuspendedFor"/> by default.</value>
    public TimeSpan KeepSuspendedFor { get; set; } = DefaultKeepSuspendedFor;

    /// <summary>How many incremental backups may follow a full one, each building on the one before, from 1 to 100: the next one is full again.
    /// A merged backup counts as a full one.</summary>
    /// <value><see cref="DefaultMaxChain"/> by default.</value>
    [Range(1, 100)]
    public int MaxChain { get; set; } = DefaultMaxChain;

    /// <summary>The same settings apart from these: what a pipeline was built with does not change under it.</summary>
    internal BackupOptions Copy()
    {
        var copy = (BackupOptions)MemberwiseClone();
        copy.Host = Host.Copy();
        copy.Timeouts = Timeouts.Copy();
        copy.Retries = Retries.Copy();
        return copy;
    }
}
