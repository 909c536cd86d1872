using Backup.Core.Archives.Manifest;
using Backup.Core.Errors;
using Backup.Core.ObjectStores;
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
    private const int SmallBytes = 3000;
    private const int LargeBytes = 600_000;

    [Fact]
    public async Task ExecuteAsync_FaultAtAnyCallOfTheStore_EndsWellOrLeavesNothing()
    {
        var calls = 0;
        var counting = Scene();
        counting.Store!.Before = (_, _, _) => Task.FromResult(Interlocked.Increment(ref calls));
        await counting.RunAsync();

        for (var chosen = 1; chosen <= calls; chosen++)
        {
            foreach (var fault in new[] { StoreScene.Busy(), StoreScene.Refused() })
            {
                var call = 0;
                var scene = Scene();
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
        var scene = Scene();
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
        var scene = Scene(supportsRanges: false);
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
        var scene = Scene();
        BreakOff(scene.Store!, name, bytes, times: int.MaxValue);

        var result = await scene.RunAsync();

        var failure = Assert.Single(result.Failures);
        Assert.Equal((FailureKind.StoredObject, $"b/{name}"), (failure.Kind, failure.Subject));
        Assert.Contains("broke", failure.Reason, StringComparison.Ordinal);
        Assert.Equal(result.Failures, result.Manifest.Failures);
        await StoreScene.AssertHoldsAsync(scene, result, StoreScene.ObjectsOf(scene.Store!, "b").Where(item => item.Name != name));
        Assert.Empty((await new BackupVerifier(scene.Sink).VerifyAsync(result.Id)).Findings);
    }

    [Fact]
    public async Task ExecuteAsync_StreamOfAForeignFault_IsRecorded()
    {
        var scene = Scene();
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
        var scene = Scene();
        scene.Store!.OnRead = (_, other, stream) => other == name ? new TruncatedStream(stream, 500) : stream;

        var result = await scene.RunAsync();

        Assert.Equal($"b/{name}", Assert.Single(result.Failures).Subject);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ExecuteAsync_ObjectsChangeAfterTheListing_AreReportedAndNotMixedIn(bool isInDatabase)
    {
        var scene = Scene(isInDatabase: isInDatabase);
        var store = scene.Store!;
        var before = StoreScene.ObjectsOf(store, "b");
        OnceBeforeTheFirstDownload(store, () =>
        {
            StoreScene.Set(store, "b", "large", StoreScene.Content(9, LargeBytes));
            StoreScene.Set(store, "b", "middle", StoreScene.Content(9, 10));
            store.Remove("b", "small");
            StoreScene.Set(store, "b", "added", [1, 2, 3]);
        });

        var result = await scene.RunAsync();

        Assert.Equal(["b/large", "b/middle", "b/small"], result.Failures.Select(failure => failure.Subject));
        Assert.Contains("changed after it was listed", result.Failures[0].Reason, StringComparison.Ordinal);
        Assert.Equal(BackupOutcome.CompletedWithFailures, result.Outcome);
        await StoreScene.AssertHoldsAsync(scene, result, before.Where(item => item.Name == "other"));
    }

    [Fact]
    public async Task ExecuteAsync_ObjectChangesWhileItIsRead_IsReported()
    {
        var scene = Scene();
        var store = scene.Store!;
        store.OnRead = (_, name, stream) => name != "large" ? stream : new ThrowingStream(stream, 200_000, () =>
        {
            StoreScene.Set(store, "b", "large", StoreScene.Content(9, LargeBytes));
            return StoreScene.Busy();
        });

        var result = await scene.RunAsync();

        Assert.Equal("b/large", Assert.Single(result.Failures).Subject);
        Assert.DoesNotContain("b/large", (await StoreScene.ReadAsync(scene.Sink, result)).Keys);
    }

    [Fact]
    public async Task ExecuteAsync_ObjectVanishesForAWhile_IsTriedAgainAtTheEnd()
    {
        var scene = Scene();
        var isFirst = true;
        scene.Store!.Before = (verb, subject, _) =>
        {
            if (verb == "read" && subject == "b/small" && isFirst)
            {
                isFirst = false;
                throw new ObjectStoreException("not there") { Error = ObjectStoreError.ObjectNotFound };
            }

            return Task.CompletedTask;
        };

        Assert.Equal(BackupOutcome.Complete, (await scene.RunAsync()).Outcome);
    }

    [Fact]
    public async Task ExecuteAsync_DefiniteRefusal_IsNotTriedAgain()
    {
        var scene = Scene();
        var tries = 0;
        scene.Store!.Before = (verb, subject, _) =>
        {
            if (verb == "read" && subject == "b/small")
            {
                tries++;
                throw StoreScene.Refused();
            }

            return Task.CompletedTask;
        };

        var result = await scene.RunAsync();

        Assert.Equal("refused", Assert.Single(result.Failures).Reason);
        Assert.Equal(1, tries);
    }

    [Theory]
    [InlineData(4, true)]
    [InlineData(3, false)]
    [InlineData(0, false)]
    public async Task ExecuteAsync_MoreFailuresThanAllowed_FailsAndLeavesNothing(int allowed, bool succeeds)
    {
        var scene = Scene();
        scene.Options.MaxObjectFailures = allowed;
        scene.Store!.Before = (verb, _, _) => verb == "read" ? throw StoreScene.Refused() : Task.CompletedTask;

        if (succeeds)
        {
            Assert.Equal(4, (await scene.RunAsync()).Failures.Count);
            return;
        }

        var exception = await Assert.ThrowsAsync<ObjectStoreException>(() => scene.RunAsync());

        Assert.Contains("refused", exception.Message, StringComparison.Ordinal);
        Assert.Equal("Download", exception.Stage);
        Assert.Empty(await RunScene.NamesAsync(scene.Sink));
    }

    [Fact]
    public async Task ExecuteAsync_NamesAndMetadataThatTheIndexCannotHold_AreRecorded()
    {
        var store = StoreScene.Store("b");
        StoreScene.Set(store, "b", "long", [1], item => item with { UserMetadata = $$"""{"a":"{{new string('x', 70_000)}}"}""" });
        StoreScene.Set(store, "b", "half \ud800", [1]);
        StoreScene.Set(store, "b", new string('n', 70_000), [1]);
        StoreScene.Set(store, "b", "good", [1]);
        var scene = StoreScene.Alone(store);

        var result = await scene.RunAsync();

        Assert.Equal(3, result.Failures.Count);
        Assert.Equal(["b/good"], (await StoreScene.ReadAsync(scene.Sink, result)).Keys);
    }

    [Theory]
    [InlineData("list-buckets")]
    [InlineData("list")]
    public async Task ExecuteAsync_ListingFails_FailsTheRun(string listing)
    {
        var scene = Scene(isInDatabase: false);
        scene.Store!.Before = (verb, _, _) => verb == listing
            ? throw new ObjectStoreException("no rights") { Error = ObjectStoreError.AccessDenied }
            : Task.CompletedTask;

        Assert.Equal("no rights", (await Assert.ThrowsAsync<ObjectStoreException>(() => scene.RunAsync())).Message);
        Assert.Empty(await RunScene.NamesAsync(scene.Sink));
    }

    [Fact]
    public async Task ExecuteAsync_ListingNamesAnObjectTwice_Fails()
    {
        var scene = Scene();
        scene.Source = new InMemoryRowSource { Objects = scene.Store, ListsTwice = true };

        Assert.Contains("twice", (await Assert.ThrowsAsync<ObjectStoreException>(() => scene.RunAsync())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ExecuteAsync_ListingIsShorterThanTheCount_FailsAndSaysSo()
    {
        var scene = Scene();
        scene.Source = new InMemoryRowSource { Objects = scene.Store, LosesObjects = true };

        var exception = await Assert.ThrowsAsync<ObjectStoreException>(() => scene.RunAsync());

        Assert.Contains("the snapshot counts 4 objects, but its listing gave 3", exception.Message, StringComparison.Ordinal);
        Assert.Empty(await RunScene.NamesAsync(scene.Sink));
    }

    [Fact]
    public async Task ExecuteAsync_StoreShowsNoBucketOfTheDatabase_SaysWhatToDo()
    {
        var scene = new RunScene
        {
            Source = new InMemoryRowSource { Objects = Scene().Store },
            Store = StoreScene.Store(),
            Options = StoreScene.SmallBlocks(),
        };

        var exception = await Assert.ThrowsAsync<ObjectStoreException>(() => scene.RunAsync());

        Assert.Equal(ObjectStoreError.AccessDenied, exception.Error);
        Assert.Contains("service key", exception.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ExecuteAsync_CancelledAtAnyCallOfTheStore_EndsWithTheCallersToken()
    {
        var calls = 0;
        var counting = Scene();
        counting.Store!.Before = (_, _, _) => Task.FromResult(Interlocked.Increment(ref calls));
        await counting.RunAsync();

        for (var chosen = 1; chosen <= calls; chosen++)
        {
            using var cancellation = new CancellationTokenSource();
            var call = 0;
            var scene = Scene();
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
        await Scene(sink: counting).RunAsync();

        for (var call = 1; call <= counting.TotalCalls; call++)
        {
            var memory = new InMemorySink();
            var failure = await Record.ExceptionAsync(() => Scene(sink: new FaultySink(memory).BreakAt(call)).RunAsync());
            if (failure is not null)
            {
                Assert.IsType<SinkException>(failure);
                Assert.DoesNotContain(await RunScene.NamesAsync(memory), name => name.EndsWith("manifest.json", StringComparison.Ordinal));
            }
        }
    }

    // Four objects, one of which outgrows its share by far; beside a table.
    private static RunScene Scene(bool isInDatabase = true, bool supportsRanges = true, IBackupSink? sink = null)
    {
        var store = StoreScene.Store(
            new ObjectStoreCapabilities
            {
                Location = "memory",
                ListsUserMetadata = true,
                IsListedInDatabase = isInDatabase,
                SupportsRanges = supportsRanges,
            },
            "b");
        StoreScene.Set(store, "b", "large", StoreScene.Content(1, LargeBytes));
        StoreScene.Set(store, "b", "middle", StoreScene.Content(2, 20_000));
        StoreScene.Set(store, "b", "other", StoreScene.Content(3, 1));
        StoreScene.Set(store, "b", "small", StoreScene.Content(4, SmallBytes));
        return new RunScene
        {
            Source = new InMemoryRowSource(new InMemoryTable("t", InMemoryTable.Rows(300, 100))) { Objects = isInDatabase ? store : null },
            Store = store,
            Sink = sink ?? new InMemorySink(),
            Options = StoreScene.SmallBlocks(),
        };
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

    private static void OnceBeforeTheFirstDownload(InMemoryObjectStore store, Action action)
    {
        var change = new Lazy<bool>(() =>
        {
            action();
            return true;
        });
        store.Before = (verb, _, _) => verb == "read" ? Task.FromResult(change.Value) : Task.CompletedTask;
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
