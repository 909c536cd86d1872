using Backup.Core.Pipeline;

namespace Serverless;

/// <summary>What the function backs up, and how: the same at every invocation, as a resumed run must choose what it was begun with.</summary>
public sealed record BackupSettings
{
    /// <summary>The database: a connection string or a <c>postgres://</c> URI.</summary>
    public required string Database { get; init; }

    /// <summary>The Supabase project whose buckets are backed up too; none where it is <see langword="null"/>.</summary>
    public Uri? StorageUrl { get; init; }

    /// <summary>The project's service key.</summary>
    public string? StorageKey { get; init; }

    /// <summary>Changes the pipeline's options, such as the size of volumes.</summary>
    public Action<BackupOptions> Options { get; init; } = options => options.VolumeBytes = DefaultVolumeBytes;

    /// <summary>The size of volumes: what an invocation that is killed loses is the one that was open.</summary>
    public const long DefaultVolumeBytes = 64L * 1024 * 1024;

    /// <summary>Reads the settings from the variables of the environment, where platforms put secrets.</summary>
    public static BackupSettings FromEnvironment() => new()
    {
        Database = Environment.GetEnvironmentVariable("BACKUP_DATABASE")
            ?? throw new InvalidOperationException("Set BACKUP_DATABASE to a connection string or a postgres:// URI."),
        StorageUrl = Environment.GetEnvironmentVariable("BACKUP_STORAGE_URL") is { Length: > 0 } url ? new Uri(url) : null,
        StorageKey = Environment.GetEnvironmentVariable("BACKUP_STORAGE_KEY"),
    };
}
