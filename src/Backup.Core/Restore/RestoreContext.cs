using Backup.Core.Archives;
using Backup.Core.Postgres;

namespace Backup.Core.Restore;

/// <summary>What the steps of one run share.</summary>
internal sealed record RestoreContext
{
    /// <summary>The request.</summary>
    public required RestoreRequest Request { get; init; }

    /// <summary>The backup.</summary>
    public required ArchiveReader Archive { get; init; }

    /// <summary>The part of it that is restored.</summary>
    public required RestoreSet Set { get; init; }

    /// <summary>The database that is restored into.</summary>
    public required PostgresSource Source { get; init; }

    /// <summary>What that database held before.</summary>
    public required TargetInspection Target { get; init; }

    /// <summary>PostgreSQL's name of the encoding of the rows.</summary>
    public required string Encoding { get; init; }

    /// <summary>How many connections work at once.</summary>
    public required int Connections { get; init; }

    /// <summary>What is counted and told.</summary>
    public required RestoreTracker Tracker { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider TimeProvider { get; init; }

    /// <summary>Switches triggers and foreign keys off on a connection that changes rows, where the plan says so.</summary>
    public Task PrepareForRowsAsync(TargetSession session, CancellationToken cancellationToken) => Target.LoadOrder.IsReplica
        ? session.ExecuteAsync("SET session_replication_role = replica", cancellationToken)
        : Task.CompletedTask;
}
