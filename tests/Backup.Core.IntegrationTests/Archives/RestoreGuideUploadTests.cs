using System.Text;
using Backup.Core.Archives;
using Backup.Core.Compression;
using Backup.Core.ObjectStores;
using Backup.Core.Sinks;
using Backup.TestKit;
using Backup.TestKit.Archives;
using Backup.TestKit.Storage;
using Backup.TestKit.Tools;

namespace Backup.Core.IntegrationTests.Archives;

/// <summary>What RESTORE.md says of files, done as it says.</summary>
public sealed class RestoreGuideUploadTests
{
    private static readonly string[] Names =
    [
        "me.png", "a", "a/b", "A", "x//y/", "folder (1)/it's 100 & more, $1 + @2.txt", " lead", "trail ", "con/nul.txt", "v1...", "colon:star*q?.bin",
        new string('s', 240), string.Join('/', Enumerable.Repeat("123456789", 100)), ".emptyFolderPlaceholder",
    ];

    [Fact]
    public async Task Script_ObjectsWithHardNames_AreUploadedAsTheyWere()
    {
        await using var server = await StorageServer.StartAsync();
        using var folder = new TemporaryFolder();
        var guide = await WriteAsync(folder);
        await server.State.CreateBucketAsync("files");
        await server.State.CreateBucketAsync("Other files");

        await RunAsync(folder, "unzip -q -d restored 'volume-*.zip'");
        var result = await RunAsync(folder, ScriptOf(guide, server));

        Assert.Equal("", result.Output);
        foreach (var expected in Objects())
        {
            var actual = server.State.Find(expected.Bucket, expected.Name);
            Assert.NotNull(actual);
            Assert.Equal(
                (expected.ContentType, expected.CacheControl, expected.UserMetadata ?? "{}"),
                (actual.Metadata!.MimeType, actual.Metadata.CacheControl, actual.UserMetadata));
            await using var content = new MemoryStream(ContentOf(expected));
            Assert.True(await actual.Content!.EqualsAsync(content), expected.Name);
        }

        Assert.Equal(Names.Length * 2, server.State.Objects("files").Count + server.State.Objects("Other files").Count);
    }

    private static string ScriptOf(string guide, StorageServer server)
    {
        var start = guide.IndexOf("export URL=", StringComparison.Ordinal);
        var script = guide[start..guide.IndexOf("```", start, StringComparison.Ordinal)];
        return script
            .Replace("https://<project>.supabase.co/storage/v1", server.Address.AbsoluteUri.TrimEnd('/'), StringComparison.Ordinal)
            .Replace("<service key>", server.ServiceKey, StringComparison.Ordinal);
    }

    private static IEnumerable<StoredObject> Objects() => Names.SelectMany(name => new[]
    {
        new StoredObject { Bucket = "files", Name = name, ContentType = "image/png", CacheControl = "max-age=60", UserMetadata = """{"a":"é"}""" },
        new StoredObject { Bucket = "Other files", Name = name, ContentType = "text/html; charset=utf-8", CacheControl = "no-cache" },
    });

    private static byte[] ContentOf(StoredObject stored) =>
        stored.Name[0] == '.' ? [] : Encoding.UTF8.GetBytes($"{stored.Bucket}\n{stored.Name}\0");

    private static async Task<string> WriteAsync(TemporaryFolder folder)
    {
        var deflate = new DeflateCompressor();
        await using var writer = new ArchiveWriter(
            new DirectorySink(folder.Path), ArchiveBuilder.Id, new ArchiveWriterOptions { MaxEntriesPerVolume = 10 });
        var guide = RestoreGuide.Write(new RestoreGuideFacts
        {
            Id = ArchiveBuilder.Id,
            WrittenBy = "Backup.Core tests",
            Method = deflate.Method,
            Storage = new RestoreGuideStorage("https://project.example", ObjectListingMethod.Store),
        });
        await writer.AppendAsync(EntryPaths.RestoreGuide, guide, deflate);
        var paths = new ObjectPaths();
        foreach (var stored in Objects())
        {
            var raw = ContentOf(stored);
            var header = new EntryHeader(paths.Assign(stored.Bucket, stored.Name), null, deflate.Method, stored);
            await writer.AppendAsync(header, ArchiveBuilder.ContentOf(raw), [ArchiveBuilder.Pack(deflate, raw)], CancellationToken.None);
        }

        await writer.CommitAsync();
        return Encoding.UTF8.GetString(guide);
    }

    private static async Task<ToolResult> RunAsync(TemporaryFolder folder, string script)
    {
        foreach (var tool in (string[])["unzip", "curl", "jq"])
        {
            await ExternalTool.RunAsync(new ToolCommand(tool, tool == "unzip" ? "-v" : "--version"), CancellationToken.None);
        }

        var shell = new ToolCommand("bash", "-c", script)
        {
            WorkingDirectory = folder[ArchiveBuilder.Id.Value],
            Variables = new Dictionary<string, string?> { ["LC_ALL"] = "C.UTF-8" },
        };
        return (await ExternalTool.RunAsync(shell, CancellationToken.None)).EnsureSuccess();
    }
}
