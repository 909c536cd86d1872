using Backup.Core.Archives;
using Backup.Core.Archives.Resuming;
using Backup.Core.Catalog;
using Backup.Core.Errors;
using Backup.Core.Sinks;
using Backup.Core.Tests.Archives.Resuming;
using Backup.Core.Tests.Verification;
using Backup.TestKit.Archives;
using Microsoft.Extensions.Time.Testing;

namespace Backup.Core.Tests.Catalog;

public sealed class BackupCatalogTests
{
    private static readonly BackupId Oldest = new("20261120T010000Z-0001");
    private static readonly BackupId Middle = new("20261121T010000Z-0002");
    private static readonly BackupId Newest = new("20261122T010000Z-0003");

    [Fact]
    public async Task ListAsync_SeveralBackupsAndAnUnfinishedOne_GivesTheFinishedNewestFirst()
    {
        var sink = await CreateSinkAsync();
        await sink.WriteObjectAsync("20261123T010000Z-0004/volume-0001.zip", [1]);

        var list = await new BackupCatalog(sink).ListAsync();

        Assert.Equal([Newest, Middle, Oldest], list.Select(entry => entry.Id));
        Assert.All(list, entry => Assert.Equal(entry.Id, entry.Manifest!.Id));
    }

    [Fact]
    public async Task ListAsync_DamagedManifest_ListsItAsDamagedAmongTheOthers()
    {
        var sink = await CreateSinkAsync();
        await sink.WriteObjectAsync($"{Middle}/manifest.json", "{}"u8.ToArray());

        var list = await new BackupCatalog(sink).ListAsync();

        Assert.Equal([false, true, false], list.Select(entry => entry.Damage is not null));
        Assert.Null(list[1].Manifest);
    }

    [Fact]
    public async Task ListAsync_VolumeIsCutOrAPartOfTheIndexMissing_ListsItAsDamagedAndNamesTheFile()
    {
        var sink = await CreateSinkAsync();
        var volume = await sink.ReadObjectAsync($"{Middle}/volume-0002.zip");
        await sink.WriteObjectAsync($"{Middle}/volume-0002.zip", volume[..^1]);
        await sink.DeleteAsync($"{Newest}/index-0001.ndjson.gz");

        var list = await new BackupCatalog(sink).ListAsync();

        Assert.Equal([BackupState.Damaged, BackupState.Damaged, BackupState.Complete], list.Select(entry => entry.State));
        Assert.Equal(("index-0001.ndjson.gz", null), list[0].DamagedFiles.Select(file => (file.Name, file.Bytes)).Single());
        Assert.Equal([new DamagedFile("volume-0002.zip", volume.Length, volume.Length - 1)], list[1].DamagedFiles);
        Assert.Equal(
            $"volume-0002.zip has {volume.Length - 1} bytes where the manifest says {volume.Length} bytes.", list[1].DamagedFiles[0].ToString());
        Assert.All(list, entry => Assert.NotNull(entry.Manifest));
    }

    [Fact]
    public async Task ListResumableAsync_RunsInEveryState_GivesThoseWithCheckpointsAndWithoutManifestNewestFirst()
    {
        var sink = await CreateSinkAsync();
        foreach (var file in (string[])
                 [
                     $"{Newest}/checkpoint-0001.json", "20261123T010000Z-0004/volume-0001.zip", "20261124T010000Z-0005/checkpoint-0001.json",
                     "20261124T010000Z-0005/checkpoint-0002.json", "20261125T010000Z-0006/checkpoint-0001.json", "other/checkpoint-0001.json",
                     "20261126T010000Z-0007/checkpoint-one.json", "checkpoint-0001.json",
                 ])
        {
            await sink.WriteObjectAsync(file, [1]);
        }

        var list = await new BackupCatalog(sink).ListResumableAsync();

        Assert.Equal(["20261125T010000Z-0006", "20261124T010000Z-0005"], list.Select(id => id.Value));
    }

    [Fact]
    public async Task ListResumableAsync_AnotherProcessIsAtWork_GivesItsRunToo()
    {
        var sink = new InMemorySink();
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 22, 3, 15, 0, TimeSpan.Zero));
        await new PartedRun(sink, time).RunAsync(4);
        await using var lease = await RunLease.AcquireAsync(sink, ArchiveBuilder.Id, time, CancellationToken.None);

        Assert.Equal([ArchiveBuilder.Id], await new BackupCatalog(sink).ListResumableAsync());
    }

    [Fact]
    public async Task FindAsync_Latest_GivesTheNewest() =>
        Assert.Equal(Newest, (await new BackupCatalog(await CreateSinkAsync()).FindAsync("latest")).Id);

    [Fact]
    public async Task FindAsync_LatestOfTwoOfOneSecond_GivesTheOneThatBeganLater()
    {
        var sink = await CreateSinkAsync();
        var (later, earlier) = (new BackupId("20261123T010000Z-0001"), new BackupId("20261123T010000Z-fffe"));
        await CreateAsync(earlier, 100);
        await CreateAsync(later, 900);

        var found = await new BackupCatalog(sink).FindAsync("latest");
        var list = await new BackupCatalog(sink).ListAsync();
        await sink.WriteObjectAsync($"{earlier}/manifest.json", "{}"u8.ToArray());
        var exception = await Assert.ThrowsAsync<ArchiveFormatException>(() => new BackupCatalog(sink).FindAsync("latest"));

        Assert.Equal(later, found.Id);
        Assert.Equal([later, earlier, Newest, Middle, Oldest], list.Select(entry => entry.Id));
        Assert.Contains(later.Value, exception.Hint, StringComparison.Ordinal);

        Task CreateAsync(BackupId id, int milliseconds) => SmallBackup.CreateAsync(
            sink, id, manifest => manifest with { StartedAt = new DateTimeOffset(2026, 11, 23, 1, 0, 0, milliseconds, TimeSpan.Zero) });
    }

    [Fact]
    public async Task FindAsync_Id_GivesThatBackup() =>
        Assert.Equal(Middle, (await new BackupCatalog(await CreateSinkAsync()).FindAsync(Middle.Value)).Id);

    [Fact]
    public async Task FindAsync_UnknownId_NamesLocationAndNearest()
    {
        var catalog = new BackupCatalog(await CreateSinkAsync());

        var exception = await Assert.ThrowsAsync<BackupNotFoundException>(() => catalog.FindAsync("20261121T990000Z-0002"));

        Assert.Contains("memory", exception.Message, StringComparison.Ordinal);
        Assert.Contains($"the nearest being {Middle}", exception.Hint, StringComparison.Ordinal);
        Assert.Contains($"the newest, {Newest}", exception.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FindAsync_EmptySink_SaysSo()
    {
        var exception = await Assert.ThrowsAsync<BackupNotFoundException>(() => new BackupCatalog(new InMemorySink()).FindAsync("latest"));

        Assert.Contains("no finished backup in memory", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FindAsync_LatestIsDamaged_DoesNotSilentlyTakeAnOlderOne()
    {
        var sink = await CreateSinkAsync();
        await sink.WriteObjectAsync($"{Newest}/manifest.json", "{}"u8.ToArray());

        var exception = await Assert.ThrowsAsync<ArchiveFormatException>(() => new BackupCatalog(sink).FindAsync("latest"));

        Assert.Contains(Newest.Value, exception.Message, StringComparison.Ordinal);
        Assert.Contains(Middle.Value, exception.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ListAsync_BackupOfBuckets_SaysWhatItHolds()
    {
        var sink = new InMemorySink();
        await SmallBackup.CreateAsync(sink, Oldest);
        await StorageBackup.CreateAsync(sink);

        var list = await new BackupCatalog(sink).ListAsync();

        Assert.Equal([(false, true, 5L), (true, false, 0L)], list.Select(entry => (entry.HasDatabase, entry.HasStorage, entry.Objects)));
    }

    private static async Task<InMemorySink> CreateSinkAsync()
    {
        var sink = new InMemorySink();
        foreach (var id in new[] { Middle, Newest, Oldest })
        {
            await SmallBackup.CreateAsync(sink, id);
        }

        return sink;
    }
}
