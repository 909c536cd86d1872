namespace Backup.Core.Health;

/// <summary>When the health check of backups is content.</summary>
public sealed class BackupFreshnessOptions
{
    /// <summary>The default of <see cref="MaxAge"/>: 26 hours, a backup a day and two hours for it to run late.</summary>
    public static readonly TimeSpan DefaultMaxAge = TimeSpan.FromHours(26);

    /// <summary>The default of <see cref="CacheFor"/>: one minute.</summary>
    public static readonly TimeSpan DefaultCacheFor = TimeSpan.FromMinutes(1);

    /// <summary>The age from which on the newest good backup is too old. The age is that of its data: the time since its snapshot
    /// or, without a database, since its run began.</summary>
    /// <value><see cref="DefaultMaxAge"/> by default; more than zero.</value>
    public TimeSpan MaxAge { get; set; } = DefaultMaxAge;

    /// <summary>Whether a backup that left something out, and names it, is a good one.</summary>
    /// <value><see langword="false"/> by default.</value>
    public bool AcceptFailures { get; set; }

    /// <summary>How long what was found in the sink counts, so that frequent checks do not list it again and again.</summary>
    /// <value><see cref="DefaultCacheFor"/> by default; zero or more.</value>
    public TimeSpan CacheFor { get; set; } = DefaultCacheFor;

    /// <summary>Throws when a value is out of its range.</summary>
    internal void ThrowIfInvalid()
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(MaxAge, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(CacheFor, TimeSpan.Zero);
    }
}
