using Backup.Core.ObjectStores;
using Backup.Core.Pipeline;
using Backup.Core.Restore;
using Backup.Core.Sinks;
using Backup.TestKit;

namespace Backup.Core.Tests.Restore.Files;

/// <summary>A tree of files, backed up and restored as buckets of objects.</summary>
public sealed class FolderRoundTripTests
{
    [Fact]
    public async Task RunAsync_FolderToFolder_EveryFileComesBack()
    {
        using var source = new TemporaryFolder();
        using var target = new TemporaryFolder();
        var random = new Random(6);
        foreach (var (name, bytes) in new[] { ("a/one.txt", 1), ("a/deep/er/two", 70_000), ("a/empty", 0), ("b/Ünicode %41.bin", 3_000_000), ("b/CON", 5) })
        {
            var content = new byte[bytes];
            random.NextBytes(content);
            var path = Path.Combine(source.Path, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllBytesAsync(path, content);
        }

        Directory.CreateDirectory(Path.Combine(source.Path, "void"));
        var sink = new InMemorySink();
        await new BackupPipelineBuilder().UseSink(sink).UseObjectStore(new DirectoryObjectStore(source.Path)).Build().RunAsync(new BackupRequest());

        var result = await FilesRestore.RunAsync(sink, new DirectoryObjectStore(target.Path));

        Assert.Equal(RestoreOutcome.Complete, result.Outcome);
        Assert.Equal(Read(source.Path), Read(target.Path));
        Assert.True(Directory.Exists(Path.Combine(target.Path, "void")));
    }

    private static Dictionary<string, string> Read(string folder) => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .ToDictionary(path => Path.GetRelativePath(folder, path), path => Convert.ToHexString(File.ReadAllBytes(path)));
}
