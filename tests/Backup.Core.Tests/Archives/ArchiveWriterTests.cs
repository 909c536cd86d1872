using Backup.Core.Archives;
using Backup.Core.Archives.Manifest;
using Backup.Core.Compression;
using Backup.Core.Errors;
using Backup.Core.Sinks;
using Backup.TestKit.Archives;
using Backup.TestKit.Sinks;

namespace Backup.Core.Tests.Archives;

public sealed class ArchiveWriterTests
{
    private static readonly NoCompressor None = new();

    [Fact]
    public async Task DisposeAsync_NotCommitted_DeletesWhatWasPublished()
    {
        var sink = new InMemorySink();
        await using (var writer = new ArchiveWriter(sink, ArchiveBuilder.Id, new ArchiveWriterOptions { MaxEntriesPerVolume = 1 }))
        {
            await writer.AppendAsync("a", new byte[10], None);
            await writer.AppendAsync("b", new byte[10], None);
            await writer.CompleteAsync(CancellationToken.None);
            Assert.NotEmpty(await sink.ListAsync(string.Empty).ToListAsync());
        }

        Assert.Empty(await sink.ListAsync(string.Empty).ToListAsync());
    }

    [Fact]
    public async Task CommitAsync_SinkFailsAtAnyCall_LeavesNoManifestAndTheNextRunSucceeds()
    {
        var calls = new FaultySink(new InMemorySink());
        await WriteAsync(calls);
        for (var call = 1; call <= calls.TotalCalls; call++)
        {
            var sink = new FaultySink(new InMemorySink()).BreakAt(call);
            await Assert.ThrowsAsync<SinkException>(() => WriteAsync(sink));
            sink.Heal();
            Assert.DoesNotContain(
                await sink.ListAsync(string.Empty).ToListAsync(), item => item.Name.EndsWith("manifest.json", StringComparison.Ordinal));
            Assert.Equal(4, (await ReadTotalsAsync(await WriteAsync(new FaultySink(new InMemorySink())))).Entries);
        }
    }

    [Fact]
    public async Task DisposeAsync_AnswerToAnyCommitLost_LeavesNothing()
    {
        var calls = new FaultySink(new InMemorySink());
        await WriteAsync(calls);
        for (var commit = 1; commit <= calls.CountOf(SinkOperation.Commit); commit++)
        {
            var sink = new FaultySink(new InMemorySink()).FailAfter(SinkOperation.Commit, commit);
            await Assert.ThrowsAsync<SinkException>(() => WriteAsync(sink));
            Assert.Empty(await sink.ListAsync(string.Empty).ToListAsync());
        }
    }

    [Theory]
    [InlineData("volume-0001.zip")]
    [InlineData("volume-0002.zip")]
    [InlineData("index-0001.ndjson.gz")]
    [InlineData("manifest.json")]
    public async Task DisposeAsync_NameIsAnotherRuns_DeletesOnlyItsOwnFiles(string name)
    {
        foreach (var isThereBefore in new[] { true, false })
        {
            var sink = new InMemorySink();
            var other = await sink.CreateAsync($"{ArchiveBuilder.Id}/{name}");
            await other.WriteAsync(new byte[] { 7 });
            var ours = new FaultySink(sink);
            if (isThereBefore)
            {
                await other.CommitAsync();
            }
            else
            {
                // Between this run's creation of the file and its commit: no creation tells.
                ours.FailOn(SinkOperation.Commit, name, () =>
                {
                    Assert.True(other.CommitAsync().AsTask().IsCompletedSuccessfully);
                    return new SinkException("It exists already.") { IsAlreadyExists = true };
                });
            }

            await Assert.ThrowsAsync<SinkException>(() => WriteAsync(ours));

            Assert.Equal(
                [new SinkObject($"{ArchiveBuilder.Id}/{name}", 1)], await sink.ListAsync(string.Empty).ToListAsync());
        }
    }

    [Fact]
    public async Task DisposeAsync_ManifestCannotBeDeleted_KeepsItsVolumes()
    {
        var sink = new FaultySink(new InMemorySink())
            .FailAfter(SinkOperation.Commit, 5)
            .FailOn(SinkOperation.Delete, "manifest.json");
        await Assert.ThrowsAsync<SinkException>(() => WriteAsync(sink));

        Assert.Equal(4, (await ReadTotalsAsync(sink)).Entries);
    }

    [Fact]
    public async Task CompleteAsync_SeveralVolumes_PublishesEachBeforeTheIndexThatNamesIt()
    {
        var sink = new FaultySink(new InMemorySink());
        await WriteAsync(sink);

        Assert.Equal(
            ["volume-0001.zip", "index-0001.ndjson.gz", "volume-0002.zip", "index-0002.ndjson.gz", "manifest.json"],
            sink.Calls.Where(call => call.StartsWith("Commit", StringComparison.Ordinal)).Select(call => call[(call.IndexOf('/') + 1)..]));
    }

    [Fact]
    public async Task AppendAsync_SameEntries_GivesTheSameBytes()
    {
        var first = await WriteAsync(new FaultySink(new InMemorySink()));
        var second = await WriteAsync(new FaultySink(new InMemorySink()));
        await foreach (var item in first.ListAsync(string.Empty))
        {
            Assert.Equal(await first.ReadObjectAsync(item.Name), await second.ReadObjectAsync(item.Name));
        }
    }

    [Fact]
    public async Task Abandon_EntryThatWasBegun_IsNamedNowhere()
    {
        var sink = new InMemorySink();
        await using (var writer = new ArchiveWriter(sink, ArchiveBuilder.Id, new ArchiveWriterOptions()))
        {
            await writer.AppendAsync("a", new byte[10], None);
            await writer.BeginAsync(new EntryHeader("given-up", null, CompressionMethod.None), CancellationToken.None);
            await writer.WriteAsync(new byte[100], CancellationToken.None);
            writer.Abandon();
            await writer.StreamAsync("z", new byte[10], None);
            await writer.CommitAsync();
        }

        var reader = await ArchiveReader.OpenAsync(sink, ArchiveBuilder.Id, CancellationToken.None);
        Assert.Equal(
            ["a", "z"],
            await reader.ReadIndexAsync(string.Empty, CancellationToken.None).Select(entry => entry.Path).ToListAsync());
        Assert.Equal(2, reader.Manifest.Totals.Entries);
        Assert.Equal(new byte[10], await reader.ReadAllAsync("z"));
    }

    [Fact]
    public async Task CompleteAsync_VolumeOfWhichAllWasGivenUp_IsNotPublished()
    {
        var sink = new InMemorySink();
        await using (var writer = new ArchiveWriter(sink, ArchiveBuilder.Id, new ArchiveWriterOptions { MaxEntriesPerVolume = 1 }))
        {
            await writer.AppendAsync("a", new byte[10], None);
            await writer.BeginAsync(new EntryHeader("given-up", null, CompressionMethod.None), CancellationToken.None);
            await writer.WriteAsync(new byte[100], CancellationToken.None);
            writer.Abandon();
            await writer.CommitAsync();
        }

        Assert.Single((await ArchiveReader.OpenAsync(sink, ArchiveBuilder.Id, CancellationToken.None)).Manifest.Volumes);
        Assert.Equal(3, await sink.ListAsync(string.Empty).CountAsync());
    }

    [Fact]
    public async Task AppendAsync_SamePathTwice_Throws()
    {
        await using var writer = new ArchiveWriter(new InMemorySink(), ArchiveBuilder.Id, new ArchiveWriterOptions());
        await writer.AppendAsync("a", [], None);
        await writer.AppendAsync("a", [], None);

        await Assert.ThrowsAsync<InvalidOperationException>(async () => await writer.CompleteAsync(CancellationToken.None));
    }

    [Theory]
    [InlineData("../a")]
    [InlineData("a/")]
    [InlineData("")]
    public async Task AppendAsync_PathThatIsNone_Throws(string path)
    {
        await using var writer = new ArchiveWriter(new InMemorySink(), ArchiveBuilder.Id, new ArchiveWriterOptions());

        await Assert.ThrowsAsync<ArgumentException>(() => writer.AppendAsync(path, [], None));
    }

    [Fact]
    public async Task CommitAsync_ManifestOfOtherVolumes_Throws()
    {
        await using var writer = new ArchiveWriter(new InMemorySink(), ArchiveBuilder.Id, new ArchiveWriterOptions());
        await writer.AppendAsync("a", [], None);
        var manifest = ArchiveBuilder.ManifestOf(await writer.CompleteAsync(CancellationToken.None)) with { Volumes = [] };

        await Assert.ThrowsAsync<ArgumentException>(async () => await writer.CommitAsync(manifest, CancellationToken.None));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(10_000L)]
    public async Task BeginAsync_SinkWithALargestObject_KeepsHalfOfItFree(long? volumeBytes)
    {
        var sink = new SmallObjectSink(new InMemorySink(), 10_000);
        await using var writer = new ArchiveWriter(sink, ArchiveBuilder.Id, new ArchiveWriterOptions { VolumeBytes = volumeBytes });
        for (var i = 0; i < 4; i++)
        {
            await writer.AppendAsync($"whole-{i}", new byte[1500], None);
            await writer.StreamAsync($"streamed-{i}", new byte[4500], None);
        }

        await writer.CommitAsync();

        Assert.All(await sink.ListAsync(string.Empty).ToListAsync(), item => Assert.InRange(item.Bytes, 1, 10_000));
    }

    [Fact]
    public async Task AppendAsync_SinkWithALargestObject_FillsVolumesUpToIt()
    {
        var sink = new SmallObjectSink(new InMemorySink(), 10_000);
        await using var writer = new ArchiveWriter(sink, ArchiveBuilder.Id, new ArchiveWriterOptions());
        for (var i = 0; i < 4; i++)
        {
            await writer.AppendAsync($"entry-{i}", new byte[4500], None);
        }

        Assert.Equal(2, (await writer.CommitAsync()).Volumes.Count);
    }

    [Fact]
    public void Constructor_OptionsOutOfRange_Throws()
    {
        var sink = new InMemorySink();
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new ArchiveWriter(sink, ArchiveBuilder.Id, new ArchiveWriterOptions { VolumeBytes = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new ArchiveWriter(sink, ArchiveBuilder.Id, new ArchiveWriterOptions { MaxEntriesPerVolume = 0 }));
        Assert.Throws<ArgumentException>(() => new ArchiveWriter(sink, new BackupId("x"), new ArchiveWriterOptions()));
    }

    private static async Task<FaultySink> WriteAsync(FaultySink sink)
    {
        await using var writer = new ArchiveWriter(sink, ArchiveBuilder.Id, new ArchiveWriterOptions { MaxEntriesPerVolume = 2 });
        for (var i = 0; i < 4; i++)
        {
            await writer.AppendAsync($"entry-{i}", new byte[100 * i], None);
        }

        await writer.CommitAsync();
        return sink;
    }

    private static async Task<BackupTotals> ReadTotalsAsync(IBackupSink sink) =>
        (await ArchiveReader.OpenAsync(sink, ArchiveBuilder.Id, CancellationToken.None)).Manifest.Totals;
}
