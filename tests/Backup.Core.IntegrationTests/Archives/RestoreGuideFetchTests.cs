using System.Text;
using Backup.Core.Archives;
using Backup.Core.Archives.Manifest;
using Backup.Core.Archives.Referencing;
using Backup.Core.Compression;
using Backup.Core.ObjectStores;
using Backup.Core.Sinks;
using Backup.TestKit;
using Backup.TestKit.Archives;
using Backup.TestKit.Tools;

namespace Backup.Core.IntegrationTests.Archives;

/// <summary>What RESTORE.md of an incremental backup says of the files that lie in others, done as it says.</summary>
public sealed class RestoreGuideFetchTests
{
    private static readonly BackupId Older = new("20261121T031500Z-0001");
    private static readonly DeflateCompressor Deflate = new();

    private static readonly (string Path, string Before)[] Referenced =
    [
        ("database/data/public.film/000001.copy", "database/data/public.film/000001.copy"),
        ("storage/b/it's 100%25 & more (1), $x; #.txt", "storage/b/it's 100%25 & more (1), $x; #.txt"),
        ("storage/b/a~ca978112ca1bbdcafac231b39a23dc4d", "storage/b/a"),
    ];

    [Theory]
    [InlineData("for b in 20261121T031500Z-0001; do 7z ")]
    [InlineData("for b in 20261121T031500Z-0001; do mkdir ")]
    public async Task Guide_Followed_PutsTheFilesOfOtherBackupsInPlace(string unpackWith)
    {
        using var folder = new TemporaryFolder();
        var guide = await WriteAsync(folder);

        await RunAsync(folder, guide.Split('\n').Single(line => line.StartsWith(unpackWith, StringComparison.Ordinal)));
        await RunAsync(folder, "unzip -q -d restored 'volume-*.zip'");
        var result = await RunAsync(folder, ScriptOf(guide));

        Assert.Equal("", result.Output);
        foreach (var (path, before) in Referenced)
        {
            Assert.Equal(before, await File.ReadAllTextAsync(folder[$"{ArchiveBuilder.Id}/restored/{path}"]));
        }

        Assert.Equal("own", await File.ReadAllTextAsync(folder[$"{ArchiveBuilder.Id}/restored/storage/b/own"]));
    }

    private static string ScriptOf(string guide)
    {
        var start = guide.IndexOf("zcat references-", StringComparison.Ordinal);
        return guide[start..guide.IndexOf("```", start, StringComparison.Ordinal)];
    }

    // An older backup that holds the files under their former names, and one upon it that references them.
    private static async Task<string> WriteAsync(TemporaryFolder folder)
    {
        var sink = new DirectorySink(folder.Path);
        await using (var writer = new ArchiveWriter(sink, Older, new ArchiveWriterOptions { MaxEntriesPerVolume = 2 }))
        {
            foreach (var (_, before) in Referenced)
            {
                await writer.AppendAsync(before, Encoding.UTF8.GetBytes(before), Deflate);
            }

            var contents = await writer.CompleteAsync(CancellationToken.None);
            await writer.CommitAsync(ArchiveBuilder.ManifestOf(contents) with { Id = Older, FormatVersion = contents.FormatVersion }, CancellationToken.None);
        }

        return await WriteIncrementalAsync(sink, await ArchiveReader.OpenAsync(sink, Older, CancellationToken.None));
    }

    private static async Task<string> WriteIncrementalAsync(DirectorySink sink, ArchiveReader older)
    {
        await using var writer = new ArchiveWriter(
            sink, ArchiveBuilder.Id, new ArchiveWriterOptions { Referable = ReferableBackups.Of(older.Manifest) });
        await writer.AppendAsync("storage/b/own", "own"u8.ToArray(), Deflate);
        foreach (var (path, before) in Referenced)
        {
            var entry = await older.FindAsync(before, CancellationToken.None);
            await writer.AddReferenceAsync(
                entry! with { Path = path, Backup = Older, EntryPath = path == before ? null : before }, CancellationToken.None);
        }

        var guide = RestoreGuide.Write(new RestoreGuideFacts
        {
            Id = ArchiveBuilder.Id,
            WrittenBy = "Backup.Core tests",
            Method = Deflate.Method,
            References = writer.References,
            Storage = new RestoreGuideStorage("https://project.example", ObjectListingMethod.Store),
        });
        await writer.AppendAsync(EntryPaths.RestoreGuide, guide, Deflate);
        var contents = await writer.CompleteAsync(CancellationToken.None);
        var manifest = ArchiveBuilder.ManifestOf(contents) with
        {
            FormatVersion = contents.FormatVersion,
            Kind = BackupKind.Incremental,
            Parent = Older,
            Chain = 1,
        };
        await writer.CommitAsync(manifest, CancellationToken.None);
        return Encoding.UTF8.GetString(guide);
    }

    private static async Task<ToolResult> RunAsync(TemporaryFolder folder, string script)
    {
        var shell = new ToolCommand("bash", "-c", script)
        {
            WorkingDirectory = folder[ArchiveBuilder.Id.Value],
            Variables = new Dictionary<string, string?> { ["LC_ALL"] = "C.UTF-8" },
        };
        return (await ExternalTool.RunAsync(shell, CancellationToken.None)).EnsureSuccess();
    }
}
