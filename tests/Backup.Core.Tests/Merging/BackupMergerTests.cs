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
        var chain = await BackupChain.CreateAsync();
        var before = await chain.DigestsAsync();

        var result = await new BackupMerger(chain.Sink).MergeAsync(chain.Last);

        Assert.Equal((MergeOutcome.Merged, chain.Last, chain.Last.Next()), (result.Outcome, result.Source, result.Backup));
        var merged = await ManifestFile.ReadAsync(chain.Sink, result.Backup, CancellationToken.None);
        Assert.Equal((BackupKind.Merged, FormatVersions.Plain, 0), (merged.Kind, merged.FormatVersion, merged.Chain));
        Assert.Null(merged.Parent);
        Assert.Null(merged.References);
        Assert.Null(merged.ReferenceParts);
        Assert.Equal(chain.Ids, merged.MergedFrom);
        Assert.Equal(chain.Last.StartedAt, merged.StartedAt);
        Assert.Equal(chain.FilesOf(chain.Last).Count + 1, result.Entries);
        Assert.Equal(before, await chain.DigestsAsync());

        foreach (var item in await chain.Sink.ListAsync("").Where(item => !item.Name.StartsWith(result.Backup.Value, StringComparison.Ordinal)).ToListAsync())
        {
            await chain.Sink.DeleteAsync(item.Name);
        }

        await chain.AssertHoldsAsync(result.Backup, chain.Last);
        Assert.Empty((await new BackupVerifier(chain.Sink).VerifyAsync(result.Backup)).Findings);
    }

    [Fact]
    public async Task MergeAsync_AnyOfTheChain_HoldsWhatThatOneDid()
    {
        var chain = await BackupChain.CreateAsync();
        foreach (var id in chain.Ids.Skip(1))
        {
            var result = await new BackupMerger(chain.Sink).MergeAsync(id);

            await chain.AssertHoldsAsync(result.Backup, id);
            Assert.Empty((await new BackupVerifier(chain.Sink).VerifyAsync(result.Backup)).Findings);
        }
    }

    [Fact]
    public async Task MergeAsync_FullBackup_IsLeftAsItIs()
    {
        var chain = await BackupChain.CreateAsync();
        var files = await chain.Sink.ListAsync("").ToListAsync();

        var result = await new BackupMerger(chain.Sink).MergeAsync(chain.Ids.First());

        Assert.Equal((MergeOutcome.NotNeeded, chain.Ids.First(), 0L), (result.Outcome, result.Backup, result.StoredBytes));
        Assert.Equal(files, await chain.Sink.ListAsync("").ToListAsync());
    }

    [Fact]
    public async Task MergeAsync_RenamedObject_LiesUnderItsNewPath()
    {
        var chain = new BackupChain(new InMemorySink());
        await chain.AddAsync(new Dictionary<string, byte[]> { ["a"] = [1, 2, 3], ["b"] = [4] });
        await chain.AddAsync(new Dictionary<string, byte[]> { ["moved"] = [1, 2, 3], ["copy"] = [1, 2, 3], ["b"] = [4] }, new Dictionary<string, string> { ["moved"] = "a", ["copy"] = "a" });

        var result = await new BackupMerger(chain.Sink).MergeAsync(chain.Last);

        await chain.AssertHoldsAsync(result.Backup, chain.Last);
        Assert.Empty((await new BackupVerifier(chain.Sink).VerifyAsync(result.Backup)).Findings);
    }

    [Fact]
    public async Task MergeAsync_VolumeSize_IsKept()
    {
        var chain = await BackupChain.CreateAsync();

        var result = await new BackupMerger(chain.Sink).MergeAsync(chain.Last, new MergeOptions { VolumeBytes = 3000 });

        Assert.True(result.Manifest.Volumes.Count > 2, $"{result.Manifest.Volumes.Count} volumes");
        Assert.All(result.Manifest.Volumes, volume => Assert.InRange(volume.Bytes, 1, 3000));
        await chain.AssertHoldsAsync(result.Backup, chain.Last);
        Assert.Empty((await new BackupVerifier(chain.Sink).VerifyAsync(result.Backup)).Findings);
    }

    [Fact]
    public async Task MergeAsync_SinkOfSmallObjects_KeepsToThem()
    {
        const int Limit = 3 * 1024 * 1024;
        var chain = new BackupChain(new SmallObjectSink(new InMemorySink(), Limit)) { Compressor = new NoCompressor() };
        var random = new Random(1);
        var files = Enumerable.Range(0, 4).ToDictionary(i => $"{i}.bin", _ => RandomBytes(random, 2_500_000));
        await chain.AddAsync(files);
        files["0.bin"] = RandomBytes(random, 2_900_000);
        await chain.AddAsync(files);

        var result = await new BackupMerger(chain.Sink).MergeAsync(chain.Last);

        Assert.Equal(4, result.Manifest.Volumes.Count);
        Assert.All(result.Manifest.Volumes, volume => Assert.InRange(volume.Bytes, 1, Limit));
        await chain.AssertHoldsAsync(result.Backup, chain.Last);
    }

    [Fact]
    public async Task MergeAsync_StreamedEntries_GetTheirSizesBeforeTheirData()
    {
        var chain = new BackupChain(new InMemorySink()) { IsStreamed = true };
        await chain.AddAsync(new Dictionary<string, byte[]> { ["a"] = [1, 2, 3], ["b"] = [4, 5] });
        await chain.AddAsync(new Dictionary<string, byte[]> { ["a"] = [1, 2, 3], ["b"] = [6] });

        var result = await new BackupMerger(chain.Sink).MergeAsync(chain.Last);

        var reader = await ArchiveReader.OpenAsync(chain.Sink, result.Backup, CancellationToken.None);
        Assert.All(await reader.Volume(1).ReadCentralDirectoryAsync(CancellationToken.None).ToListAsync(), facts => Assert.False(facts.IsStreamed));
        await chain.AssertHoldsAsync(result.Backup, chain.Last);
    }

    [Fact]
    public async Task MergeAsync_SupersededAndFailedFolders_AreNotCopied()
    {
        const string Old = "database/data/public.old/";
        const string Failed = "database/data/public.failed/";
        var chain = new BackupChain(new InMemorySink());
        await chain.AddAsync(new Dictionary<string, byte[]> { ["a"] = [1] });
        chain.Append = async writer =>
        {
            await writer.AppendAsync(Old + "000001.copy", "1\n"u8.ToArray(), new NoCompressor());
            await writer.AppendAsync(Failed + "000001.copy", "2\n"u8.ToArray(), new NoCompressor());
        };
        chain.Change = manifest => manifest with
        {
            Superseded = [Old],
            Failures = [new FailureRecord("public.failed", "It broke.") { Path = Failed }],
            Parts = [PartOf(1), PartOf(2)],
        };
        await chain.AddAsync(new Dictionary<string, byte[]> { ["a"] = [1], ["b"] = [2] });

        var result = await new BackupMerger(chain.Sink).MergeAsync(chain.Last);

        var reader = await ArchiveReader.OpenAsync(chain.Sink, result.Backup, CancellationToken.None);
        Assert.Empty(await reader.ReadIndexAsync("database/", CancellationToken.None).ToListAsync());
        Assert.Null(result.Manifest.Superseded);
        Assert.Equal([new FailureRecord("public.failed", "It broke.")], result.Manifest.Failures);
        Assert.Equal([1, 1], result.Manifest.Parts!.Select(part => part.FirstVolume));
        await chain.AssertHoldsAsync(result.Backup, chain.Last);
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
        var chain = await BackupChain.CreateAsync();
        await using var lease = await RunLease.AcquireAsync(chain.Sink, chain.Last.Next(), TimeProvider.System, CancellationToken.None);

        var exception = await Assert.ThrowsAsync<ResumeException>(() => new BackupMerger(chain.Sink).MergeAsync(chain.Last));

        Assert.True(exception.IsTransient);
        Assert.Equal((chain.Last.Value, ErrorCategory.Conflict), (exception.Subject, exception.Category));
        Assert.DoesNotContain(await chain.Sink.ListAsync(chain.Last.Next().Value).ToListAsync(), item => item.Name.EndsWith(".zip", StringComparison.Ordinal));
    }

    [Fact]
    public async Task MergeAsync_Told_ReportsToTheEnd()
    {
        var chain = await BackupChain.CreateAsync();
        var progress = new Recorder();

        var result = await new BackupMerger(chain.Sink).MergeAsync(chain.Last, progress: progress);

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
