using Backup.Core.Archives;
using Backup.Core.Archives.Resuming;
using Backup.Core.Compression;
using Backup.Core.Errors;
using Backup.Core.Merging;
using Backup.Core.Sinks;
using Backup.Core.Verification;
using Backup.TestKit.Archives;
using Backup.TestKit.Sinks;
using Microsoft.Extensions.Time.Testing;

namespace Backup.Core.Tests.Merging;

/// <summary>Merges that meet damage, a sink that fails, or their own end.</summary>
public sealed class MergeFaultTests
{
    [Fact]
    public async Task MergeAsync_VolumeReadWholeIsDamagedAnywhere_NamesItAndLeavesNothing()
    {
        var scene = await ChainScene.CreateAsync();
        var volume = $"{scene.Ids.First()}/volume-0001.zip";
        var bytes = await scene.Sink.ReadObjectAsync(volume);
        for (var position = 0; position < bytes.Length; position += 41)
        {
            var damaged = (byte[])bytes.Clone();
            damaged[position] ^= 1;
            await scene.Sink.WriteObjectAsync(volume, damaged);

            var exception = await Assert.ThrowsAsync<ArchiveFormatException>(() => new BackupMerger(scene.Sink).MergeAsync(scene.Last));

            Assert.Contains("volume-0001.zip", exception.Message, StringComparison.Ordinal);
            Assert.Empty(await scene.Sink.ListAsync(scene.Last.Next().Value).ToListAsync());
        }
    }

    [Fact]
    public async Task MergeAsync_VolumeReadInPart_IsProvenEntryByEntry()
    {
        var scene = new ChainScene(new InMemorySink()) { Compressor = new DeflateCompressor() };
        var files = Enumerable.Range(0, 20).ToDictionary(i => $"{i:00}", i => Enumerable.Repeat((byte)i, 4000).ToArray());
        await scene.AddAsync(files);
        foreach (var name in files.Keys.Where(name => name != "07").ToList())
        {
            files[name] = [.. files[name], 1];
        }

        await scene.AddAsync(files);
        var volume = $"{scene.Ids.First()}/volume-0001.zip";
        var bytes = await scene.Sink.ReadObjectAsync(volume);
        var reader = await ArchiveReader.OpenAsync(scene.Sink, scene.Ids.First(), CancellationToken.None);
        var needed = await reader.FindAsync(ChainScene.PathOf("07"), CancellationToken.None);
        var other = await reader.FindAsync(ChainScene.PathOf("15"), CancellationToken.None);

        await scene.Sink.WriteObjectAsync(volume, Changed(bytes, needed!.Offset + 60));
        var exception = await Assert.ThrowsAsync<ArchiveFormatException>(() => new BackupMerger(scene.Sink).MergeAsync(scene.Last));
        Assert.Contains(needed.Path, exception.Message, StringComparison.Ordinal);
        Assert.Empty(await scene.Sink.ListAsync(scene.Last.Next().Value).ToListAsync());

        // Damage of what is not needed does not matter.
        await scene.Sink.WriteObjectAsync(volume, Changed(bytes, other!.Offset + 60));
        var result = await new BackupMerger(scene.Sink).MergeAsync(scene.Last);
        await scene.AssertHoldsAsync(result.Backup, scene.Last);
    }

    [Fact]
    public async Task MergeAsync_VolumeIsCutShort_NamesItAndLeavesNothing()
    {
        var scene = await ChainScene.CreateAsync();
        var volume = $"{scene.Ids.First()}/volume-0002.zip";
        var bytes = await scene.Sink.ReadObjectAsync(volume);
        await scene.Sink.WriteObjectAsync(volume, bytes[..(bytes.Length / 2)]);

        var exception = await Assert.ThrowsAsync<ArchiveFormatException>(() => new BackupMerger(scene.Sink).MergeAsync(scene.Last));

        Assert.Equal(volume, exception.Subject);
        Assert.Empty(await scene.Sink.ListAsync(scene.Last.Next().Value).ToListAsync());
    }

    [Theory]
    [InlineData("manifest.json")]
    [InlineData("volume-0001.zip")]
    public async Task MergeAsync_ReferencedBackupIsMissing_SaysSoAndLeavesNothing(string file)
    {
        var scene = await ChainScene.CreateAsync();
        await scene.Sink.DeleteAsync($"{scene.Ids.First()}/{file}");

        var exception = await Assert.ThrowsAnyAsync<BackupException>(() => new BackupMerger(scene.Sink).MergeAsync(scene.Last));

        Assert.Contains(scene.Ids.First().Value, exception.Message, StringComparison.Ordinal);
        Assert.Empty(await scene.Sink.ListAsync(scene.Last.Next().Value).ToListAsync());
    }

    [Fact]
    public async Task MergeAsync_AnyCallOfTheSinkFails_LeavesNothingHalfAndTheNextSucceeds()
    {
        var memory = new InMemorySink();
        var scene = await ChainScene.CreateAsync(memory);
        var before = await scene.DigestsAsync();
        var merged = scene.Last.Next().Value;
        for (var call = 1; ; call++)
        {
            var sink = new FaultySink(memory).BreakAt(call);
            try
            {
                await new BackupMerger(sink).MergeAsync(scene.Last);
                break;
            }
            catch (SinkException)
            {
            }

            Assert.Equal(before, await scene.DigestsAsync());
            if (await memory.ListAsync($"{merged}/manifest.json").AnyAsync())
            {
                // The answer to its commit was lost.
                await scene.AssertHoldsAsync(new BackupId(merged), scene.Last);
            }

            foreach (var item in await memory.ListAsync(merged).ToListAsync())
            {
                await memory.DeleteAsync(item.Name);
            }
        }

        await scene.AssertHoldsAsync(new BackupId(merged), scene.Last);
        Assert.Empty((await new BackupVerifier(memory).VerifyAsync(new BackupId(merged))).Findings);
    }

    [Theory]
    [InlineData(SinkOperation.Create)]
    [InlineData(SinkOperation.Open)]
    [InlineData(SinkOperation.Read)]
    [InlineData(SinkOperation.Write)]
    [InlineData(SinkOperation.Commit)]
    [InlineData(SinkOperation.List)]
    public async Task MergeAsync_OneCallOfTheSinkFails_LeavesNothing(SinkOperation operation)
    {
        var memory = new InMemorySink();
        var scene = await ChainScene.CreateAsync(memory);
        var merged = scene.Last.Next().Value;
        var failures = 0;
        for (var (call, isReached) = (1, true); isReached; call++)
        {
            var sink = new FaultySink(memory).FailAt(operation, call);
            try
            {
                await new BackupMerger(sink).MergeAsync(scene.Last);
                foreach (var item in await memory.ListAsync(merged).ToListAsync())
                {
                    await memory.DeleteAsync(item.Name);
                }
            }
            catch (BackupException)
            {
                failures++;
                Assert.Empty(await memory.ListAsync(merged).ToListAsync());
            }

            isReached = sink.CountOf(operation) >= call;
        }

        Assert.InRange(failures, 3, int.MaxValue);
    }

    [Fact]
    public async Task MergeAsync_Cancelled_LeavesNothing()
    {
        var memory = new InMemorySink();
        var scene = await ChainScene.CreateAsync(memory);
        for (var bytes = 1; bytes < 8000; bytes += 1000)
        {
            using var cancelled = new CancellationTokenSource();
            var sink = new CountingSink(memory, written =>
            {
                if (written >= bytes)
                {
                    cancelled.Cancel();
                }
            });

            var exception = await Assert.ThrowsAnyAsync<OperationCanceledException>(
                () => new BackupMerger(sink).MergeAsync(scene.Last, new MergeOptions { VolumeBytes = 1000 }, cancellationToken: cancelled.Token));

            Assert.Equal(cancelled.Token, exception.CancellationToken);
            Assert.Empty(await memory.ListAsync(scene.Last.Next().Value).ToListAsync());
        }
    }

    [Fact]
    public async Task MergeAsync_AfterAKilledMerge_RemovesWhatItLeft()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 22, 3, 15, 0, TimeSpan.Zero));
        var scene = await ChainScene.CreateAsync();
        var merged = scene.Last.Next();
        var dead = new LeaseContent("elsewhere/1/0", time.GetUtcNow() + RunLease.Length);
        await LeaseFile.WriteAsync(scene.Sink, merged, 3, dead, CancellationToken.None);
        await scene.Sink.WriteObjectAsync($"{merged}/volume-0001.zip", [1, 2, 3]);
        await scene.Sink.WriteObjectAsync($"{merged}/index-0001.ndjson.gz", [4]);
        await Assert.ThrowsAsync<ResumeException>(() => new BackupMerger(scene.Sink, time).MergeAsync(scene.Last));
        time.Advance(RunLease.Length);

        var result = await new BackupMerger(scene.Sink, time).MergeAsync(scene.Last);

        Assert.Equal(merged, result.Backup);
        await scene.AssertHoldsAsync(merged, scene.Last);
        Assert.Empty((await new BackupVerifier(scene.Sink).VerifyAsync(merged)).Findings);
    }

    private static byte[] Changed(byte[] bytes, long position)
    {
        var changed = (byte[])bytes.Clone();
        changed[position] ^= 1;
        return changed;
    }
}
