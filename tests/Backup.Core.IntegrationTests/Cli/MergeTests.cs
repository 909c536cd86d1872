using System.Globalization;
using Backup.Core.Archives;
using Backup.Core.Archives.Manifest;
using Backup.Core.Compression;
using Backup.Core.Sinks;
using Backup.Core.Verification;
using Backup.TestKit;
using Backup.TestKit.Archives;

namespace Backup.Core.IntegrationTests.Cli;

/// <summary>Merges by the tool, and prunes of what was merged, some of which are killed.</summary>
public sealed class MergeTests : IDisposable
{
    // The number of random points to kill at; a few unless it is set.
    private const string KillsVariable = "BACKUP_CORE_KILLS";
    private const int DefaultKills = 2;
    private const string BackupFile = @"^(manifest\.json|volume-\d{4}\.zip|(index|references)-\d{4}\.ndjson\.gz)$";

    private readonly TemporaryFolder _folder = new();
    private readonly DirectorySink _sink;

    public MergeTests() => _sink = new DirectorySink(_folder.Path);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Merge_Incremental_MakesABackupThatNeedsNoOther()
    {
        var chain = await BackupChain.CreateAsync(_sink);

        var run = (await ToolProcess.RunAsync("merge", "latest", "--from", _folder.Path, "--json")).EnsureComplete();

        Assert.Equal("merged", run.Document.GetProperty("outcome").GetString());
        Assert.Equal(chain.Last.Value, run.Document.GetProperty("source").GetString());
        Assert.True(run.Document.GetProperty("copiedBytes").GetInt64() > 0);
        foreach (var id in chain.Ids)
        {
            Directory.Delete(Path.Combine(_folder.Path, id.Value), recursive: true);
        }

        await chain.AssertHoldsAsync(new BackupId(run.Document.GetProperty("id").GetString()!), chain.Last);
        (await ToolProcess.RunAsync("verify", "latest", "--from", _folder.Path)).EnsureComplete();
    }

    [Fact]
    public async Task Merge_Again_SaysThatThereIsNothingToDo()
    {
        var chain = await BackupChain.CreateAsync(_sink);

        var first = (await ToolProcess.RunAsync("merge", chain.Last.Value, "--from", _folder.Path)).EnsureComplete();
        var again = (await ToolProcess.RunAsync("merge", chain.Last.Value, "--from", _folder.Path)).EnsureComplete();
        var latest = (await ToolProcess.RunAsync("merge", "latest", "--from", _folder.Path)).EnsureComplete();

        Assert.Contains("which needs no other", first.Output, StringComparison.Ordinal);
        Assert.Contains("has been merged before", again.Output, StringComparison.Ordinal);
        Assert.Contains("there is nothing to merge", latest.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Merge_ParentWasDeleted_SaysSoInOneLine()
    {
        var chain = await BackupChain.CreateAsync(_sink);
        Directory.Delete(Path.Combine(_folder.Path, chain.Ids.First().Value), recursive: true);

        (await ToolProcess.RunAsync("merge", "latest", "--from", _folder.Path)).AssertFailed(3, chain.Last.Value, chain.Ids.First().Value);
    }

    [Fact]
    public async Task Merge_KilledAtRandomPoints_LeavesEveryBackupWhole()
    {
        var chain = await CreateLargeAsync();
        var kills = Kills();
        var random = new Random(kills);
        var killed = 0;
        for (var kill = 0; kill < kills; kill++)
        {
            await using var tool = Start(chain);
            var most = FolderBytes() + random.NextInt64(1, 24_000_000);
            killed += await KillWhenAsync(tool, () => FolderBytes() >= most) ? 1 : 0;
            await tool.EndAsync();
            await AssertWholeAsync(chain);
            await RemoveMergedAsync(chain);
        }

        (await Start(chain).EndAsync()).EnsureComplete();
        var merged = await AssertWholeAsync(chain);
        await chain.AssertHoldsAsync(merged!.Value, chain.Last);
        Assert.All(new DirectoryInfo(_folder.Path).EnumerateFiles("*", AllFiles), file => Assert.Matches(BackupFile, file.Name));
        Assert.True(killed > 0, "Every merge ended before it could be killed.");
    }

    [Fact]
    public async Task Prune_KilledAtRandomPoints_LeavesEveryBackupThatIsLeftWhole()
    {
        var kills = Kills();
        var random = new Random(kills);
        var killed = 0;
        for (var kill = 0; kill < kills; kill++)
        {
            var chain = await CreateLargeAsync();
            await Start(chain).EndAsync();
            var merged = chain.Last.Next();
            var files = FileCount();
            await using (var tool = StartPrune())
            {
                var most = files - random.Next(1, 14);
                killed += await KillWhenAsync(tool, () => FileCount() <= most) ? 1 : 0;
                await tool.EndAsync();
            }

            Assert.Contains(merged, await AssertAllWholeAsync());
            (await StartPrune().EndAsync()).EnsureComplete();
            Assert.Equal([merged], await AssertAllWholeAsync());
            await chain.AssertHoldsAsync(merged, chain.Last);
            Assert.Equal([merged.Value], Directory.GetDirectories(_folder.Path).Select(Path.GetFileName));
            Assert.All(new DirectoryInfo(_folder.Path).EnumerateFiles("*", AllFiles), file => Assert.Matches(BackupFile, file.Name));
            Directory.Delete(Path.Combine(_folder.Path, merged.Value), recursive: true);
        }

        Assert.True(killed > 0, "Every prune ended before it could be killed.");
    }

    private static int Kills() => int.Parse(Environment.GetEnvironmentVariable(KillsVariable) ?? $"{DefaultKills}", CultureInfo.InvariantCulture);

    private static EnumerationOptions AllFiles => new() { RecurseSubdirectories = true, AttributesToSkip = 0 };

    // Some 20 MB, most of it in the first backup.
    private async Task<BackupChain> CreateLargeAsync()
    {
        var chain = new BackupChain(_sink) { Compressor = new NoCompressor(), Options = new ArchiveWriterOptions { VolumeBytes = 4_000_000 } };
        var random = new Random(7);
        var files = Enumerable.Range(0, 100).ToDictionary(i => $"{i:000}.bin", _ => RandomBytes(random));
        await chain.AddAsync(files);
        for (var day = 1; day <= 3; day++)
        {
            files[$"{day * 20:000}.bin"] = RandomBytes(random);
            await chain.AddAsync(files);
        }

        return chain;
    }

    private static byte[] RandomBytes(Random random)
    {
        var bytes = new byte[200_000];
        random.NextBytes(bytes);
        return bytes;
    }

    private ToolProcess Start(BackupChain chain) =>
        ToolProcess.Start([], "merge", chain.Last.Value, "--from", _folder.Path, "--volume-size", "2MiB");

    private ToolProcess StartPrune() => ToolProcess.Start([], "prune", "--from", _folder.Path, "--keep-last", "1");

    // Every folder with a manifest is a backup, and verifies with all that it needs.
    private async Task<IReadOnlyList<BackupId>> AssertAllWholeAsync()
    {
        var backups = await _sink.ListAsync("").Where(item => item.Name.EndsWith("/" + ArchiveNames.Manifest, StringComparison.Ordinal))
            .Select(item => new BackupId(item.Name.Split('/')[0])).ToListAsync();
        foreach (var id in backups)
        {
            Assert.Empty((await new BackupVerifier(_sink).VerifyAsync(id, new VerificationOptions { Full = true })).Findings);
        }

        return backups;
    }

    // What was there verifies, and so does the merged one where there is one.
    private async Task<BackupId?> AssertWholeAsync(BackupChain chain)
    {
        var merged = chain.Last.Next();
        var isCommitted = await _sink.ListAsync($"{merged}/{ArchiveNames.Manifest}").AnyAsync();
        foreach (var id in isCommitted ? chain.Ids.Append(merged) : chain.Ids)
        {
            Assert.Empty((await new BackupVerifier(_sink).VerifyAsync(id)).Findings);
        }

        return isCommitted ? merged : null;
    }

    // So that the next one begins anew; what was killed before its commit is the next one's to remove.
    private async Task RemoveMergedAsync(BackupChain chain)
    {
        var folder = Path.Combine(_folder.Path, chain.Last.Next().Value);
        if (File.Exists(Path.Combine(folder, ArchiveNames.Manifest)))
        {
            await ManifestFile.ReadAsync(_sink, chain.Last.Next(), CancellationToken.None);
            Directory.Delete(folder, recursive: true);
        }
    }

    // False when the tool ended first.
    private static async Task<bool> KillWhenAsync(ToolProcess tool, Func<bool> isDue)
    {
        while (!tool.HasExited)
        {
            if (isDue())
            {
                tool.Kill();
                return true;
            }

            await Task.Yield();
        }

        return false;
    }

    private int FileCount() => new DirectoryInfo(_folder.Path).EnumerateFiles("*", AllFiles).Count();

    private long FolderBytes() => new DirectoryInfo(_folder.Path).EnumerateFiles("*", AllFiles).Sum(LengthOf);

    // Zero for a file that has gone since it was listed.
    private static long LengthOf(FileInfo file)
    {
        try
        {
            return file.Length;
        }
        catch (FileNotFoundException)
        {
            return 0;
        }
    }
}
