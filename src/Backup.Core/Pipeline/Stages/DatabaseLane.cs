using Backup.Core.Pipeline.Sources;
using Backup.Core.Pipeline.Stages.Rows;
using Backup.Core.Pipeline.Stages.Texts;

namespace Backup.Core.Pipeline.Stages;

/// <summary>The stages that read the schema and the rows of a snapshot.</summary>
internal sealed class DatabaseLane(
    PipelineParts parts, RowSnapshot snapshot, IReadOnlyList<TableRun> tables, bool continueOnTableFailure, RunProgress progress)
{
    private const int TableQueueLength = 16;

    private SchemaStage? _schema;

    /// <summary>The statements that set the sequences, once the stages have ended.</summary>
    public IReadOnlyList<string> Sequences => _schema?.Sequences ?? [];

    /// <summary>Adds the stages.</summary>
    /// <returns>A task that ends when schema and rows have been read, or the run has stopped.</returns>
    public Task AddTo(StageGraph graph, LaneContext lane)
    {
        var connections = lane.Context.Plan.Connections;
        var found = graph.Connect<TableRun>(TableQueueLength);
        var pages = graph.Connect<PageBatch>(connections);
        var rules = new PageReadRules(parts.Compressor, lane.Context.Plan.PageBytes, continueOnTableFailure, parts.Logger);

        var discovery = new TableDiscoveryStage(tables, found.Writer);
        var rowPaging = new RowPagingStage(
            lane.Context.Plan.ToPageLimits(), new PageBatcher(isOn: !continueOnTableFailure), progress, found.Reader, pages.Writer);
        var pageRead = new PageReadStage(snapshot, lane.Budget, lane.Context, progress, rules, pages.Reader, lane.Blocks);
        _ = graph.Add("TableDiscovery", 1, found.Writer, (_, token) => discovery.RunAsync(token));
        _ = graph.Add("RowPaging", 1, pages.Writer, (_, token) => rowPaging.RunAsync(token));
        var rowsRead = graph.Add("PageRead", connections, lane.Blocks, pageRead.RunAsync);

        _schema = new SchemaStage(snapshot, new TextEntryWriter(parts.Compressor, lane));
        var schemaRead = graph.Add("Schema", 1, lane.Blocks, (_, token) => _schema.RunAsync(token));
        return Task.WhenAll(rowsRead, schemaRead);
    }
}
