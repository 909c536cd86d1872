using Backup.Core.Archives;
using Backup.Core.Catalog.Retention;
using Backup.Core.Errors;
using Backup.Core.Merging;
using Backup.Core.Sinks;
using Backup.Core.Tests.Catalog.Retention;
using Backup.TestKit.Archives;

namespace Backup.Core.Tests.Merging;

/// <summary>Merges of what is merged already, or is being merged by others.</summary>
public sealed class RepeatedMergeTests
{
    [Fact]
    public async Task MergeAsync_Again_NamesTheFirstMerge()
    {
        var chain = await BackupChain.CreateAsync();
        var first = await new BackupMerger(chain.Sink).MergeAsync(chain.Last);
        var files = await chain.Sink.ListAsync("").ToListAsync();

        var again = await new BackupMerger(chain.Sink).MergeAsync(chain.Last);
        var ofTheMerged = await new BackupMerger(chain.Sink).MergeAsync(first.Backup);

        Assert.Equal((MergeOutcome.AlreadyMerged, first.Backup), (again.Outcome, again.Backup));
        Assert.Equal((MergeOutcome.NotNeeded, first.Backup), (ofTheMerged.Outcome, ofTheMerged.Backup));
        Assert.Equal(files, await chain.Sink.ListAsync("").ToListAsync());
    }

    [Fact]
    public async Task MergeAsync_IdBehindIsTaken_TakesTheNext()
    {
        var chain = await BackupChain.CreateAsync();
        await chain.Sink.WriteObjectAsync($"{chain.Last.Next()}/manifest.json", [1, 2, 3]);

        var result = await new BackupMerger(chain.Sink).MergeAsync(chain.Last);

        Assert.Equal(chain.Last.Next().Next(), result.Backup);
        await chain.AssertHoldsAsync(result.Backup, chain.Last);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task MergeAsync_IdBehindIsBeingRemoved_TakesTheNext(bool hasManifest)
    {
        var chain = await BackupChain.CreateAsync();
        var first = await new BackupMerger(chain.Sink).MergeAsync(chain.Last);
        await using var prune = await PruneLease.AcquireAsync(chain.Sink, TimeProvider.System, CancellationToken.None);
        await chain.Sink.WriteObjectAsync($"{first.Backup}/{ArchiveNames.PruneMark}", [1]);
        if (!hasManifest)
        {
            await chain.Sink.DeleteAsync($"{first.Backup}/{ArchiveNames.Manifest}");
        }

        var result = await new BackupMerger(chain.Sink).MergeAsync(chain.Last);

        Assert.Equal((MergeOutcome.Merged, chain.Last.Next().Next()), (result.Outcome, result.Backup));
        await chain.AssertHoldsAsync(result.Backup, chain.Last);
    }

    [Fact]
    public async Task MergeAsync_AnotherProcessMergesTheSameAtAnyMoment_NamesItsBackupOrSaysSo()
    {
        for (var call = 1; ; call++)
        {
            var chain = new BackupChain(new InMemorySink());
            await chain.AddAsync(new Dictionary<string, byte[]> { ["a"] = [1, 2, 3], ["b"] = [4] });
            await chain.AddAsync(new Dictionary<string, byte[]> { ["a"] = [1, 2, 3], ["b"] = [5] });
            var sink = new SteppingSink(chain.Sink, async number =>
            {
                if (number == call)
                {
                    await TryMergeAsync(chain.Sink, chain.Last);
                }
            });

            await TryMergeAsync(sink, chain.Last);

            await chain.AssertHoldsAsync(chain.Last.Next(), chain.Last);
            if (sink.Calls < call)
            {
                return;
            }
        }
    }

    private static async Task TryMergeAsync(IBackupSink sink, BackupId backup)
    {
        try
        {
            Assert.Equal(backup.Next(), (await new BackupMerger(sink).MergeAsync(backup)).Backup);
        }
        catch (ResumeException exception)
        {
            Assert.Equal((backup.Value, ErrorCategory.Conflict), (exception.Subject, exception.Category));
        }
    }
}
