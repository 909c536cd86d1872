using Backup.Core.Archives;
using Backup.Core.Archives.Resuming;
using Backup.Core.Compression;
using Backup.Core.Errors;
using Backup.Core.ObjectStores;
using Backup.Core.Sinks;
using Backup.TestKit.Archives;
using Backup.TestKit.Sinks;

namespace Backup.Core.Tests.Archives.Resuming;

public sealed class ArchiveWriterSuspendTests
{
    private readonly FaultySink _sink = new(new InMemorySink());

    [Fact]
    public async Task SuspendAsync_EntryIsOpen_GivesItUpAndKeepsTheRest()
    {
        await using (var writer = Create(maxEntries: 10))
        {
            await AppendAsync(writer, "a");
            await writer.BeginAsync(new EntryHeader("storage/b/open", null, CompressionMethod.None), CancellationToken.None);
            await writer.WriteAsync(new byte[10], CancellationToken.None);

            Assert.True(await writer.SuspendAsync(CancellationToken.None));
        }

        var state = await ResumeState.ReadAsync(_sink, ArchiveBuilder.Id, TimeProvider.System, CancellationToken.None);
        Assert.Equal(1, Assert.Single(state.Volumes).Entries);
        Assert.True(await state.Objects.HoldsAsync("b", "a", CancellationToken.None));
    }

    [Fact]
    public async Task SuspendAsync_AfterAFailedCall_LosesOnlyTheVolumeItWroteTo()
    {
        await using (var writer = Create(maxEntries: 1))
        {
            await AppendAsync(writer, "a");
            await AppendAsync(writer, "b");
            _sink.FailFrom(SinkOperation.Commit, _sink.CountOf(SinkOperation.Commit) + 1);
            await Assert.ThrowsAsync<SinkException>(() => AppendAsync(writer, "c"));
            _sink.Heal();

            Assert.True(await writer.SuspendAsync(CancellationToken.None));
        }

        var state = await ResumeState.ReadAsync(_sink, ArchiveBuilder.Id, TimeProvider.System, CancellationToken.None);
        Assert.Single(state.Volumes);
        Assert.True(await HoldsAsync(state, "a"));
        Assert.False(await HoldsAsync(state, "b"));
        Assert.False(await HoldsAsync(state, "c"));
    }

    [Fact]
    public async Task SuspendAsync_NotResumable_Throws()
    {
        await using var writer = new ArchiveWriter(_sink, ArchiveBuilder.Id, new ArchiveWriterOptions());

        await Assert.ThrowsAsync<InvalidOperationException>(() => writer.SuspendAsync(CancellationToken.None).AsTask());
    }

    [Fact]
    public async Task Constructor_StateOfAnotherRequest_Throws()
    {
        await using (var writer = Create(maxEntries: 1))
        {
            await AppendAsync(writer, "a");
            await writer.SuspendAsync(CancellationToken.None);
        }

        var state = await ResumeState.ReadAsync(_sink, ArchiveBuilder.Id, TimeProvider.System, CancellationToken.None);

        Assert.Throws<ArgumentException>(() => Create(1, "other", state));
        Assert.Throws<ArgumentException>(() => new ArchiveWriter(_sink, ArchiveBuilder.Id, new ArchiveWriterOptions(), state));
    }

    private ArchiveWriter Create(int maxEntries, string fingerprint = "f", ResumeState? resumed = null) => new(
        _sink,
        ArchiveBuilder.Id,
        new ArchiveWriterOptions
        {
            MaxEntriesPerVolume = maxEntries,
            Checkpoints = _ => ValueTask.FromResult(CheckpointContent.Empty),
            Header = new RunHeader { Fingerprint = fingerprint, Part = resumed?.NextPart ?? 1, StartedAt = DateTimeOffset.UnixEpoch },
        },
        resumed);

    private static ValueTask<bool> HoldsAsync(ResumeState state, string name) => state.Objects.HoldsAsync("b", name, CancellationToken.None);

    private static Task AppendAsync(ArchiveWriter writer, string name) => writer.AppendAsync(
        new EntryHeader(EntryPaths.StoredObject("b", name), null, CompressionMethod.None, new StoredObject { Bucket = "b", Name = name, Bytes = 0 }),
        ArchiveBuilder.ContentOf([]),
        [],
        CancellationToken.None).AsTask();
}
