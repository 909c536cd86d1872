using Backup.Core.Archives.Manifest;
using Backup.Core.Errors;
using Backup.Core.Pipeline;
using Backup.Core.Sinks;
using Backup.Core.Tests.Pipeline.Fakes;
using Backup.Core.Verification;
using Backup.TestKit.Storage;
using Backup.TestKit.Sinks;
using Backup.TestKit.Streams;

namespace Backup.Core.Tests.Pipeline;

public sealed class BackupRunObjectFaultTests
{
    private const int LargeBytes = StoreScene.LargeBytes;

    [Fact]
    public async Task ExecuteAsync_FaultAtAnyCallOfTheStore_EndsWellOrLeavesNothing()
    {
        var calls = 0;
        var counting = StoreScene.Beside();
        counting.Store!.Before = (_, _, _) => Task.FromResult(Interlocked.Increment(ref calls));
        await counting.RunAsync();

        for (var chosen = 1; chosen <= calls; chosen++)
        {
            foreach (var fault in new[] { StoreScene.Busy(), StoreScene.Refused() })
            {
                var call = 0;
                var scene = StoreScene.Beside();
                scene.Store!.Before = (_, _, _) => Interlocked.Increment(ref call) == chosen ? throw fault : Task.CompletedTask;

                await RunAndCheckAsync(scene);
            }
        }
    }

    [Theory]
    [InlineData("small", 0)]
    [InlineData("small", 1000)]
    [InlineData("large", 0)]
    [InlineData("large", 5000)]
    [InlineData("large", 300_000)]
    [InlineData("large", LargeBytes - 1)]
    public async Task ExecuteAsync_TransferBreaksOffOnce_GoesOnWhereItWas(string name, int bytes)
    {
        var scene = StoreScene.Beside();
        BreakOff(scene.Store!, name, bytes, times: 1);

        var result = await scene.RunAsync();

        Assert.Equal(BackupOutcome.Complete, result.Outcome);
        await StoreScene.AssertHoldsAsync(scene, result, StoreScene.ObjectsOf(scene.Store!, "b"));
    }

    [Theory]
    [InlineData("small", 0)]
    [InlineData("small", 1000)]
    [InlineData("large", 0)]
    [InlineData("large", 5000)]
    [InlineData("large", 300_000)]
    [InlineData("large", LargeBytes - 1)]
    public async Task ExecuteAsync_TransferThatCannotBeResumedBreaksOff_IsTriedAgainAtTheEnd(string name, int bytes)
    {
        var scene = StoreScene.Beside(supportsRanges: false);
        BreakOff(scene.Store!, name, bytes, times: bytes == 0 ? 20 : 1);

        var result = await scene.RunAsync();

        Assert.Equal(BackupOutcome.Complete, result.Outcome);
        await StoreScene.AssertHoldsAsync(scene, result, StoreScene.ObjectsOf(scene.Store!, "b"));
        Assert.Empty((await new BackupVerifier(scene.Sink).VerifyAsync(result.Id)).Findings);
    }

    [Theory]
    [InlineData("small", 1000)]
    [InlineData("large", 5000)]
    [InlineData("large", 300_000)]
    public async Task ExecuteAsync_TransferAlwaysBreaksOff_IsRecordedAndTheOthersAreHeld(string name, int bytes)
    {
        var scene = StoreScene.Beside();
        BreakOff(scene.Store!, name, bytes, times: int.MaxValue);

        var result = await scene.RunAsync();

        var failure = Assert.Single(result.Failures);
        Assert.Equal((FailureKind.StoredObject, $"b/{name}"), (failure.Kind, failure.Subject));
        Assert.Contains("broke", failure.Reason, StringComparison.Ordinal);
        Assert.Equal(result.Failures, result.Manifest!.Failures);
        await StoreScene.AssertHoldsAsync(scene, result, StoreScene.ObjectsOf(scene.Store!, "b").Where(item => item.Name != name));
        Assert.Empty((await new BackupVerifier(scene.Sink).VerifyAsync(result.Id)).Findings);
    }

    [Fact]
    public async Task ExecuteAsync_StreamOfAForeignFault_IsRecorded()
    {
        var scene = StoreScene.Beside();
        scene.Store!.OnRead = (_, name, stream) =>
            name == "large" ? new ThrowingStream(stream, 300_000, () => new IOException("disk error")) : stream;

        var result = await scene.RunAsync();

        Assert.Contains("disk error", Assert.Single(result.Failures).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("small")]
    [InlineData("large")]
    public async Task ExecuteAsync_StreamEndsEarly_IsRecorded(string name)
    {
        var scene = StoreScene.Beside();
        scene.Store!.OnRead = (_, other, stream) => other == name ? new TruncatedStream(stream, 500) : stream;

        var result = await scene.RunAsync();

        Assert.Equal($"b/{name}", Assert.Single(result.Failures).Subject);
    }

    [Fact]
    public async Task ExecuteAsync_CancelledAtAnyCallOfTheStore_EndsWithTheCallersToken()
    {
        var calls = 0;
        var counting = StoreScene.Beside();
        counting.Store!.Before = (_, _, _) => Task.FromResult(Interlocked.Increment(ref calls));
        await counting.RunAsync();

        for (var chosen = 1; chosen <= calls; chosen++)
        {
            using var cancellation = new CancellationTokenSource();
            var call = 0;
            var scene = StoreScene.Beside();
            scene.Store!.Before = (_, _, _) => Interlocked.Increment(ref call) == chosen ? cancellation.CancelAsync() : Task.CompletedTask;

            var exception = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => scene.RunAsync(cancellation.Token));

            Assert.Equal(cancellation.Token, exception.CancellationToken);
            Assert.Empty(await RunScene.NamesAsync(scene.Sink));
        }
    }

    [Fact]
    public async Task ExecuteAsync_FaultAtAnySinkCall_LeavesNoManifest()
    {
        var counting = new FaultySink(new InMemorySink());
        await StoreScene.Beside(sink: counting).RunAsync();

        for (var call = 1; call <= counting.TotalCalls; call++)
        {
            var memory = new InMemorySink();
            var failure = await Record.ExceptionAsync(() => StoreScene.Beside(sink: new FaultySink(memory).BreakAt(call)).RunAsync());
            if (failure is not null)
            {
                Assert.IsType<SinkException>(failure);
                Assert.DoesNotContain(await RunScene.NamesAsync(memory), name => name.EndsWith("manifest.json", StringComparison.Ordinal));
            }
        }
    }

    // The first transfer gives some bytes, later ones none.
    private static void BreakOff(InMemoryObjectStore store, string name, int bytes, int times)
    {
        var breaks = 0;
        store.OnRead = (_, other, stream) =>
            other == name && Interlocked.Increment(ref breaks) is var number && number <= times
                ? new ThrowingStream(stream, number == 1 ? bytes : 0, () => new ObjectStoreException("The transfer broke.")
                {
                    Error = ObjectStoreError.Unavailable,
                    IsTransient = true,
                })
                : stream;
    }

    // One fault is either recorded, or overcome, or the run's end.
    private static async Task RunAndCheckAsync(RunScene scene)
    {
        BackupResult result;
        try
        {
            result = await scene.RunAsync();
        }
        catch (ObjectStoreException)
        {
            Assert.Empty(await RunScene.NamesAsync(scene.Sink));
            return;
        }

        var failed = result.Failures.Select(failure => failure.Subject).ToHashSet();
        await StoreScene.AssertHoldsAsync(
            scene, result, StoreScene.ObjectsOf(scene.Store!, "b").Where(item => !failed.Contains($"{item.Bucket}/{item.Name}")));
    }
}
