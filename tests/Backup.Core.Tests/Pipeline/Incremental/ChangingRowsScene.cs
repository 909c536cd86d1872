using Backup.Core.Archives;
using Backup.Core.Compression;
using Backup.Core.Pipeline;
using Backup.Core.Sinks;
using Backup.Core.Tests.Pipeline.Fakes;
using Microsoft.Extensions.Time.Testing;

namespace Backup.Core.Tests.Pipeline.Incremental;

/// <summary>Backups of tables in memory, one after another into one sink, each a minute after the one before.</summary>
internal sealed class ChangingRowsScene
{
    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 23, 3, 15, 0, TimeSpan.Zero));

    public IBackupSink Sink { get; init; } = new InMemorySink();

    public ICompressor Compressor { get; init; } = new NoCompressor();

    public FailurePolicy Failures { get; init; } = FailurePolicy.Default;

    public BackupOptions Options { get; init; } = new()
    {
        Connections = 1,
        CompressionWorkers = 1,
        BlockBytes = 4096,
        PageBytes = 64 * 1024,
        PageBlocks = 1,
        MemoryBudgetBytes = 256 * 1024,
    };

    /// <summary>Makes a full backup.</summary>
    public Task<BackupResult> FullAsync(params InMemoryTable[] tables) => RunAsync(new InMemoryRowSource(tables), request => request);

    /// <summary>Makes an incremental one upon the last.</summary>
    public Task<BackupResult> IncrementalAsync(params InMemoryTable[] tables) => IncrementalAsync(new InMemoryRowSource(tables));

    /// <summary>Makes an incremental one upon the last.</summary>
    public Task<BackupResult> IncrementalAsync(InMemoryRowSource source, Func<BackupRequest, BackupRequest>? ask = null) =>
        RunAsync(source, request => ask?.Invoke(request with { Incremental = true }) ?? request with { Incremental = true });

    /// <summary>Asserts that a backup holds exactly these rows.</summary>
    public Task AssertHoldsAsync(BackupResult result, params InMemoryTable[] tables) =>
        new RunScene { Sink = Sink }.AssertHoldsAsync(result, tables);

    /// <summary>The entries of a backup's pages, by their paths.</summary>
    public async Task<Dictionary<string, IndexEntry>> PagesAsync(BackupResult result)
    {
        var reader = await ArchiveReader.OpenAsync(Sink, result.Id, CancellationToken.None);
        var pages = new Dictionary<string, IndexEntry>(StringComparer.Ordinal);
        await foreach (var entry in reader.ReadIndexAsync("database/data/", CancellationToken.None))
        {
            pages.Add(entry.Path, entry);
        }

        return pages;
    }

    private Task<BackupResult> RunAsync(InMemoryRowSource source, Func<BackupRequest, BackupRequest> ask)
    {
        Time.Advance(TimeSpan.FromMinutes(1));
        return new RunScene
        {
            Source = source,
            Sink = Sink,
            Compressor = Compressor,
            Options = Options,
            TimeProvider = Time,
            Failures = Failures,
            Ask = ask,
        }.RunAsync();
    }
}
