using Backup.Core.Archives;
using Backup.Core.Archives.Manifest;
using Backup.Core.Archives.Resuming;
using Backup.Core.Compression;
using Backup.Core.Errors;
using Backup.Core.Merging;
using Backup.Core.Sinks;
using Backup.Core.Verification;
using Backup.TestKit.Archives;
using Backup.TestKit.Sinks;

namespace Backup.Core.Tests.Merging;

public sealed class BackupMergerTests
{
    [Fact]
    public async Task MergeAsync_Chain_HoldsTheSameAndNeedsNoOther()
    {
        var scene = await ChainScene.CreateAsync();
        var before = await scene.DigestsAsync();

        var result = await new BackupMerger(scene.Sink).MergeAsync(scene.Last);

        Assert.Equal((MergeOutcome.Merged, scene.Last, scene.Last.Next()), (result.Outcome, result.Source, result.Backup));
        var merged = await ManifestFile.ReadAsync(scene.Sink, result.Backup, CancellationToken.None);
        Assert.Equal((BackupKind.Merged, FormatVersions.Plain, 0), (merged.Kind, merged.FormatVersion, merged.Chain));
        Assert.Null(merged.Parent);
        Assert.Null(merged.References);
        Assert.Null(merged.ReferenceParts);
        Assert.Equal(scene.Ids, merged.MergedFrom);
        Assert.Equal(scene.Last.StartedAt, merged.StartedAt);
        Assert.Equal(scene.FilesOf(scene.Last).Count + 1, result.Entries);
        Assert.Equal(before, await scene.DigestsAsync());

        foreach (var item in await scene.Sink.ListAsync("").Where(item => !item.Name.StartsWith(result.Backup.Value, StringComparison.Ordinal)).ToListAsync())
        {
            await scene.Sink.DeleteAsync(item.Name);
        }

        await scene.AssertHoldsAsync(result.Backup, scene.Last);
        Assert.Empty((await new BackupVerifier(scene.Sink).VerifyAsync(result.Backup)).Findings);
    }

    [Fact]
    public async Task MergeAsync_AnyOfTheChain_HoldsWhatThatOneDid()
    {
        var scene = await ChainScene.CreateAsync();
        foreach (var id in scene.Ids.Skip(1))
        {
            var result = await new BackupMerger(scene.Sink).MergeAsync(id);

            await scene.AssertHoldsAsync(result.Backup, id);
            Assert.Empty((await new BackupVerifier(scene.Sink).VerifyAsync(result.Backup)).Findings);
        }
    }

    [Fact]
    public async Task MergeAsync_FullBackup_IsLeftAsItIs()
    {
        var scene = await ChainScene.CreateAsync();
        var files = await scene.Sink.ListAsync("").ToListAsync();

        var result = await new BackupMerger(scene.Sink).MergeAsync(scene.Ids.First());

        Assert.Equal((MergeOutcome.NotNeeded, scene.Ids.First(), 0L), (result.Outcome, result.Backup, result.StoredBytes));
        Assert.Equal(files, await scene.Sink.ListAsync("").ToListAsync());
    }

    [Fact]
    public async Task MergeAsync_Again_NamesTheFirstMerge()
    {
        var scene = await ChainScene.CreateAsync();
        var first = await new BackupMerger(scene.Sink).MergeAsync(scene.Last);
        var files = await scene.Sink.ListAsync("").ToListAsync();

        var again = await new BackupMerger(scene.Sink).MergeAsync(scene.Last);
        var ofTheMerged = await new BackupMerger(scene.Sink).MergeAsync(first.Backup);

        Assert.Equal((MergeOutcome.AlreadyMerged, first.Backup), (again.Outcome, again.Backup));
        Assert.Equal((MergeOutcome.NotNeeded, first.Backup), (ofTheMerged.Outcome, ofTheMerged.Backup));
        Assert.Equal(files, await scene.Sink.ListAsync("").ToListAsync());
    }

    [Fact]
    public async Task MergeAsync_IdBehindIsTaken_TakesTheNext()
    {
        var scene = await ChainScene.CreateAsync();
        await scene.Sink.WriteObjectAsync($"{scene.Last.Next()}/manifest.json", [1, 2, 3]);

        var result = await new BackupMerger(scene.Sink).MergeAsync(scene.Last);

        Assert.Equal(scene.Last.Next().Next(), result.Backup);
        await scene.AssertHoldsAsync(result.Backup, scene.Last);
    }

    [Fact]
    public async Task MergeAsync_RenamedObject_LiesUnderItsNewPath()
    {
        var scene = new ChainScene(new InMemorySink());
        await scene.AddAsync(new Dictionary<string, byte[]> { ["a"] = [1, 2, 3], ["b"] = [4] });
        await scene.AddAsync(new Dictionary<string, byte[]> { ["moved"] = [1, 2, 3], ["copy"] = [1, 2, 3], ["b"] = [4] }, new Dictionary<string, string> { ["moved"] = "a", ["copy"] = "a" });

        var result = await new BackupMerger(scene.Sink).MergeAsync(scene.Last);

        await scene.AssertHoldsAsync(result.Backup, scene.Last);
        Assert.Empty((await new BackupVerifier(scene.Sink).VerifyAsync(result.Backup)).Findings);
    }

    [Fact]
    public async Task MergeAsync_VolumeSize_IsKept()
    {
        var scene = await ChainScene.CreateAsync();

        var result = await new BackupMerger(scene.Sink).MergeAsync(scene.Last, new MergeOptions { VolumeBytes = 3000 });

        Assert.True(result.Manifest.Volumes.Count > 2, $"{result.Manifest.Volumes.Count} volumes");
        Assert.All(result.Manifest.Volumes, volume => Assert.InRange(volume.Bytes, 1, 3000));
        await scene.AssertHoldsAsync(result.Backup, scene.Last);
        Assert.Empty((await new BackupVerifier(scene.Sink).VerifyAsync(result.Backup)).Findings);
    }

    [Fact]
    public async Task MergeAsync_SinkOfSmallObjects_KeepsToThem()
    {
        const int Limit = 3 * 1024 * 1024;
        var scene = new ChainScene(new SmallObjectSink(new InMemorySink(), Limit)) { Compressor = new NoCompressor() };
        var random = new Random(1);
        var files = Enumerable.Range(0, 4).ToDictionary(i => $"{i}.bin", _ => RandomBytes(random, 2_500_000));
        await scene.AddAsync(files);
        files["0.bin"] = RandomBytes(random, 2_900_000);
        await scene.AddAsync(files);

        var result = await new BackupMerger(scene.Sink).MergeAsync(scene.Last);

        Assert.Equal(4, result.Manifest.Volumes.Count);
        Assert.All(result.Manifest.Volumes, volume => Assert.InRange(volume.Bytes, 1, Limit));
        await scene.AssertHoldsAsync(result.Backup, scene.Last);
    }

    [Fact]
    public async Task MergeAsync_StreamedEntries_GetTheirSizesBeforeTheirData()
    {
        var scene = new ChainScene(new InMemorySink()) { IsStreamed = true };
        await scene.AddAsync(new Dictionary<string, byte[]> { ["a"] = [1, 2, 3], ["b"] = [4, 5] });
        await scene.AddAsync(new Dictionary<string, byte[]> { ["a"] = [1, 2, 3], ["b"] = [6] });

        var result = await new BackupMerger(scene.Sink).MergeAsync(scene.Last);

        var reader = await ArchiveReader.OpenAsync(scene.Sink, result.Backup, CancellationToken.None);
        Assert.All(await reader.Volume(1).ReadCentralDirectoryAsync(CancellationToken.None).ToListAsync(), facts => Assert.False(facts.IsStreamed));
        await scene.AssertHoldsAsync(result.Backup, scene.Last);
    }

    [Fact]
    public async Task MergeAsync_SupersededAndFailedFolders_AreNotCopied()
    {
        const string Old = "database/data/public.old/";
        const string Failed = "database/data/public.failed/";
        var scene = new ChainScene(new InMemorySink());
        await scene.AddAsync(new Dictionary<string, byte[]> { ["a"] = [1] });
        scene.Append = async writer =>
        {
            await writer.AppendAsync(Old + "000001.copy", "1\n"u8.ToArray(), new NoCompressor());
            await writer.AppendAsync(Failed + "000001.copy", "2\n"u8.ToArray(), new NoCompressor());
        };
        scene.Change = manifest => manifest with
        {
            Superseded = [Old],
            Failures = [new FailureRecord("public.failed", "It broke.") { Path = Failed }],
            Parts = [PartOf(1), PartOf(2)],
        };
        await scene.AddAsync(new Dictionary<string, byte[]> { ["a"] = [1], ["b"] = [2] });

        var result = await new BackupMerger(scene.Sink).MergeAsync(scene.Last);

        var reader = await ArchiveReader.OpenAsync(scene.Sink, result.Backup, CancellationToken.None);
        Assert.Empty(await reader.ReadIndexAsync("database/", CancellationToken.None).ToListAsync());
        Assert.Null(result.Manifest.Superseded);
        Assert.Equal([new FailureRecord("public.failed", "It broke.")], result.Manifest.Failures);
        Assert.Equal([1, 1], result.Manifest.Parts!.Select(part => part.FirstVolume));
        await scene.AssertHoldsAsync(result.Backup, scene.Last);
    }

    [Fact]
    public async Task MergeAsync_NoSuchBackup_Throws()
    {
        var exception = await Assert.ThrowsAsync<BackupNotFoundException>(() => new BackupMerger(new InMemorySink()).MergeAsync(ArchiveBuilder.Id));

        Assert.Equal(ArchiveBuilder.Id.Value, exception.Subject);
    }

    [Fact]
    public async Task MergeAsync_OptionOutOfRange_Throws() => await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
        () => new BackupMerger(new InMemorySink()).MergeAsync(ArchiveBuilder.Id, new MergeOptions { VolumeBytes = 0 }));

    [Fact]
    public async Task MergeAsync_AnotherProcessIsAtIt_SaysSo()
    {
        var scene = await ChainScene.CreateAsync();
        await using var lease = await RunLease.AcquireAsync(scene.Sink, scene.Last.Next(), TimeProvider.System, CancellationToken.None);

        var exception = await Assert.ThrowsAsync<ResumeException>(() => new BackupMerger(scene.Sink).MergeAsync(scene.Last));

        Assert.True(exception.IsTransient);
        Assert.DoesNotContain(await scene.Sink.ListAsync(scene.Last.Next().Value).ToListAsync(), item => item.Name.EndsWith(".zip", StringComparison.Ordinal));
    }

    [Fact]
    public async Task MergeAsync_Told_ReportsToTheEnd()
    {
        var scene = await ChainScene.CreateAsync();
        var progress = new Recorder();

        var result = await new BackupMerger(scene.Sink).MergeAsync(scene.Last, progress: progress);

        Assert.Equal((100.0, result.Entries, result.CopiedBytes), (progress.Last!.Percent, progress.Last.Entries, progress.Last.StoredBytes));
        Assert.Equal((progress.Last.EntriesTotal, progress.Last.StoredBytesTotal), (progress.Last.Entries, progress.Last.StoredBytes));
    }

    private static byte[] RandomBytes(Random random, int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }

    private static PartRecord PartOf(int number) => new()
    {
        Number = number,
        StartedAt = new DateTimeOffset(2026, 11, 22, 3, number, 0, TimeSpan.Zero),
        FinishedAt = new DateTimeOffset(2026, 11, 22, 3, number, 30, TimeSpan.Zero),
        FirstVolume = 1,
    };

    private sealed class Recorder : IProgress<MergeProgress>
    {
        public MergeProgress? Last { get; private set; }

        public void Report(MergeProgress value) => Last = value;
    }
}
