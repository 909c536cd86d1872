using System.Text;
using Backup.Core.Archives;
using Backup.Core.Compression;
using Backup.Core.Sinks;
using Backup.TestKit;
using Backup.TestKit.Archives;
using Backup.TestKit.Tools;

namespace Backup.Core.IntegrationTests.Archives;

/// <summary>What other programs say of the volumes.</summary>
public sealed class ZipToolsTests
{
    private static readonly byte[] Text = Encoding.UTF8.GetBytes(
        string.Concat(Enumerable.Range(0, 20_000).Select(i => $"{i}\tJürgen\t{i * 31 % 977}\n")));

    [Theory]
    [InlineData(Compressors.None, uint.MaxValue)]
    [InlineData(Compressors.Deflate, uint.MaxValue)]
    [InlineData(Compressors.Zstandard, uint.MaxValue)]
    [InlineData(Compressors.Deflate, 1)]
    [InlineData(Compressors.Zstandard, 1)]
    public async Task Volume_AnyCodecAndZip64_IsTakenByEveryToolThatKnowsIt(string codec, long zip64Limit)
    {
        using var folder = new TemporaryFolder();
        await WriteAsync(folder, codec, new ArchiveWriterOptions { Zip64Limit = zip64Limit });
        var volume = folder[$"{ArchiveBuilder.Id}/volume-0001.zip"];

        await AcceptAsync("7z", "t", volume);
        await AcceptAsync("bsdtar", "-t", "-f", volume);
        await AcceptAsync("zipinfo", "-v", volume);
        if (codec != Compressors.Zstandard)
        {
            await AcceptAsync("unzip", "-t", volume);
            await AcceptAsync("unzip", "-d", folder["unzip"], volume);
            AssertUnpacked(folder, "unzip");
        }

        await AcceptAsync("7z", "x", $"-o{folder["7z"]}", volume);
        AssertUnpacked(folder, "7z");
        Directory.CreateDirectory(folder["bsdtar"]);
        await AcceptAsync("bsdtar", "-x", "-C", folder["bsdtar"], "-f", volume);
        AssertUnpacked(folder, "bsdtar");
    }

    [Fact]
    public async Task Volume_EntriesGivenUpAtTheBeginningInTheMiddleAndAtTheEnd_IsTakenByEveryTool()
    {
        using var folder = new TemporaryFolder();
        await using (var writer = new ArchiveWriter(new DirectorySink(folder.Path), ArchiveBuilder.Id, new ArchiveWriterOptions()))
        {
            await GiveUpAsync(writer);
            await writer.AppendAsync("kept", Text, new DeflateCompressor());
            await GiveUpAsync(writer);
            await GiveUpAsync(writer);
            await writer.AppendAsync("kept too", Text, new DeflateCompressor());
            await GiveUpAsync(writer);
            await writer.CommitAsync();
        }

        var volume = folder[$"{ArchiveBuilder.Id}/volume-0001.zip"];
        await AcceptAsync("unzip", "-t", volume);
        await AcceptAsync("7z", "t", volume);
        Assert.Equal("kept\nkept too\n", (await AcceptAsync("bsdtar", "-t", "-f", volume)).Output);

        static async Task GiveUpAsync(ArchiveWriter writer)
        {
            await writer.BeginAsync(new EntryHeader("given-up", null, CompressionMethod.Deflate), CancellationToken.None);
            await writer.WriteAsync(ArchiveBuilder.Pack(new DeflateCompressor(), Text, isLast: false), CancellationToken.None);
            writer.Abandon();
        }
    }

    [Fact]
    public async Task Volumes_Several_AreUnpackedIntoOneFolderByTheCommandsOfTheGuide()
    {
        using var folder = new TemporaryFolder();
        await WriteAsync(folder, Compressors.Deflate, new ArchiveWriterOptions { MaxEntriesPerVolume = 2 });

        foreach (var command in (string[])
        [
            "unzip -d unzip 'volume-*.zip'",
            "7z x -o7z 'volume-*.zip'",
            "mkdir -p bsdtar && for v in volume-*.zip; do bsdtar -x -C bsdtar -f \"$v\"; done",
        ])
        {
            var shell = new ToolCommand("bash", "-c", command) { WorkingDirectory = folder[ArchiveBuilder.Id.Value] };
            (await ExternalTool.RunAsync(shell, CancellationToken.None)).EnsureSuccess();
        }

        Assert.Equal(3, folder.Files.Count(file => file.EndsWith(".zip", StringComparison.Ordinal)));
        AssertUnpacked(folder, $"{ArchiveBuilder.Id}/unzip");
        AssertUnpacked(folder, $"{ArchiveBuilder.Id}/7z");
        AssertUnpacked(folder, $"{ArchiveBuilder.Id}/bsdtar");
    }

    [Fact]
    public async Task Volume_ObjectsWithHostileNames_AreUnpackedByEveryToolIntoTheirFolder()
    {
        string[] names =
        [
            "a", "A", "a/b", "", "x//y/", "../../../etc/passwd", "/etc/passwd", "C:\\x", "con", "nul.txt/aux", " lead", "trail ", "dots...", "-rf", "$(id)",
            "`id`;'\"", "100%41~", "ünïcode/名前\n", "*?[a]{b}", new string('名', 300), string.Join('/', Enumerable.Repeat("0123456789", 300)),
        ];
        using var folder = new TemporaryFolder();
        var paths = new ObjectPaths();
        await using (var writer = new ArchiveWriter(new DirectorySink(folder.Path), ArchiveBuilder.Id, new ArchiveWriterOptions()))
        {
            foreach (var name in names)
            {
                await writer.AppendAsync(paths.Assign("b", name), Encoding.UTF8.GetBytes(name), new DeflateCompressor());
            }

            await writer.CommitAsync();
        }

        var volume = folder[$"{ArchiveBuilder.Id}/volume-0001.zip"];
        await AcceptAsync("unzip", "-d", folder["unzip"], volume);
        await AcceptAsync("7z", "x", $"-o{folder["7z"]}", volume);
        Directory.CreateDirectory(folder["bsdtar"]);
        await AcceptAsync("bsdtar", "-x", "-C", folder["bsdtar"], "-f", volume);

        foreach (var tool in (string[])["unzip", "7z", "bsdtar"])
        {
            var contents = Directory.EnumerateFiles(folder[$"{tool}/storage/b"], "*", SearchOption.AllDirectories).Select(File.ReadAllText);
            Assert.Equal(names.Order(StringComparer.Ordinal), contents.Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public async Task Volume_Unpacked_HasModeAndTime()
    {
        using var folder = new TemporaryFolder();
        await WriteAsync(folder, Compressors.Deflate, new ArchiveWriterOptions());

        await AcceptAsync("unzip", "-d", folder["out"], folder[$"{ArchiveBuilder.Id}/volume-0001.zip"]);

        var file = new FileInfo(folder["out/database/toc.json"]);
        Assert.Equal(new DateTime(2026, 11, 22, 3, 15, 0, DateTimeKind.Utc), file.LastWriteTimeUtc);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead, file.UnixFileMode);
        }
    }

    [Fact]
    public async Task Volume_MoreEntriesThanZipCounts_IsTakenByEveryTool()
    {
        const int Entries = 66_000;
        using var folder = new TemporaryFolder();
        var sink = new DirectorySink(folder.Path);
        await using (var writer = new ArchiveWriter(sink, ArchiveBuilder.Id, new ArchiveWriterOptions { MaxEntriesPerVolume = 100_000 }))
        {
            var content = ArchiveBuilder.ContentOf([]);
            for (var i = 0; i < Entries; i++)
            {
                await writer.AppendAsync(new EntryHeader($"e/{i}", null, CompressionMethod.None), content, [], CancellationToken.None);
            }

            await writer.CommitAsync();
        }

        var volume = folder[$"{ArchiveBuilder.Id}/volume-0001.zip"];
        await AcceptAsync("unzip", "-tqq", volume);
        Assert.Contains($"Files: {Entries}", (await AcceptAsync("7z", "t", volume)).Output, StringComparison.Ordinal);
        Assert.Equal(Entries, (await AcceptAsync("bsdtar", "-t", "-f", volume)).Output.Count(character => character == '\n'));
        var reader = await ArchiveReader.OpenAsync(sink, ArchiveBuilder.Id, CancellationToken.None);
        Assert.Equal(Entries, await reader.Volume(1).ReadCentralDirectoryAsync(CancellationToken.None).CountAsync());
    }

    private static async Task WriteAsync(TemporaryFolder folder, string codec, ArchiveWriterOptions options)
    {
        var compressor = Compressors.Create(codec);
        await using var writer = new ArchiveWriter(new DirectorySink(folder.Path), ArchiveBuilder.Id, options);
        await writer.AppendAsync("database/toc.json", Text, compressor);
        await writer.StreamAsync("database/data/public.%46ilm/000001.copy", Text, compressor);
        await writer.AppendAsync("database/empty", [], compressor);
        await writer.AppendAsync("storage/ünïcode/名前.txt", Text, compressor);
        await writer.StreamAsync("RESTORE.md", Text, compressor);
        await writer.CommitAsync();
    }

    private static void AssertUnpacked(TemporaryFolder folder, string into)
    {
        foreach (var path in (string[])
            ["database/toc.json", "database/data/public.%46ilm/000001.copy", "storage/ünïcode/名前.txt", "RESTORE.md"])
        {
            Assert.True(Text.AsSpan().SequenceEqual(File.ReadAllBytes(folder[$"{into}/{path}"])), $"{into}: {path}");
        }

        Assert.Empty(File.ReadAllBytes(folder[$"{into}/database/empty"]));
    }

    // Info-ZIP writes names in the locale's encoding.
    private static async Task<ToolResult> AcceptAsync(string tool, params string[] arguments)
    {
        var command = new ToolCommand(tool, arguments)
        {
            Variables = new Dictionary<string, string?> { ["LC_ALL"] = "C.UTF-8" },
        };
        return (await ExternalTool.RunAsync(command, CancellationToken.None)).EnsureSuccess();
    }
}
