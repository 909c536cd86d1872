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
        var chain = await BackupChain.CreateAsync();
        var volume = $"{chain.Ids.First()}/volume-0002.zip";
        var bytes = await chain.Sink.ReadObjectAsync(volume);
        for (var position = 0; position < bytes.Length; position += 41)
        {
            var damaged = (byte[])bytes.Clone();
            damaged[position] ^= 1;
            await chain.Sink.WriteObjectAsync(volume, damaged);

            var exception = await Assert.ThrowsAsync<ArchiveFormatException>(() => new BackupMerger(chain.Sink).MergeAsync(chain.Last));

            Assert.Contains("volume-0002.zip", exception.Message, StringComparison.Ordinal);
            Assert.Empty(await chain.Sink.ListAsync(chain.Last.Next().Value).ToListAsync());
        }
    }

    [Fact]
    public async Task MergeAsync_VolumeReadInPart_IsProvenEntryByEntry()
    {
        var chain = new BackupChain(new InMemorySink()) { Compressor = new DeflateCompressor() };
        var files = Enumerable.Range(0, 20).ToDictionary(i => $"{i:00}", i => Enumerable.Repeat((byte)i, 4000).ToArray());
        await chain.AddAsync(files);
        foreach (var name in files.Keys.Where(name => name != "07").ToList())
        {
            files[name] = [.. files[name], 1];
        }

        await chain.AddAsync(files);
        var volume = $"{chain.Ids.First()}/volume-0001.zip";
        var bytes = await chain.Sink.ReadObjectAsync(volume);
        var reader = await ArchiveReader.OpenAsync(chain.Sink, chain.Ids.First(), CancellationToken.None);
        var needed = await reader.FindAsync(BackupChain.PathOf("07"), CancellationToken.None);
        var other = await reader.FindAsync(BackupChain.PathOf("15"), CancellationToken.None);

        await chain.Sink.WriteObjectAsync(volume, Changed(bytes, needed!.Offset + 60));
        var exception = await Assert.ThrowsAsync<ArchiveFormatException>(() => new BackupMerger(chain.Sink).MergeAsync(chain.Last));
        Assert.Contains(needed.Path, exception.Message, StringComparison.Ordinal);
        Assert.Empty(await chain.Sink.ListAsync(chain.Last.Next().Value).ToListAsync());

        // Damage of what is not needed does not matter.
        await chain.Sink.WriteObjectAsync(volume, Changed(bytes, other!.Offset + 60));
        var result = await new BackupMerger(chain.Sink).MergeAsync(chain.Last);
        await chain.AssertHoldsAsync(result.Backup, chain.Last);
    }

    [Fact]
    public async Task MergeAsync_VolumeIsCutShort_NamesItAndLeavesNothing()
    {
        var chain = await BackupChain.CreateAsync();
        var volume = $"{chain.Ids.First()}/volume-0002.zip";
        var bytes = await chain.Sink.ReadObjectAsync(volume);
        await chain.Sink.WriteObjectAsync(volume, bytes[..(bytes.Length / 2)]);

        var exception = await Assert.ThrowsAsync<ArchiveFormatException>(() => new BackupMerger(chain.Sink).MergeAsync(chain.Last));

        Assert.Equal(volume, exception.Subject);
        Assert.Empty(await chain.Sink.ListAsync(chain.Last.Next().Value).ToListAsync());
    }

    [Theory]
    [InlineData("manifest.json")]
    [InlineData("volume-0002.zip")]
    public async Task MergeAsync_ReferencedBackupIsMissing_SaysSoAndLeavesNothing(string file)
    {
        var chain = await BackupChain.CreateAsync();
        await chain.Sink.DeleteAsync($"{chain.Ids.First()}/{file}");

        var exception = await Assert.ThrowsAnyAsync<BackupException>(() => new BackupMerger(chain.Sink).MergeAsync(chain.Last));

        Assert.Contains(chain.Ids.First().Value, exception.Message, StringComparison.Ordinal);
        Assert.Empty(await chain.Sink.ListAsync(chain.Last.Next().Value).ToListAsync());
    }

    [Fact]
    public async Task MergeAsync_AnyCallOfTheSinkFails_LeavesNothingHalfAndTheNextSucceeds()
    {
        var memory = new InMemorySink();
        var chain = await BackupChain.CreateAsync(memory);
        var before = await chain.DigestsAsync();
        var merged = chain.Last.Next().Value;
        for (var call = 1; ; call++)
        {
            var sink = new FaultySink(memory).BreakAt(call);
            try
            {
                await new BackupMerger(sink).MergeAsync(chain.Last);
                break;
            }
            catch (SinkException)
            {
            }

            Assert.Equal(before, await chain.DigestsAsync());
            if (await memory.ListAsync($"{merged}/manifest.json").AnyAsync())
            {
                // The answer to its commit was lost.
                await chain.AssertHoldsAsync(new BackupId(merged), chain.Last);
            }

            foreach (var item in await memory.ListAsync(merged).ToListAsync())
            {
                await memory.DeleteAsync(item.Name);
            }
        }

        await chain.AssertHoldsAsync(new BackupId(merged), chain.Last);
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
        var chain = await BackupChain.CreateAsync(memory);
        var merged = chain.Last.Next().Value;
        var failures = 0;
        for (var (call, isReached) = (1, true); isReached; call++)
        {
            var sink = new FaultySink(memory).FailAt(operation, call);
            try
            {
                await new BackupMerger(sink).MergeAsync(chain.Last);
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
        var chain = await BackupChain.CreateAsync(memory);
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
                () => new BackupMerger(sink).MergeAsync(chain.Last, new MergeOptions { VolumeBytes = 1000 }, cancellationToken: cancelled.Token));

            Assert.Equal(cancelled.Token, exception.CancellationToken);
            Assert.Empty(await memory.ListAsync(chain.Last.Next().Value).ToListAsync());
        }
    }

    [Fact]
    public async Task MergeAsync_APruneIsAboutToRemoveWhatIsNeeded_SaysSoAndLeavesNothing()
    {
        var chain = await BackupChain.CreateAsync();
        await chain.Sink.WriteObjectAsync($"{chain.Ids.First()}/{ArchiveNames.PruneMark}", [1]);

        var exception = await Assert.ThrowsAsync<ResumeException>(() => new BackupMerger(chain.Sink).MergeAsync(chain.Last));

        Assert.Equal((chain.Ids.First().Value, ErrorCategory.Conflict), (exception.Subject, exception.Category));
        Assert.Empty(await chain.Sink.ListAsync(chain.Last.Next().Value).ToListAsync());
    }

    [Fact]
    public async Task MergeAsync_UnderWay_NamesWhatItNeedsInItsLease()
    {
        var memory = new InMemorySink();
        var chain = await BackupChain.CreateAsync(memory);
        IReadOnlyList<BackupId>? needs = null;
        var sink = new CountingSink(memory, written =>
        {
            if (written > 3000)
            {
                needs ??= LeaseFile.FindAsync(memory, chain.Last.Next(), CancellationToken.None).AsTask().GetAwaiter().GetResult().Content?.Needs;
            }
        });

        await new BackupMerger(sink).MergeAsync(chain.Last, new MergeOptions { VolumeBytes = 1000 });

        Assert.Equal(chain.Ids, needs!.Order());
    }

    [Fact]
    public async Task MergeAsync_AfterAKilledMerge_RemovesWhatItLeft()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 22, 3, 15, 0, TimeSpan.Zero));
        var chain = await BackupChain.CreateAsync();
        var merged = chain.Last.Next();
        var dead = new LeaseContent("elsewhere/1/0", time.GetUtcNow() + RunLease.Length);
        await LeaseFile.WriteAsync(chain.Sink, merged, 3, dead, CancellationToken.None);
        await chain.Sink.WriteObjectAsync($"{merged}/volume-0001.zip", [1, 2, 3]);
        await chain.Sink.WriteObjectAsync($"{merged}/index-0001.ndjson.gz", [4]);
        await Assert.ThrowsAsync<ResumeException>(() => new BackupMerger(chain.Sink, time).MergeAsync(chain.Last));
        time.Advance(RunLease.Length);

        var result = await new BackupMerger(chain.Sink, time).MergeAsync(chain.Last);

        Assert.Equal(merged, result.Backup);
        await chain.AssertHoldsAsync(merged, chain.Last);
        Assert.Empty((await new BackupVerifier(chain.Sink).VerifyAsync(merged)).Findings);
    }

    private static byte[] Changed(byte[] bytes, long position)
    {
        var changed = (byte[])bytes.Clone();
        changed[position] ^= 1;
        return changed;
    }
}
