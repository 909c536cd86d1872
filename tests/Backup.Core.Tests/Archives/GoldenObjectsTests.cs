using System.Globalization;
using System.Text;
using Backup.Core.Archives;
using Backup.Core.Archives.Manifest;
using Backup.Core.Compression;
using Backup.Core.ObjectStores;
using Backup.Core.Sinks;
using Backup.Core.Verification;

namespace Backup.Core.Tests.Archives;

/// <summary>
/// A backup of format 1.1, database and buckets, as the first release with objects wrote it. The files are never written again:
/// every later reader must read them.
/// </summary>
public sealed class GoldenObjectsTests
{
    internal static readonly BackupId Id = new("20261122T181500Z-1a2b");

    internal static readonly StoredObject Portrait = new()
    {
        Bucket = "Avatars",
        Name = "ünïcode/名前 (1).png",
        Bytes = 2000,
        Id = "0b2d4c1e-6f3a-4f8e-9a57-1f2e3d4c5b6a",
        ETag = "\"d41d8cd98f00b204e9800998ecf8427e-2\"",
        Version = "7e1d0f7c-94c6-4d2a-8a55-0c5f9a7d1b1e",
        ContentType = "image/png; charset=\"utf-8\"",
        CacheControl = "max-age=3600",
        UserMetadata = """{"a": "\u00e9é", "b": [1, 2.50], "c": {"d": null}}""",
        OwnerId = "5d9f3c7a-1111-4a5b-8c9d-0e1f2a3b4c5d",
        CreatedAt = new DateTimeOffset(2026, 1, 2, 3, 4, 5, 678, 901, TimeSpan.Zero),
        UpdatedAt = new DateTimeOffset(2026, 11, 22, 18, 0, 0, TimeSpan.Zero),
    };

    internal static readonly (string Bucket, string Name, string Path)[] Objects =
    [
        ("Avatars", Portrait.Name, "storage/%41vatars/%c3%bcn%c3%afcode/%e5%90%8d%e5%89%8d (1).png"),
        ("Avatars", ".emptyFolderPlaceholder", "storage/%41vatars/.emptyFolderPlaceholder"),
        ("buckets.json", "con/../ a.", "storage/%62uckets.json/%63on/.%2e/%20a%2e"),
        ("buckets.json", "100%~*", "storage/%62uckets.json/100%25%7e%2a"),
        ("notes", "a", "storage/notes/a"),
        ("notes", "a/b", "storage/notes/a~b3dda5b674f9ce730a37dee0a33bb31e/b"),
        ("notes", "A", "storage/notes/A~559aead08264d5795d3909718cdd05ab"),
        ("notes", "x//y/", "storage/notes/x/%/y/%"),
        ("notes", new string('s', 201), $"storage/notes/{new string('s', 167)}~74b5c10a8aca9ec209ac84937fefc96d"),
        ("notes", string.Join('/', Enumerable.Repeat("123456789", 90)), $"storage/notes/{string.Concat(Enumerable.Repeat("123456789/", 78))}~5c0a54118afb45cd6a812628ebf5c797"),
    ];

    private static readonly string Folder = Path.Join(AppContext.BaseDirectory, "Fixtures", "format-1.1");

    [Fact]
    public async Task OpenAsync_Format11_HasItsManifest()
    {
        var manifest = (await OpenAsync()).Manifest;

        Assert.Equal("1.1", manifest.FormatVersion);
        Assert.Equal("shop", manifest.Database!.Name);
        Assert.Equal(10, manifest.Totals.Objects);
        var storage = manifest.Storage!;
        Assert.Equal(("https://project.example", ObjectListingMethod.Database, ""), (storage.Location, storage.Listing, storage.Prefix));
        Assert.Equal(
            [("Avatars", "storage/%41vatars/", 3, 2), ("buckets.json", "storage/%62uckets.json/", 2, 2), ("notes", "storage/notes/", 6, 6)],
            storage.Buckets.Select(bucket => (bucket.Id, bucket.Path, (int)bucket.Listed, (int)bucket.Objects)));
        Assert.Equal(
            [new FailureRecord("Avatars/gone.png", "It was deleted while the backup ran.") { Kind = FailureKind.StoredObject }], manifest.Failures);
    }

    [Fact]
    public async Task ReadIndexAsync_Format11_GivesEveryObject()
    {
        var reader = await OpenAsync();
        var entries = await reader.ReadIndexAsync("storage/", CancellationToken.None).Where(entry => entry.Object is not null).ToListAsync();

        Assert.Equal(
            Objects.OrderBy(item => item.Path, StringComparer.Ordinal),
            entries.Select(entry => (entry.Object!.Bucket, entry.Object.Name, entry.Path)));
        Assert.Equal(Portrait, entries.Single(entry => entry.Object!.Name == Portrait.Name).Object);
        Assert.All(entries, entry => Assert.True(ObjectPaths.Fits(entry.Object!.Bucket, entry.Object.Name, entry.Path)));
        Assert.Equal(
            [CompressionMethod.None, CompressionMethod.Deflate, CompressionMethod.Zstandard],
            entries.Select(entry => entry.Method).Distinct().Order());
        foreach (var entry in entries)
        {
            await using var stream = await reader.OpenEntryAsync(entry, CancellationToken.None);
            using var text = new StreamReader(stream, Encoding.UTF8);
            Assert.Equal(ContentOf(entry.Object!.Name), await text.ReadToEndAsync());
        }
    }

    [Fact]
    public async Task BucketsFile_Format11_GivesTheSettings()
    {
        var reader = await OpenAsync();
        var entry = await reader.FindAsync(EntryPaths.Buckets, CancellationToken.None);
        await using var stream = await reader.OpenEntryAsync(entry!, CancellationToken.None);

        var buckets = await BucketsFile.ReadAsync(stream, CancellationToken.None);

        Assert.Equal(["Avatars", "buckets.json", "notes"], buckets.Select(bucket => bucket.Id));
        Assert.Equal(["image/*", "text/plain"], buckets[0].AllowedMediaTypes);
        Assert.Equal(
            new BucketInfo
            {
                Id = "Avatars",
                Name = "Avatäre",
                IsPublic = true,
                FileSizeLimitBytes = 5_000_000_000,
                AllowedMediaTypes = buckets[0].AllowedMediaTypes,
                OwnerId = Portrait.OwnerId,
                CreatedAt = Portrait.CreatedAt,
                UpdatedAt = Portrait.UpdatedAt,
            },
            buckets[0]);
    }

    [Fact]
    public async Task VerifyAsync_Format11_IsIntact() =>
        Assert.Empty((await new BackupVerifier(new DirectorySink(Folder)).VerifyAsync(Id)).Findings);

    [Fact]
    public void Assign_SameNamesInTheSameOrder_StillGivesTheSamePaths()
    {
        var paths = new ObjectPaths();

        Assert.Equal(Objects.Select(item => item.Path), Objects.Select(item => paths.Assign(item.Bucket, item.Name)));
    }

    /// <summary>What an object holds: nothing, or lines up to 2,000 bytes.</summary>
    internal static string ContentOf(string name) => name.StartsWith('.')
        ? ""
        : string.Concat(Enumerable.Range(0, 200).Select(i => (i * 7919 % 1_000_000_000).ToString("D9", CultureInfo.InvariantCulture) + "\n"));

    private static async Task<ArchiveReader> OpenAsync() =>
        await ArchiveReader.OpenAsync(new DirectorySink(Folder), Id, CancellationToken.None);
}
