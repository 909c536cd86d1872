using Backup.Core.Errors;
using Backup.Core.Pipeline;
using Backup.Core.Sinks;
using Backup.Core.Tests.Pipeline.Fakes;
using Backup.Core.Verification;
using Backup.TestKit.Sinks;

namespace Backup.Core.Tests.Pipeline;

public sealed class BackupRunRetryTests
{
    private static readonly InMemoryTable Good = new("good", InMemoryTable.Rows(300, 100));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ExecuteAsync_PageFailsForAPassingReason_IsReadAgain(bool losesConnection)
    {
        var table = Failing(times: 3) with { LosesConnection = losesConnection };
        var scene = Scene(table, Good);
        scene.Source!.OnReopen = () => { };

        var result = await scene.RunAsync();

        Assert.Equal(BackupOutcome.Complete, result.Outcome);
        await scene.AssertHoldsAsync(result, table, Good);
        Assert.Equal(losesConnection ? 3 : 0, scene.Source.Reopened);
        Assert.True((await new BackupVerifier(scene.Sink).VerifyAsync(result.Id)).IsIntact);
    }

    [Fact]
    public async Task ExecuteAsync_NoOtherConnectionIsToBeHad_FailsWithTheFirstFault()
    {
        var scene = Scene(Failing(times: int.MaxValue) with { LosesConnection = true }, Good);

        var exception = await Assert.ThrowsAsync<DatabaseException>(() => scene.RunAsync());

        Assert.Contains("Reading bad failed", exception.Message, StringComparison.Ordinal);
        Assert.Equal("PageRead", exception.Stage);
        Assert.Equal(1, scene.Source!.Reopened);
        Assert.Empty(await RunScene.NamesAsync(scene.Sink));
    }

    [Fact]
    public async Task ExecuteAsync_PageNeverSucceedsAndRunMayGoOn_LeavesTheTableOut()
    {
        var scene = Scene(Failing(times: int.MaxValue), Good);
        scene.Failures = new FailurePolicy { Tables = FailureLimit.AtMost(1) };

        var result = await scene.RunAsync();

        Assert.Equal("public.bad", Assert.Single(result.Failures).Subject);
        await scene.AssertHoldsAsync(result, Good);
        Assert.True((await new BackupVerifier(scene.Sink).VerifyAsync(result.Id)).IsIntact);
    }

    [Fact]
    public async Task ExecuteAsync_PageThatIsStreamedAlready_IsNotReadAgain()
    {
        var table = new InMemoryTable("bad", InMemoryTable.Rows(900, 1000)) { FailingBlock = 1, FailsTransiently = true, Failures = new(1) };
        var scene = Scene(table);

        await Assert.ThrowsAsync<DatabaseException>(() => scene.RunAsync());

        Assert.Empty(await RunScene.NamesAsync(scene.Sink));
    }

    [Fact]
    public async Task ExecuteAsync_RelationOfWhichAPartIsStored_IsNotReadAgain()
    {
        var table = new InMemoryTable("bad", InMemoryTable.Rows(3000, 100))
        {
            IsWhole = true, FailingBlock = 1, FailsTransiently = true, Failures = new(1),
        };
        var scene = Scene(table, Good);
        scene.Failures = new FailurePolicy { Tables = FailureLimit.Continue };

        var result = await scene.RunAsync();

        Assert.Equal("public.bad", Assert.Single(result.Failures).Subject);
        await scene.AssertHoldsAsync(result, Good);
    }

    [Theory]
    [InlineData(SinkOperation.Create)]
    [InlineData(SinkOperation.Write)]
    [InlineData(SinkOperation.Delete)]
    public async Task ExecuteAsync_SinkFailsForAPassingReason_IsAskedAgain(SinkOperation operation)
    {
        var memory = new InMemorySink();
        var faulty = new FaultySink(memory).FailAt(operation, 1, Busy).FailAt(operation, 2, Busy);
        if (operation == SinkOperation.Delete)
        {
            faulty.FailOn(SinkOperation.Commit, "manifest.json");
        }

        var scene = new RunScene { Source = new InMemoryRowSource(Good), Sink = faulty, Options = Options() };
        if (operation == SinkOperation.Delete)
        {
            await Assert.ThrowsAsync<SinkException>(() => scene.RunAsync());
            Assert.Empty(await RunScene.NamesAsync(memory));
            return;
        }

        var result = await scene.RunAsync();

        await scene.AssertHoldsAsync(result, Good);
        Assert.True((await new BackupVerifier(memory).VerifyAsync(result.Id)).IsIntact);
    }

    [Fact]
    public async Task ExecuteAsync_CommitFailsForAPassingReason_IsNotAskedAgain()
    {
        var faulty = new FaultySink(new InMemorySink()).FailAt(SinkOperation.Commit, 1, Busy);

        await Assert.ThrowsAsync<SinkException>(
            () => new RunScene { Source = new InMemoryRowSource(Good), Sink = faulty, Options = Options() }.RunAsync());

        Assert.Equal(1, faulty.CountOf(SinkOperation.Commit));
        Assert.Empty(await RunScene.NamesAsync(faulty));
    }

    [Fact]
    public async Task ExecuteAsync_FullDisk_IsNotWaitedFor()
    {
        var faulty = new FaultySink(new InMemorySink())
            .FailFrom(SinkOperation.Write, 1, () => new SinkException("full") { IsTransient = true, Category = ErrorCategory.Space });

        await Assert.ThrowsAsync<SinkException>(
            () => new RunScene { Source = new InMemoryRowSource(Good), Sink = faulty, Options = Options() }.RunAsync());

        Assert.Equal(1, faulty.CountOf(SinkOperation.Write));
    }

    private static SinkException Busy() => new("busy") { IsTransient = true };

    private static InMemoryTable Failing(int times) =>
        new("bad", InMemoryTable.Rows(90, 100)) { FailingBlock = 1, FailsTransiently = true, Failures = new(times) };

    private static BackupOptions Options() => new()
    {
        Connections = 1,
        CompressionWorkers = 2,
        BlockBytes = 4096,
        PageBytes = 64 * 1024,
        MemoryBudgetBytes = 128 * 1024,
        Retries = { BaseDelay = TimeSpan.Zero },
    };

    private static RunScene Scene(params InMemoryTable[] tables) => new()
    {
        Source = new InMemoryRowSource(tables),
        Options = Options(),
    };
}
