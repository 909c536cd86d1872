using Backup.Core.Archives.Resuming;
using Backup.Core.Errors;
using Backup.Core.Sinks;
using Backup.TestKit;
using Backup.TestKit.Archives;
using Microsoft.Extensions.Time.Testing;

namespace Backup.Core.Tests.Archives.Resuming;

public sealed class ResumeStateTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 22, 3, 15, 0, TimeSpan.Zero));
    private readonly InMemorySink _sink = new();

    [Fact]
    public async Task ReadAsync_SuspendedRun_GivesAllThatWasKept()
    {
        await new PartedRun(_sink, _time).RunAsync(9);

        var state = await ReadAsync();

        Assert.Equal((PartedRun.Fingerprint, 2), (state.Fingerprint, state.NextPart));
        Assert.Equal(["actor", "empty", "film"], state.Tables.Select(table => table.Record.Name));
        Assert.Equal(["database/data/public.actor/", "database/data/public.film/"], state.PageFolders.Order(StringComparer.Ordinal));
        Assert.Equal(new StoredBucket(4, 8), state.Buckets["b"]);
        Assert.Equal(4, state.Objects.Count);
        Assert.Equal(5, state.Volumes.Count);
        Assert.Equal(state.Volumes.Sum(volume => volume.Entries), state.IndexParts.Sum(part => part.Entries));
    }

    [Fact]
    public async Task ReadAsync_StoredPaths_AreNotGivenAgain()
    {
        await new PartedRun(_sink, _time).RunAsync(9);

        var paths = (await ReadAsync()).ObjectPaths;

        Assert.StartsWith("storage/b/C~", paths.Assign("b", "C"), StringComparison.Ordinal);
        Assert.StartsWith("storage/b/a~", paths.Assign("b", "a"), StringComparison.Ordinal);
        Assert.Equal("storage/b/new", paths.Assign("b", "new"));
    }

    [Fact]
    public async Task ReadAsync_FilesThatNoCheckpointNames_DeletesThem()
    {
        await new PartedRun(_sink, _time).RunAsync(4);
        await _sink.WriteObjectAsync($"{ArchiveBuilder.Id}/volume-0009.zip", [1]);
        await _sink.WriteObjectAsync($"{ArchiveBuilder.Id}/index-0009.ndjson.gz", [1]);

        await ReadAsync();

        Assert.DoesNotContain(await _sink.ListAsync("").ToListAsync(), item => item.Name.Contains("0009", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ReadAsync_HiddenFilesOfADeadProcess_DeletesThem()
    {
        using var folder = new TemporaryFolder();
        var sink = new DirectorySink(folder.Path);
        await new PartedRun(sink, _time).RunAsync(4);
        var partial = Path.Join(folder.Path, ArchiveBuilder.Id.Value, ".volume-0003.zip.0123456789abcdef.partial");
        await File.WriteAllBytesAsync(partial, [1]);

        await ResumeState.ReadAsync(sink, ArchiveBuilder.Id, _time, CancellationToken.None);

        Assert.False(File.Exists(partial));
    }

    [Fact]
    public async Task ReadAsync_HiddenLease_GoesWhenItIsOldByTheRunsClock()
    {
        using var folder = new TemporaryFolder();
        var sink = new DirectorySink(folder.Path);
        await new PartedRun(sink, _time).RunAsync(4);
        var partial = Path.Join(folder.Path, ArchiveBuilder.Id.Value, ".lease-0002.json.0123456789abcdef.partial");
        await File.WriteAllBytesAsync(partial, [1]);
        File.SetLastWriteTimeUtc(partial, _time.GetUtcNow().UtcDateTime);

        await ResumeState.ReadAsync(sink, ArchiveBuilder.Id, _time, CancellationToken.None);
        Assert.True(File.Exists(partial));
        _time.Advance(RunLease.Length + TimeSpan.FromSeconds(1));
        await ResumeState.ReadAsync(sink, ArchiveBuilder.Id, _time, CancellationToken.None);

        Assert.False(File.Exists(partial));
    }

    [Theory]
    [InlineData("volume-0001.zip")]
    [InlineData("index-0002.ndjson.gz")]
    public async Task ReadAsync_FileGoneOrOfAnotherSize_SaysWhich(string name)
    {
        await new PartedRun(_sink, _time).RunAsync(4);
        await _sink.WriteObjectAsync($"{ArchiveBuilder.Id}/{name}", [1]);
        Assert.Contains(name, (await Assert.ThrowsAsync<ResumeException>(ReadAsync)).Message, StringComparison.Ordinal);

        await _sink.DeleteAsync($"{ArchiveBuilder.Id}/{name}");

        Assert.Contains("has gone", (await Assert.ThrowsAsync<ResumeException>(ReadAsync)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadAsync_CheckpointInTheMiddleGone_SaysWhich()
    {
        await new PartedRun(_sink, _time).RunAsync(9);
        await _sink.DeleteAsync($"{ArchiveBuilder.Id}/checkpoint-0002.json");

        Assert.EndsWith("checkpoint-0002.json", (await Assert.ThrowsAsync<ArchiveFormatException>(ReadAsync)).Subject, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadAsync_CheckpointIsAnothers_Throws()
    {
        await new PartedRun(_sink, _time).RunAsync(9);
        await _sink.WriteObjectAsync(
            $"{ArchiveBuilder.Id}/checkpoint-0002.json", await _sink.ReadObjectAsync($"{ArchiveBuilder.Id}/checkpoint-0001.json"));

        await Assert.ThrowsAsync<ArchiveFormatException>(ReadAsync);
    }

    [Fact]
    public async Task ReadAsync_NothingThere_SaysSo() =>
        Assert.Equal(ArchiveBuilder.Id.Value, (await Assert.ThrowsAsync<ResumeException>(ReadAsync)).Subject);

    [Fact]
    public async Task ReadAsync_Finished_SaysSo()
    {
        await new PartedRun(_sink, _time).RunAsync();

        Assert.Contains("is finished", (await Assert.ThrowsAsync<ResumeException>(ReadAsync)).Message, StringComparison.Ordinal);
    }

    private Task<ResumeState> ReadAsync() => ResumeState.ReadAsync(_sink, ArchiveBuilder.Id, _time, CancellationToken.None);
}
