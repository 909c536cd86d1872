using Backup.Core.Archives.Manifest;
using Backup.Core.Errors;
using Backup.Core.Pipeline;
using Backup.Core.Tests.Pipeline.Fakes;

namespace Backup.Core.Tests.Pipeline;

public sealed class BackupRunFailurePolicyTests
{
    private static readonly InMemoryTable Good = new("good", InMemoryTable.Rows(300, 100));

    [Theory]
    [InlineData(2, true)]
    [InlineData(1, false)]
    public async Task ExecuteAsync_TablesFail_AreComparedWithTheLimit(int allowed, bool succeeds)
    {
        var scene = Scene(FailureLimit.AtMost(allowed), Bad("bad1"), Good, Bad("bad2"));

        if (succeeds)
        {
            var result = await scene.RunAsync();
            Assert.Equal(["public.bad1", "public.bad2"], result.Failures.Select(failure => failure.Subject));
            await scene.AssertHoldsAsync(result, Good);
            return;
        }

        var exception = await Assert.ThrowsAsync<DatabaseException>(() => scene.RunAsync());
        Assert.Contains("2 tables could not be read where at most 1 of 3 may fail", exception.Message, StringComparison.Ordinal);
        Assert.Empty(await RunScene.NamesAsync(scene.Sink));
    }

    [Theory]
    [InlineData(0.5, true)]
    [InlineData(0.49, false)]
    public async Task ExecuteAsync_ShareOfTables_CountsThoseThatCannotBeReadAtAll(double share, bool succeeds)
    {
        var scene = new RunScene
        {
            Source = new InMemoryRowSource(Good) { Unreadable = [new FailureRecord("public.secret", "permission denied")] },
            Failures = new FailurePolicy { Tables = FailureLimit.AtMostShare(share) },
        };

        if (succeeds)
        {
            Assert.Equal(BackupOutcome.CompletedWithFailures, (await scene.RunAsync()).Outcome);
            return;
        }

        var exception = await Assert.ThrowsAsync<DatabaseException>(() => scene.RunAsync());
        Assert.Contains("permission denied", exception.Message, StringComparison.Ordinal);
        Assert.Empty(await RunScene.NamesAsync(scene.Sink));
    }

    [Theory]
    [InlineData(true, 0.25, true)]
    [InlineData(true, 0.24, false)]
    [InlineData(false, 0.25, true)]
    [InlineData(false, 0.24, false)]
    public async Task ExecuteAsync_ShareOfObjects_IsJudgedWhenAllAreKnown(bool isInDatabase, double share, bool succeeds)
    {
        var scene = StoreScene.Beside(isInDatabase);
        scene.Failures = new FailurePolicy { Objects = FailureLimit.AtMostShare(share) };
        scene.Store!.Before = (verb, name, _) => verb == "read" && name.EndsWith("small", StringComparison.Ordinal) ? throw StoreScene.Refused() : Task.CompletedTask;

        if (succeeds)
        {
            Assert.Equal("b/small", Assert.Single((await scene.RunAsync()).Failures).Subject);
            return;
        }

        var exception = await Assert.ThrowsAsync<ObjectStoreException>(() => scene.RunAsync());
        Assert.Contains("where at most 24 % may fail", exception.Message, StringComparison.Ordinal);
        Assert.Empty(await RunScene.NamesAsync(scene.Sink));
    }

    private static InMemoryTable Bad(string name) => new(name, InMemoryTable.Rows(900, 1000)) { FailingBlock = 1 };

    private static RunScene Scene(FailureLimit limit, params InMemoryTable[] tables) => new()
    {
        Source = new InMemoryRowSource(tables),
        Failures = new FailurePolicy { Tables = limit },
    };
}
