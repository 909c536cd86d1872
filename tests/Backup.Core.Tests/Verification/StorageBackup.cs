using System.Text;
using Backup.Core.Archives;
using Backup.Core.Archives.Manifest;
using Backup.Core.Compression;
using Backup.Core.ObjectStores;
using Backup.Core.Sinks;
using Backup.TestKit.Archives;

namespace Backup.Core.Tests.Verification;

/// <summary>A backup of two buckets without a database, in two volumes, of a few kilobytes.</summary>
internal static class StorageBackup
{
    public static readonly BucketInfo[] Buckets =
    [
        new() { Id = "avatars", Name = "avatars", IsPublic = true, AllowedMediaTypes = ["image/*"] },
        new() { Id = "notes", Name = "notes", FileSizeLimitBytes = 1000 },
    ];

    public static readonly StoredObject[] Objects =
    [
        new()
        {
            Bucket = "avatars",
            Name = "ünïcode/名前.png",
            Id = "0b2d4c1e-6f3a-4f8e-9a57-1f2e3d4c5b6a",
            ETag = "\"d41d8cd98f00b204e9800998ecf8427e\"",
            Version = "v1",
            ContentType = "image/png",
            CacheControl = "max-age=3600",
            UserMetadata = """{"a": "\u00e9", "b": [1, 2.50]}""",
            OwnerId = "7",
            CreatedAt = new DateTimeOffset(2026, 1, 2, 3, 4, 5, 678, 901, TimeSpan.Zero),
            UpdatedAt = new DateTimeOffset(2026, 1, 2, 3, 4, 6, TimeSpan.Zero),
        },
        new() { Bucket = "avatars", Name = ".emptyFolderPlaceholder" },
        new() { Bucket = "notes", Name = "a" },
        new() { Bucket = "notes", Name = "A" },
        new() { Bucket = "notes", Name = "a/b//c. " },
    ];

    /// <summary>What an object holds: its own name, or nothing.</summary>
    public static byte[] ContentOf(StoredObject stored) => stored.Name.StartsWith('.') ? [] : Encoding.UTF8.GetBytes(stored.Name + "\n");

    /// <summary>Writes the backup.</summary>
    /// <param name="sink">Where to.</param>
    /// <param name="change">Changes the manifest before it is committed.</param>
    /// <param name="entry">Changes the header of an object's entry.</param>
    /// <param name="buckets">What <see cref="EntryPaths.Buckets"/> holds; <see langword="null"/> for the truth.</param>
    /// <param name="hasBuckets">Whether that entry is there.</param>
    /// <param name="append">Appends further entries.</param>
    public static async Task<BackupManifest> CreateAsync(
        IBackupSink sink,
        Func<BackupManifest, BackupManifest>? change = null,
        Func<EntryHeader, EntryHeader>? entry = null,
        byte[]? buckets = null,
        bool hasBuckets = true,
        Func<ArchiveWriter, Task>? append = null)
    {
        await using var writer = new ArchiveWriter(sink, ArchiveBuilder.Id, new ArchiveWriterOptions { MaxEntriesPerVolume = 4 });
        var deflate = new DeflateCompressor();
        await writer.AppendAsync(EntryPaths.RestoreGuide, "# How to restore\n"u8.ToArray(), new NoCompressor());
        if (hasBuckets)
        {
            await writer.AppendAsync(EntryPaths.Buckets, buckets ?? await BucketsAsync(), deflate);
        }

        var paths = new ObjectPaths();
        foreach (var stored in Objects)
        {
            var header = new EntryHeader(paths.Assign(stored.Bucket, stored.Name), null, deflate.Method, stored);
            var raw = ContentOf(stored);
            await writer.AppendAsync(
                entry?.Invoke(header) ?? header, ArchiveBuilder.ContentOf(raw), [ArchiveBuilder.Pack(deflate, raw)], CancellationToken.None);
        }

        await (append?.Invoke(writer) ?? Task.CompletedTask);
        var manifest = ArchiveBuilder.ManifestOf(await writer.CompleteAsync(CancellationToken.None));
        manifest = manifest with
        {
            Storage = new StorageSection
            {
                Location = "https://project.example",
                Listing = ObjectListingMethod.Store,
                Buckets = [RecordOf("avatars", listed: 3), RecordOf("notes", listed: 3)],
            },
            Totals = manifest.Totals with { Objects = 5 },
            Failures = [new FailureRecord("avatars/gone.png", "It was deleted.") { Kind = FailureKind.StoredObject }],
        };
        manifest = change?.Invoke(manifest) ?? manifest;
        await writer.CommitAsync(manifest, CancellationToken.None);
        return manifest;
    }

    private static async Task<byte[]> BucketsAsync()
    {
        using var file = new MemoryStream();
        await BucketsFile.WriteAsync(file, Buckets, CancellationToken.None);
        return file.ToArray();
    }

    private static BucketRecord RecordOf(string bucket, long listed)
    {
        var objects = Objects.Where(stored => stored.Bucket == bucket).ToList();
        return new BucketRecord
        {
            Id = bucket,
            Path = EntryPaths.BucketFolder(bucket),
            Listed = listed,
            Objects = objects.Count,
            RawBytes = objects.Sum(stored => (long)ContentOf(stored).Length),
        };
    }
}
