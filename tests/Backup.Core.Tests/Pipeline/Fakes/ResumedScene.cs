using Backup.Core.Archives;
using Backup.Core.Compression;
using Backup.Core.Pipeline;
using Backup.Core.Sinks;
using Backup.Core.Verification;
using Backup.TestKit.Storage;
using Microsoft.Extensions.Time.Testing;

namespace Backup.Core.Tests.Pipeline.Fakes;

/// <summary>A run in several parts over sources in memory, ended by a clock that the test moves.</summary>
internal sealed class ResumedScene
{
    /// <summary>The time budget of each part.</summary>
    public static readonly TimeSpan Budget = TimeSpan.FromSeconds(20);

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 22, 3, 15, 0, TimeSpan.Zero));

    public IBackupSink Sink { get; init; } = new InMemorySink();

    public ICompressor Compressor { get; init; } = new NoCompressor();

    public InMemoryObjectStore? Store { get; init; }

    public BackupOptions Options { get; init; } = new()
    {
        Connections = 1,
        CompressionWorkers = 1,
        BlockBytes = 4096,
        PageBytes = 64 * 1024,
        PageBlocks = 1,
        MemoryBudgetBytes = 256 * 1024,
    };

    /// <summary>Whether rows of one table may be of several snapshots.</summary>
    public bool AllowsMixedTables { get; init; }

    public bool ContinuesOnTableFailure { get; init; }

    /// <summary>The run that the next part goes on with.</summary>
    public BackupId? Run { get; set; }

    /// <summary>Lets so much time pass that nothing new is begun.</summary>
    public void ReachDeadline() => Time.Advance(Budget * 0.85);

    /// <summary>Lets so much time pass that what is in flight is dropped.</summary>
    public void PassDeadline() => Time.Advance(Budget * 0.93);

    /// <summary>Runs one part, whose snapshot is the source's; the next one goes on with it.</summary>
    public async Task<BackupResult> RunAsync(
        InMemoryRowSource? source, Func<BackupRequest, BackupRequest>? ask = null, CancellationToken cancellationToken = default)
    {
        var scene = new RunScene
        {
            Source = source,
            Store = Store,
            Sink = Sink,
            Compressor = Compressor,
            Options = Options,
            TimeProvider = Time,
            Failures = new FailurePolicy { Tables = ContinuesOnTableFailure ? FailureLimit.Continue : FailureLimit.FailFast },
            Ask = request =>
            {
                var asked = request with { TimeBudget = Budget, Resume = Run, AllowMixedTables = AllowsMixedTables };
                return ask?.Invoke(asked) ?? asked;
            },
        };
        var result = await scene.RunAsync(cancellationToken);
        Run = result.Id;
        return result;
    }

    /// <summary>Asserts that a finished backup is intact, that it holds exactly these rows, and that the folder has nothing else in it.</summary>
    public async Task AssertHoldsAsync(BackupResult result, params InMemoryTable[] tables)
    {
        Assert.Equal(BackupOutcome.Complete, result.Outcome);
        var report = await new BackupVerifier(Sink).VerifyAsync(result.Id);
        Assert.Empty(report.Findings);
        Assert.Equal(tables.Select(table => table.Name).Order(StringComparer.Ordinal), result.Tables.Select(table => table.Table.Name));
        foreach (var table in tables)
        {
            Assert.Equal(table.Blocks.SelectMany(block => block), await RunScene.ReadTableAsync(Sink, result, table.Name));
            Assert.Equal(table.RowCount, result.Tables.Single(item => item.Table.Name == table.Name).Rows);
        }

        var names = await RunScene.NamesAsync(Sink);
        Assert.DoesNotContain(names, name => name.Contains("checkpoint-", StringComparison.Ordinal) || name.Contains("lease-", StringComparison.Ordinal));
    }

    /// <summary>A source whose clock moves before a read of a block, counted from 1.</summary>
    public static InMemoryRowSource Source(int read, Action move, params InMemoryTable[] tables) => new(tables)
    {
        OnRead = number =>
        {
            if (number == read)
            {
                move();
            }
        },
    };

    /// <summary>A table of so many blocks, each a page of one row of 1,000 bytes.</summary>
    public static InMemoryTable Table(string name, int blocks) =>
        new(name, [.. Enumerable.Range(0, blocks).Select(block => InMemoryTable.Rows(1000 - block))]);
}
