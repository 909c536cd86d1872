using Backup.Core.Archives;
using Backup.Core.Archives.Resuming;
using Backup.Core.Errors;
using Backup.Core.ObjectStores;
using Backup.Core.Sinks;
using Backup.Core.Tests.Pipeline.Fakes;
using Backup.TestKit.Storage;
using Microsoft.Extensions.Time.Testing;

namespace Backup.Core.Tests.Pipeline;

/// <summary>No version is taken for another, and no store that is gone for one that is slow.</summary>
public sealed class BackupRunObjectVersionTests
{
    private const int LooksBeforeTimeGoesOn = 50;

    [Fact]
    public async Task ExecuteAsync_StoreGivesNoETags_StillTellsVersionsApart()
    {
        var store = new InMemoryObjectStore { Capabilities = StoreScene.Store().Capabilities, HidesETags = true };
        StoreScene.Set(store, "b", "changed", StoreScene.Content(1, 1000));
        StoreScene.Set(store, "b", "same", StoreScene.Content(2, 1000));
        var before = StoreScene.ObjectsOf(store, "b");
        var scene = new RunScene { Source = new InMemoryRowSource { Objects = store }, Store = store, Options = StoreScene.SmallBlocks() };
        BeforeTheFirst(store, "read", () => StoreScene.Set(store, "b", "changed", StoreScene.Content(3, 1000)));

        var result = await scene.RunAsync();

        Assert.Equal("b/changed", Assert.Single(result.Failures).Subject);
        await StoreScene.AssertHoldsAsync(scene, result, before.Where(item => item.Name == "same"));
    }

    [Fact]
    public async Task ExecuteAsync_FileChangedPastTheStore_IsReportedAsWhatItIs()
    {
        var store = StoreScene.Store("b");
        StoreScene.Set(store, "b", "n", [1, 2, 3]);
        var row = StoreScene.ObjectsOf(store, "b")[0];
        store.Before = (verb, _, _) =>
        {
            if (verb is "read" or "find")
            {
                StoreScene.Set(store, "b", "n", [1, 2, 4], item => verb == "find" ? row : item);
            }

            return Task.CompletedTask;
        };
        var scene = new RunScene { Source = new InMemoryRowSource { Objects = store }, Store = store, Options = StoreScene.SmallBlocks() };

        var failure = Assert.Single((await scene.RunAsync()).Failures);

        Assert.Contains("not what the store says of it", failure.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ExecuteAsync_SameBytesStoredAgainAfterTheListing_HaveTheirPropertiesOfOneVersion()
    {
        var store = StoreScene.Store(new ObjectStoreCapabilities { Location = "memory" }, "b");
        StoreScene.Set(store, "b", "n", [1, 2, 3], item => item with { ContentType = "text/old", UserMetadata = """{"v":1}""" });
        BeforeTheFirst(store, "find", () =>
            StoreScene.Set(store, "b", "n", [1, 2, 3], item => item with { ContentType = "text/new", UserMetadata = """{"v":2}""" }));
        var scene = StoreScene.Alone(store);

        var result = await scene.RunAsync();

        await StoreScene.AssertHoldsAsync(scene, result, StoreScene.ObjectsOf(store, "b"));
    }

    [Fact]
    public async Task ExecuteAsync_NameOfManyLines_IsReportedInOne()
    {
        var store = StoreScene.Store("b");
        StoreScene.Set(store, "b", "a\n\u001b[2Jb", [1]);
        BeforeTheFirst(store, "read", () => StoreScene.Set(store, "b", "a\n\u001b[2Jb", [2]));

        var result = await StoreScene.Alone(store).RunAsync();

        Assert.DoesNotContain(Assert.Single(result.Failures).Reason, char.IsControl);
    }

    [Fact]
    public async Task ExecuteAsync_StoreGoesDownInMidRun_EndsAndLeavesNothing()
    {
        var time = new FakeTimeProvider();
        var store = StoreScene.Store("b");
        for (var number = 0; number < 100; number++)
        {
            StoreScene.Set(store, "b", $"{number:d3}", [1]);
        }

        var scene = new RunScene { Store = store, Options = StoreScene.SmallBlocks(), TimeProvider = time };
        using var gate = new SemaphoreSlim(1);
        store.Before = async (verb, subject, _) =>
        {
            if (verb != "read" || string.CompareOrdinal(subject, "b/010") < 0)
            {
                return;
            }

            // One minute after the other, and each only once the run has renewed its lease: as it is where minutes take their time.
            await gate.WaitAsync(CancellationToken.None);
            time.Advance(TimeSpan.FromMinutes(1));
            for (var looks = 1; await IsLeaseToBeRenewedAsync(scene.Sink, time); looks++)
            {
                await Task.Delay(1, CancellationToken.None);
                if (looks % LooksBeforeTimeGoesOn == 0)
                {
                    // The run may have set its timer only after the minute had passed.
                    time.Advance(TimeSpan.FromSeconds(10));
                }
            }

            gate.Release();
            throw StoreScene.Busy();
        };

        var exception = await Assert.ThrowsAsync<ObjectStoreException>(() => scene.RunAsync());

        Assert.Contains("given nothing for 10 minutes", exception.Message, StringComparison.Ordinal);
        Assert.Empty(await RunScene.NamesAsync(scene.Sink));
        Assert.InRange(store.Calls.Count, 20, 40);
    }

    private static async Task<bool> IsLeaseToBeRenewedAsync(IBackupSink sink, FakeTimeProvider time)
    {
        var files = await RunScene.NamesAsync(sink);
        return files.Count > 0
            && (await LeaseFile.FindAsync(sink, new BackupId(files[0][..files[0].IndexOf('/')]), CancellationToken.None)).Content is { } lease
            && lease.Until - time.GetUtcNow() <= RunLease.Length / 2;
    }

    private static void BeforeTheFirst(InMemoryObjectStore store, string verb, Action change)
    {
        var gate = new Lock();
        var isDone = false;
        store.Before = (called, _, _) =>
        {
            // Whoever comes at the same time waits, so that nobody is before the change.
            lock (gate)
            {
                if (called == verb && !isDone)
                {
                    change();
                    isDone = true;
                }
            }

            return Task.CompletedTask;
        };
    }
}
