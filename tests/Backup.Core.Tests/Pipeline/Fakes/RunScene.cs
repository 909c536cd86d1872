using Backup.Core.Archives;
using Backup.Core.Compression;
using Backup.Core.Hosting;
using Backup.Core.ObjectStores;
using Backup.Core.Pipeline;
using Backup.Core.Pipeline.Distribution;
using Backup.Core.Pipeline.Sources;
using Backup.Core.Sinks;
using Backup.TestKit.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Backup.Core.Tests.Pipeline.Fakes;

/// <summary>A run over tables and objects in memory, and what it must have left behind in any case.</summary>
internal sealed class RunScene
{
    public InMemoryRowSource? Source { get; set; }

    public InMemoryObjectStore? Store { get; init; }

    /// <summary>What reads the source in the place of the run, to spoil it.</summary>
    public RowSource? SourceAsRead { get; init; }

    /// <summary>What reads the store in the place of the run, to spoil it.</summary>
    public IObjectStore? StoreAsRead { get; init; }

    public ObjectSelection Objects { get; init; } = ObjectSelection.Everything;

    public IBackupSink Sink { get; init; } = new InMemorySink();

    public BackupOptions Options { get; init; } = new() { Connections = 2, CompressionWorkers = 2 };

    public FailurePolicy Failures { get; set; } = FailurePolicy.Default;

    public ICompressor Compressor { get; init; } = new NoCompressor();

    public ILogger Logger { get; init; } = NullLogger.Instance;

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    public ProcessMemory Memory { get; init; } = RunningProcess.Instance;

    /// <summary>Makes the workers that copy in place of the run, out of what the run is made of; none by default.</summary>
    public Func<PipelineParts, WorkDistribution>? Distribution { get; init; }

    /// <summary>What the request asks for beside the scene's own settings.</summary>
    public Func<BackupRequest, BackupRequest> Ask { get; set; } = request => request;

    /// <summary>Runs once; however it ends, nothing may still be lent, reserved or open.</summary>
    public async Task<BackupResult> RunAsync(CancellationToken cancellationToken = default)
    {
        var parts = Distribution?.Invoke(Parts()).Apply(Parts()) ?? Parts();
        var request = Ask(new BackupRequest { Failures = Failures, Objects = Objects });
        var id = request.Resume ?? BackupId.Create(TimeProvider.GetUtcNow());
        var progress = new RunProgress(id, null, TimeProvider, NullLogger.Instance);
        var run = new BackupRun(parts, request, id, progress);
        try
        {
            return await run.ExecuteAsync(cancellationToken).WaitAsync(TimeSpan.FromMinutes(1), CancellationToken.None);
        }
        finally
        {
            await progress.DisposeAsync();
            Assert.Equal(0, run.Buffers.LiveBytes);
            Assert.Equal(run.Budget.TotalBytes, run.Budget.AvailableBytes);
            Assert.True(run.Buffers.PeakBytes <= run.Plan.BudgetBytes, "Buffers took more than the budget.");
            Assert.Equal(0, Source?.Open ?? 0);
            Assert.Equal(0, Store?.OpenContents ?? 0);
        }
    }

    /// <summary>Asks what a run would do; however that ends, nothing may still be open.</summary>
    public async Task<BackupPreview> PreviewAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            var pipeline = new BackupPipeline(Parts());
            return await pipeline.PreviewAsync(Ask(new BackupRequest { Failures = Failures, Objects = Objects }), null, cancellationToken)
                .WaitAsync(TimeSpan.FromMinutes(1), CancellationToken.None);
        }
        finally
        {
            Assert.Equal(0, Source?.Open ?? 0);
            Assert.Equal(0, Store?.OpenContents ?? 0);
        }
    }

    private PipelineParts Parts() => new(
        SourceAsRead ?? Source, Store is null ? null : ObjectStoreSource.Borrow(StoreAsRead ?? Store), Sink, Compressor, Options, Logger, TimeProvider)
    {
        Memory = Memory,
    };

    /// <summary>The rows that a backup holds of a table, all pages together.</summary>
    public static async Task<byte[]> ReadTableAsync(IBackupSink sink, BackupResult result, string table)
    {
        var reader = await ArchiveReader.OpenAsync(sink, result.Id, CancellationToken.None);
        var record = result.Manifest!.Database!.Tables.Single(record => record.Name == table);
        var rows = new MemoryStream();
        for (var page = 1; page <= record.Pages; page++)
        {
            var entry = await reader.FindAsync(EntryPaths.Page(record.Path, page), CancellationToken.None);
            Assert.NotNull(entry);
            await using var stream = await reader.OpenEntryAsync(entry, CancellationToken.None);
            await stream.CopyToAsync(rows);
        }

        return rows.ToArray();
    }

    /// <summary>Asserts that a backup holds exactly the tables' rows.</summary>
    public async Task AssertHoldsAsync(BackupResult result, params InMemoryTable[] tables)
    {
        Assert.Equal(tables.Select(table => table.Name).Order(StringComparer.Ordinal), result.Tables.Select(table => table.Table.Name));
        foreach (var table in tables)
        {
            Assert.Equal(table.Blocks.SelectMany(block => block), await ReadTableAsync(Sink, result, table.Name));
            Assert.Equal(table.RowCount, result.Tables.Single(item => item.Table.Name == table.Name).Rows);
        }
    }

    /// <summary>The names of everything in a sink.</summary>
    public static async Task<IReadOnlyList<string>> NamesAsync(IBackupSink sink)
    {
        var names = new List<string>();
        await foreach (var item in sink.ListAsync(string.Empty))
        {
            names.Add(item.Name);
        }

        return names;
    }
}
