using Backup.Core.Archives.Manifest;
using Backup.Core.Compression;
using Backup.Core.Errors;
using Backup.Core.Pipeline;
using Backup.Core.Sinks;
using Backup.Core.Tests.Pipeline.Fakes;
using Backup.Core.Verification;
using Backup.TestKit.Sinks;

namespace Backup.Core.Tests.Pipeline;

public sealed class BackupRunFaultTests
{
    private static readonly InMemoryTable Good = new("good", InMemoryTable.Rows(300, 100), InMemoryTable.Rows(2, 90_000));
    private static readonly InMemoryTable Other = new("other", InMemoryTable.Rows(10, 1000)) { IsWhole = true };

    [Fact]
    public async Task ExecuteAsync_FaultAtAnySinkCall_LeavesNothingAndTheNextRunSucceeds()
    {
        var counting = new FaultySink(new InMemorySink());
        await Scene(counting, Good, Other).RunAsync();

        for (var call = 1; call <= counting.TotalCalls; call++)
        {
            var memory = new InMemorySink();
            var faulty = new FaultySink(memory).BreakAt(call);

            // The last call is the abort of a writer that has committed: it may fail without harm.
            var failure = await Record.ExceptionAsync(() => Scene(faulty, Good, Other).RunAsync());
            if (failure is not null)
            {
                Assert.IsType<SinkException>(failure);
                Assert.DoesNotContain(await RunScene.NamesAsync(memory), name => name.EndsWith("manifest.json", StringComparison.Ordinal));
            }

            faulty.Heal();
            var scene = Scene(faulty, Good, Other);
            await scene.AssertHoldsAsync(await scene.RunAsync(), Good, Other);
        }
    }

    [Fact]
    public async Task RunAsync_SinkCancelsACommitByItself_IsNoEndOfTheRows()
    {
        var memory = new InMemorySink();
        var commits = 0;
        var faulty = new FaultySink(memory).FailAt(SinkOperation.Commit, 2, () => new TaskCanceledException($"A client's time was over, {++commits}."));
        var scene = new RunScene
        {
            Source = new InMemoryRowSource(Good, Other),
            Sink = faulty,
            Options = new BackupOptions { Connections = 1, CompressionWorkers = 1, VolumeBytes = 10_000 },
        };

        var failure = await Record.ExceptionAsync(() => scene.RunAsync());

        Assert.Equal(1, commits);
        Assert.NotNull(failure);
        Assert.Empty(await RunScene.NamesAsync(memory));
    }

    [Fact]
    public async Task ExecuteAsync_OneSinkFault_DeletesWhatWasPublished()
    {
        var memory = new InMemorySink();
        var faulty = new FaultySink(memory).FailOn(SinkOperation.Commit, "manifest.json");

        await Assert.ThrowsAsync<SinkException>(() => Scene(faulty, Good).RunAsync());

        Assert.Empty(await RunScene.NamesAsync(memory));
    }

    [Fact]
    public async Task ExecuteAsync_CancelledAtAnyRead_EndsWithTheCallersToken()
    {
        var reads = 0;
        var counting = Scene(new InMemorySink(), Good, Other);
        counting.Source!.OnRead = _ => Interlocked.Increment(ref reads);
        await counting.RunAsync();

        for (var read = 1; read <= reads; read++)
        {
            using var cancellation = new CancellationTokenSource();
            var scene = Scene(new InMemorySink(), Good, Other);
            var chosen = read;
            scene.Source!.OnRead = number =>
            {
                if (number == chosen)
                {
                    cancellation.Cancel();
                }
            };

            var exception = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => scene.RunAsync(cancellation.Token));

            Assert.Equal(cancellation.Token, exception.CancellationToken);
            Assert.Empty(await RunScene.NamesAsync(scene.Sink));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task ExecuteAsync_TableFails_ThrowsTheReadersFault(int page)
    {
        var scene = Scene(new InMemorySink(), Good, Other, Bad(page));

        var exception = await Assert.ThrowsAsync<DatabaseException>(() => scene.RunAsync());

        Assert.Contains("bad", exception.Message, StringComparison.Ordinal);
        Assert.Equal("PageRead", exception.Stage);
        Assert.Empty(await RunScene.NamesAsync(scene.Sink));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task ExecuteAsync_TableFailsAndRunMayGoOn_LeavesTheTableOut(int page)
    {
        var scene = Scene(new InMemorySink(), true, Bad(page), Good, Other);

        var result = await scene.RunAsync();

        Assert.Equal(BackupOutcome.CompletedWithFailures, result.Outcome);
        Assert.Equal("public.bad", Assert.Single(result.Failures).Subject);
        Assert.Equal(result.Failures, result.Manifest!.Failures);
        await scene.AssertHoldsAsync(result, Good, Other);
        Assert.Empty((await new BackupVerifier(scene.Sink).VerifyAsync(result.Id)).Findings);
    }

    [Fact]
    public async Task ExecuteAsync_RelationReadWholeFailsAndRunMayGoOn_LeavesTheTableOut()
    {
        var bad = new InMemoryTable("bad", InMemoryTable.Rows(3000, 100)) { IsWhole = true, FailingBlock = 1 };
        var scene = Scene(new InMemorySink(), true, bad, Good);

        await scene.AssertHoldsAsync(await scene.RunAsync(), Good);
    }

    [Fact]
    public async Task ExecuteAsync_EveryReaderLosesItsConnection_Fails()
    {
        var tables = Enumerable.Range(0, 6).Select(index => Bad(1) with { Name = $"bad{index}", LosesConnection = true });
        var scene = Scene(new InMemorySink(), true, [.. tables]);

        await Assert.ThrowsAsync<DatabaseException>(() => scene.RunAsync());

        Assert.Empty(await RunScene.NamesAsync(scene.Sink));
    }

    [Fact]
    public async Task ExecuteAsync_AnotherReaderNoticesThatTheSnapshotIsLost_Fails()
    {
        var lost = new InMemoryTable("lost", [.. Enumerable.Repeat(InMemoryTable.Rows(900, 1000), 4)]) { LosesSnapshot = true };
        var scene = Scene(new InMemorySink(), true, lost);

        await Assert.ThrowsAsync<DatabaseException>(() => scene.RunAsync());

        Assert.Empty(await RunScene.NamesAsync(scene.Sink));
    }

    [Fact]
    public async Task ExecuteAsync_PublishedFilesCannotBeDeleted_LogsTheirNames()
    {
        var faulty = new FaultySink(new InMemorySink()).FailOn(SinkOperation.Commit, "manifest.json").FailOn(SinkOperation.Delete, "manifest.json");
        var logger = new RecordingLogger();
        var scene = new RunScene { Source = new InMemoryRowSource(Good), Sink = faulty, Logger = logger };

        await Assert.ThrowsAsync<SinkException>(() => scene.RunAsync());

        Assert.Contains(logger.Warnings, text => text.Contains(
            "could not delete manifest.json, index-0001.ndjson.gz, volume-0001.zip;", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ExecuteAsync_TablesUnreadableFromTheStart_AreFailures()
    {
        var failure = new FailureRecord("public.secret", "permission denied");
        var scene = new RunScene { Source = new InMemoryRowSource(Good) { Unreadable = [failure] }, Failures = new FailurePolicy { Tables = FailureLimit.Continue } };

        var result = await scene.RunAsync();

        Assert.Equal(BackupOutcome.CompletedWithFailures, result.Outcome);
        Assert.Equal([failure], result.Failures);
    }

    [Fact]
    public async Task ExecuteAsync_CompressorFails_ThrowsItsFault()
    {
        var scene = new RunScene { Source = new InMemoryRowSource(Good, Other), Compressor = new FailingCompressor() };

        await Assert.ThrowsAsync<InvalidOperationException>(() => scene.RunAsync());

        Assert.Empty(await RunScene.NamesAsync(scene.Sink));
    }

    private static InMemoryTable Bad(int failingBlock) =>
        new("bad", InMemoryTable.Rows(900, 1000), InMemoryTable.Rows(900, 100), InMemoryTable.Rows(1, 1))
        {
            FailingBlock = failingBlock,
        };

    private static RunScene Scene(IBackupSink sink, params InMemoryTable[] tables) => Scene(sink, false, tables);

    private static RunScene Scene(IBackupSink sink, bool continueOnTableFailure, params InMemoryTable[] tables) => new()
    {
        Source = new InMemoryRowSource(tables),
        Sink = sink,
        Failures = new FailurePolicy { Tables = continueOnTableFailure ? FailureLimit.Continue : FailureLimit.FailFast },
        Options = new BackupOptions
        {
            Connections = 2,
            CompressionWorkers = 2,
            BlockBytes = 4096,
            PageBytes = 64 * 1024,
            MemoryBudgetBytes = 128 * 1024,
        },
    };

    private sealed class FailingCompressor : ICompressor
    {
        private readonly NoCompressor _inner = new();
        private int _calls;

        public string Name => _inner.Name;

        public int Level => 0;

        public CompressionMethod Method => _inner.Method;

        public int GetMaxCompressedBytes(int sourceBytes) => _inner.GetMaxCompressedBytes(sourceBytes);

        public int Compress(ReadOnlySpan<byte> source, Span<byte> destination, bool isLast) =>
            Interlocked.Increment(ref _calls) < 6
                ? _inner.Compress(source, destination, isLast)
                : throw new InvalidOperationException("The compressor failed, as the test asked.");

        public Stream OpenDecompressor(Stream compressed) => _inner.OpenDecompressor(compressed);
    }
}
