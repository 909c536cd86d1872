using Backup.Core.ObjectStores;
using Backup.Core.Pipeline;
using Backup.Core.Postgres;
using Backup.Core.Sinks;

namespace Backup.Core.Diagnosis;

/// <summary>What is to be looked at. What is not given is not asked; the host always is.</summary>
public sealed record DiagnosisRequest
{
    /// <summary>The default of <see cref="CheckTimeout"/>: 20 seconds.</summary>
    public static readonly TimeSpan DefaultCheckTimeout = TimeSpan.FromSeconds(20);

    /// <summary>The database that is to be backed up; stays the caller's.</summary>
    /// <value><see langword="null"/> by default: none.</value>
    public PostgresSource? Database { get; init; }

    /// <summary>The tables that are to be backed up.</summary>
    /// <value>All by default.</value>
    public TableSelection Tables { get; init; } = TableSelection.Everything;

    /// <summary>The object store that is to be backed up; stays the caller's. Only read.</summary>
    /// <value><see langword="null"/> by default: none.</value>
    public IObjectStore? Store { get; init; }

    /// <summary>The buckets and objects that are to be backed up.</summary>
    /// <value>All by default.</value>
    public ObjectSelection Objects { get; init; } = ObjectSelection.Everything;

    /// <summary>Where backups are to be kept. One object of at most 8 MiB is written, read back and deleted; nothing stays.</summary>
    /// <value><see langword="null"/> by default: nowhere.</value>
    public IBackupSink? Target { get; init; }

    /// <summary>The settings that backups are to be made with: what automatic ones become here is told.</summary>
    /// <value>The defaults.</value>
    public BackupOptions Options { get; init; } = new();

    /// <summary>How long one check may take before it counts as failed; from 1 second to 10 minutes.</summary>
    /// <value><see cref="DefaultCheckTimeout"/>.</value>
    public TimeSpan CheckTimeout { get; init; } = DefaultCheckTimeout;
}
