using System.Threading.Channels;
using Backup.Core.Archives;
using Backup.Core.Pipeline.Distribution;
using Backup.Core.Pipeline.Failures;
using Backup.Core.Pipeline.Incremental;
using Backup.Core.Pipeline.Sources;
using Backup.Core.Pipeline.Stages.Rows;
using Backup.Core.Pipeline.Stages.Texts;
using Backup.Core.Pipeline.Suspension;
using Backup.Core.Postgres.Schema;
using Backup.Core.Postgres.Server;

namespace Backup.Core.Pipeline.Stages;

/// <summary>The stages that read the schema and the rows of a snapshot.</summary>
/// <param name="parts">The pipeline.</param>
/// <param name="snapshot">What they read.</param>
/// <param name="tables">The tables to read.</param>
/// <param name="failures">Told of tables that cannot be read; says whether the run goes on without them.</param>
/// <param name="retries">Tries pages again that failed for a passing reason.</param>
/// <param name="holdsSchema">Whether the schema is held for whoever writes it at the end, instead of being written beside the rows.</param>
/// <param name="progress">Told how far it is.</param>
internal sealed class DatabaseLane(
    PipelineParts parts,
    RowSnapshot snapshot,
    IReadOnlyList<TableRun> tables,
    TableFailures failures,
    Retries retries,
    bool holdsSchema,
    RunProgress progress)
{
    private const int TableQueueLength = 16;

    private SchemaStage? _schema;

    /// <summary>Reads the tables elsewhere, and gives the lane what is left to it; <see langword="null"/> for the lane to read all of them.</summary>
    public WorkerLane? Workers { get; init; }

    /// <summary>The pages to read of each table; <see langword="null"/> for all.</summary>
    public IReadOnlyList<TablePart>? Parts { get; init; }

    /// <summary>Whether rows are only compared with the parent's, and nothing is stored.</summary>
    /// <value><see langword="false"/> by default.</value>
    public bool IsPreview { get; init; }

    /// <summary>Whether the schema is read too.</summary>
    /// <value><see langword="true"/> by default; a worker reads none, nor does a preview.</value>
    public bool ReadsSchema { get; init; } = true;

    /// <summary>Whether the server's roles are read with the schema.</summary>
    /// <value><see langword="false"/> by default.</value>
    public bool ReadsRoles { get; init; }

    /// <summary>The schema of the parent of an incremental run; <see langword="null"/> in others.</summary>
    public ParentSchema? ParentSchema { get; init; }

    /// <summary>Whether the run goes on without what no backup can hold.</summary>
    /// <value><see langword="false"/> by default.</value>
    public bool AllowsUnsupported { get; init; }

    /// <summary>What the schema holds that the backup cannot, once the stages have ended.</summary>
    public IReadOnlyList<UnsupportedObject> Unsupported => _schema?.Unsupported ?? [];

    /// <summary>The statements that set the sequences, once the stages have ended.</summary>
    public IReadOnlyList<string> Sequences => _schema?.Sequences ?? [];

    /// <summary>The schema, once the stages have ended, where it is held.</summary>
    public DatabaseSchema? HeldSchema => _schema?.Held;

    /// <summary>What belongs to the server, once the stages have ended, where it is held.</summary>
    public ServerObjects? HeldServer => _schema?.HeldServer;

    /// <summary>How many roles were read, once the stages have ended; <see langword="null"/> where they were not asked for.</summary>
    public int? Roles => _schema?.Roles;

    /// <summary>The files of the schema that other backups hold already, once the stages have ended.</summary>
    public IReadOnlyDictionary<string, IndexEntry> SharedFiles => _schema?.Shared ?? new Dictionary<string, IndexEntry>();

    /// <summary>What tells whether the next backup has the same schema, once the stages have ended; <see langword="null"/> where nothing does.</summary>
    public string? SchemaFingerprint => _schema?.Fingerprint;

    /// <summary>Whether everything has been read, once the stages have ended; the deadline may have come before.</summary>
    public bool IsComplete => (!ReadsSchema || _schema is { IsRead: true }) && tables.All(table => table.IsFinished || table.HasFailed);

    /// <summary>Adds the stages.</summary>
    /// <returns>A task that ends when schema and rows have been read, or the run has stopped.</returns>
    public Task AddTo(StageGraph graph, LaneContext lane)
    {
        var connections = lane.Context.Plan.Connections;
        var found = graph.Connect<TablePart>(TableQueueLength);
        var pages = graph.Connect<PageBatch>(connections);
        var rules = new PageReadRules(
            parts.Compressor,
            lane.Context.Plan.PageBytes,
            IsPreview,
            failures,
            retries,
            lane.Deadline,
            parts.Options.Timeouts.Item,
            parts.TimeProvider,
            parts.Logger);

        var unchanged = new UnchangedTablesStage(Workers is null ? [.. tables.Where(table => table.Start.IsUnchanged)] : [], lane, progress, rules);
        var rowPaging = new RowPagingStage(
            new PageBatcher(joinsTables: failures.IsFailFast, connections), progress, lane.Deadline, found.Reader, pages.Writer);
        var pageRead = new PageReadStage(snapshot, lane.Budget, lane.Context, progress, rules, pages.Reader, lane.Blocks);
        AddFeed(graph, found.Writer);
        _ = graph.Add("RowPaging", 1, pages.Writer, (_, token) => rowPaging.RunAsync(token));
        var rowsRead = Task.WhenAll(
            graph.Add("PageRead", connections, lane.Blocks, pageRead.RunAsync),
            graph.Add("UnchangedTables", 1, lane.Blocks, (_, token) => unchanged.RunAsync(token)));
        if (!ReadsSchema)
        {
            return rowsRead;
        }

        _schema = new SchemaStage(snapshot, ParentSchema, ReadsRoles, AllowsUnsupported, holdsSchema ? null : new TextEntryWriter(parts.Compressor, lane));
        var schemaRead = graph.Add("Schema", 1, lane.Blocks, (_, token) => ReadSchemaAsync(_schema, rowsRead, lane.Deadline, token));
        return Task.WhenAll(rowsRead, schemaRead);
    }

    private void AddFeed(StageGraph graph, ChannelWriter<TablePart> output)
    {
        if (Workers is { } workers)
        {
            _ = graph.Add("Workers", 1, output, (_, token) => workers.RunAsync(output, token));
            return;
        }

        var discovery = new TableDiscoveryStage(Parts ?? [.. tables.Where(table => !table.Start.IsUnchanged).Select(TablePart.Whole)], output);
        _ = graph.Add("TableDiscovery", 1, output, (_, token) => discovery.RunAsync(token));
    }

    // The schema that is held is needed only by a part of the run that reads all rows: one that does not is spared the reading.
    private async Task ReadSchemaAsync(SchemaStage stage, Task rowsRead, RunDeadline deadline, CancellationToken cancellationToken)
    {
        if (holdsSchema)
        {
            await rowsRead.WaitAsync(cancellationToken).ConfigureAwait(false);
            if (deadline.IsReached)
            {
                return;
            }
        }

        await stage.RunAsync(cancellationToken).ConfigureAwait(false);
    }
}
