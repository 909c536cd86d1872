using Backup.Core.Postgres;
using Backup.Core.Postgres.Probes;

namespace Backup.Core.Diagnosis;

/// <summary>Asks the database all that a backup depends on. Each question has a connection of its own.</summary>
/// <param name="source">The database.</param>
/// <param name="request">What is to be backed up.</param>
/// <param name="readers">How many connections are to read rows.</param>
/// <param name="run">Makes the checks.</param>
internal sealed class DatabaseChecks(PostgresSource source, DiagnosisRequest request, int readers, CheckRun run)
{
    private const DiagnosisArea Area = DiagnosisArea.Database;

    // Of the time of a check, for what others may keep it from: a second connection, a lock. That it waits in vain is the finding.
    private const int WaitDivisor = 4;

    private TimeSpan Wait => run.TimeLimit / WaitDivisor;

    private bool ListsObjects => request.Store?.Capabilities.IsListedInDatabase is true;

    /// <summary>Makes the checks.</summary>
    public async Task<DatabaseFindings> RunAsync(CancellationToken cancellationToken)
    {
        if (await ConnectAsync(cancellationToken).ConfigureAwait(false) is not { } server)
        {
            return DatabaseFindings.None;
        }

        run.Conclude(Area, "version", ServerChecks.Version(server));
        run.Conclude(Area, "encoding", ServerChecks.Encoding(server));
        run.Conclude(Area, "replication", ServerChecks.Replication(server));
        run.Conclude(Area, "connections", ServerChecks.Connections(server, readers, ListsObjects));
        run.Conclude(Area, "timeLimits", ServerChecks.TimeLimits(server));
        await CheckSessionsAsync(cancellationToken).ConfigureAwait(false);
        var relations = await CheckRelationsAsync(server, cancellationToken).ConfigureAwait(false);
        await run.MakeAsync(Area, "schema", CheckSchemaAsync, cancellationToken).ConfigureAwait(false);
        return relations is null
            ? DatabaseFindings.None
            : new DatabaseFindings(relations.TableBytes, await CheckStorageRowsAsync(relations, server, cancellationToken).ConfigureAwait(false));
    }

    private Task<ServerFacts?> ConnectAsync(CancellationToken cancellationToken) => run.AskAsync(
        Area,
        "connection",
        async token =>
        {
            var startedAt = run.TimeProvider.GetTimestamp();
            var server = await ServerProbe.ReadAsync(source, token).ConfigureAwait(false);
            var time = run.TimeProvider.GetElapsedTime(startedAt);
            return (server, CheckFinding.Ok($"{source.Description} answered within {Amounts.Time(time)}."));
        },
        cancellationToken);

    private async Task CheckSessionsAsync(CancellationToken cancellationToken)
    {
        await run.MakeAsync(
            Area,
            "pooler",
            async token => ServerChecks.Pooler(await PoolerProbe.RunAsync(source, Wait, token).ConfigureAwait(false), readers),
            cancellationToken).ConfigureAwait(false);
        await run.MakeAsync(
            Area,
            "snapshot",
            async token => ServerChecks.Snapshot(await SnapshotProbe.TryAsync(source, Wait, token).ConfigureAwait(false)),
            cancellationToken).ConfigureAwait(false);
    }

    private async Task<RelationFacts?> CheckRelationsAsync(ServerFacts server, CancellationToken cancellationToken)
    {
        var relations = await run.AskAsync(
            Area,
            "tables",
            async token =>
            {
                var listed = await RelationProbe.ReadAsync(source, request.Tables, server, token).ConfigureAwait(false);
                return (listed, RelationChecks.Tables(listed, server));
            },
            cancellationToken).ConfigureAwait(false);
        if (relations is not null)
        {
            run.Conclude(Area, "rowSecurity", RelationChecks.RowSecurity(relations, server));
            run.Conclude(Area, "sequences", RelationChecks.Sequences(relations, server));
            run.Conclude(Area, "locks", ServerChecks.Locks(server, relations));
        }

        return relations;
    }

    private async Task<CheckFinding> CheckSchemaAsync(CancellationToken cancellationToken)
    {
        var entries = await SchemaProbe.CountAsync(source, request.Tables, Wait, cancellationToken).ConfigureAwait(false);
        return entries is { } count
            ? CheckFinding.Ok($"All definitions can be read, and a backup holds each: {Amounts.Count(count, "statement")}.")
            : CheckFinding.Warn(
                "Another session holds an exclusive lock, so not all definitions could be read.",
                "Ask again when that session (see pg_locks) is done: a backup waits for a lock on each table, though not for ever.");
    }

    private async Task<IReadOnlyList<ProbedBucket>?> CheckStorageRowsAsync(
        RelationFacts relations, ServerFacts server, CancellationToken cancellationToken)
    {
        if (!ListsObjects)
        {
            return null;
        }

        if (relations.Storage.Reason is not null)
        {
            run.Conclude(Area, "storageRows", RelationChecks.StorageRows(relations, server, buckets: null, missing: null));
            return null;
        }

        return await run.AskAsync(
            Area,
            "storageRows",
            async token =>
            {
                var (buckets, missing) = await StorageRowsProbe.ReadAsync(source, token).ConfigureAwait(false);
                return (buckets, RelationChecks.StorageRows(relations, server, buckets, missing));
            },
            cancellationToken).ConfigureAwait(false);
    }
}
