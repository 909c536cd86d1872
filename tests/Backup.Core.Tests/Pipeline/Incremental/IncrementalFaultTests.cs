using Backup.Core.Archives;
using Backup.Core.Archives.Manifest;
using Backup.Core.Errors;
using Backup.Core.Pipeline;
using Backup.Core.Sinks;
using Backup.Core.Tests.Pipeline.Fakes;
using Backup.Core.Verification;
using Backup.TestKit.Sinks;

namespace Backup.Core.Tests.Pipeline.Incremental;

public sealed class IncrementalFaultTests
{
    private const int MostCalls = 500;

    [Fact]
    public async Task RunAsync_SinkIsGoneFromAnyCallOn_CommitsNothingAndTheNextRunSucceeds()
    {
        var isComplete = false;
        for (var call = 1; !isComplete; call++)
        {
            Assert.True(call < MostCalls, "The run never came to its end.");
            var sink = new InMemorySink();
            var full = await SceneOf(sink).FullAsync();
            var first = await SceneOf(sink, minutes: 10).IncrementalAsync();
            var faulty = new FaultySink(sink).BreakAt(call);
            var before = await ManifestsAsync(sink);

            var exception = await Record.ExceptionAsync(() => SceneOf(faulty, minutes: 20).IncrementalAsync());

            isComplete = exception is null;
            if (!isComplete)
            {
                Assert.IsAssignableFrom<BackupException>(exception);
                Assert.Equal(before, await ManifestsAsync(sink));
            }

            var next = await SceneOf(sink, minutes: 30).IncrementalAsync();
            Assert.Equal((BackupOutcome.Complete, BackupKind.Incremental), (next.Outcome, next.Kind));
            foreach (var id in new[] { full.Id, first.Id, next.Id })
            {
                Assert.Empty((await new BackupVerifier(sink).VerifyAsync(id)).Findings);
            }
        }
    }

    private static IncrementalScene SceneOf(IBackupSink sink, int minutes = 0)
    {
        // Of the first table one block is another one each time, of the store one object is new.
        var store = StoreScene.Store("b");
        for (var number = 0; number <= minutes / 10; number++)
        {
            var at = DateTimeOffset.UnixEpoch.AddMinutes(number);
            StoreScene.Set(store, "b", $"{number}", StoreScene.Content(number, 50), item => item with { UpdatedAt = at, Version = $"{number}" });
        }

        var scene = new IncrementalScene
        {
            Sink = sink,
            Store = store,
            Source = new InMemoryRowSource(
                new InMemoryTable("a", InMemoryTable.Rows(30, 100), InMemoryTable.Rows(minutes + 1, 50)),
                new InMemoryTable("b", InMemoryTable.Rows(10, 100))) { Objects = store },
        };
        scene.Time.Advance(TimeSpan.FromMinutes(minutes));
        return scene;
    }

    private static async Task<IEnumerable<string>> ManifestsAsync(IBackupSink sink) =>
        (await RunScene.NamesAsync(sink)).Where(name => name.EndsWith(ArchiveNames.Manifest, StringComparison.Ordinal));
}
