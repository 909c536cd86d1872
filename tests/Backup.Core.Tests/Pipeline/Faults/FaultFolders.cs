using Backup.Core.Archives;
using Backup.Core.Sinks;
using Backup.Core.Tests.Pipeline.Fakes;

namespace Backup.Core.Tests.Pipeline.Faults;

/// <summary>Tells from the files of a sink what runs have left in it.</summary>
internal sealed class FaultFolders(IBackupSink sink)
{
    /// <summary>The file that commits a backup.</summary>
    public const string Manifest = "manifest.json";

    private const string Checkpoint = "checkpoint-";
    private const string Volume = "volume-";
    private const string Index = "index-";
    private const string References = "references-";
    private const string Lease = "lease-";

    /// <summary>The backups that are committed, the oldest first.</summary>
    public async Task<IReadOnlyList<BackupId>> FindCommittedAsync() =>
        [.. (await ReadAsync()).Where(folder => folder.Value.Contains(Manifest)).Select(folder => folder.Key).OrderBy(id => id.Value, StringComparer.Ordinal)];

    /// <summary>The run that can be resumed, if there is one.</summary>
    public async Task<BackupId?> FindResumableAsync()
    {
        var runs = (await ReadAsync()).Where(folder => !folder.Value.Contains(Manifest) && folder.Value.Any(IsCheckpoint)).Select(folder => folder.Key).ToList();
        Assert.True(runs.Count < 2, "Two runs were left.");
        return runs.Count == 0 ? null : runs[0];
    }

    /// <summary>Asserts that of runs without a backup only what a checkpoint names is left, if anything may be.</summary>
    /// <param name="run">The run that may be left; <see langword="null"/> when none may.</param>
    /// <param name="mayHoldRests">Whether an earlier process died, and nobody has put its folder in order since.</param>
    public async Task AssertHoldsOnlyWhatResumeNeedsAsync(BackupId? run, bool mayHoldRests)
    {
        foreach (var (id, files) in (await ReadAsync()).Where(folder => !folder.Value.Contains(Manifest)))
        {
            Assert.True(run == id && files.Any(IsCheckpoint), $"Of run {id} there is left what nobody needs: {string.Join(", ", files)}.");
            Assert.All(files, file => Assert.True(IsNeeded(file) || (mayHoldRests && IsLease(file)), $"{file} is left."));

            // A checkpoint without a volume tells of tables without rows, or of what could not be told before.
            var volumes = files.Count(file => file.StartsWith(Volume, StringComparison.Ordinal));
            Assert.True(mayHoldRests || volumes <= files.Count(IsCheckpoint), $"A volume without checkpoint is left of {string.Join(", ", files)}.");
        }
    }

    private static bool IsLease(string file) => file.StartsWith(Lease, StringComparison.Ordinal);

    private static bool IsNeeded(string file) =>
        IsCheckpoint(file) || new[] { Volume, Index, References }.Any(name => file.StartsWith(name, StringComparison.Ordinal));

    private static bool IsCheckpoint(string file) => file.StartsWith(Checkpoint, StringComparison.Ordinal);

    private async Task<Dictionary<BackupId, List<string>>> ReadAsync()
    {
        var folders = new Dictionary<BackupId, List<string>>();
        foreach (var name in await RunScene.NamesAsync(sink))
        {
            var slash = name.IndexOf('/', StringComparison.Ordinal);
            Assert.True(BackupId.TryParse(name[..slash], out var id), $"'{name}' belongs to no run.");
            if (!folders.TryGetValue(id, out var files))
            {
                folders.Add(id, files = []);
            }

            files.Add(name[(slash + 1)..]);
        }

        return folders;
    }
}
