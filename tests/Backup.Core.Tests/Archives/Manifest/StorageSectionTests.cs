using System.Text;
using Backup.Core.Archives;
using Backup.Core.Archives.Manifest;
using Backup.Core.Errors;
using Backup.Core.ObjectStores;
using Backup.TestKit.Archives;

namespace Backup.Core.Tests.Archives.Manifest;

public sealed class StorageSectionTests
{
    [Fact]
    public void Parse_WhatSerializeGave_IsTheSameStorage()
    {
        var manifest = Sample();

        var parsed = ManifestFile.Parse(ManifestFile.Serialize(manifest), "manifest.json");

        Assert.Null(parsed.Database);
        Assert.Equal(manifest.Storage!.Buckets, parsed.Storage!.Buckets);
        Assert.Equal(manifest.Storage, parsed.Storage with { Buckets = manifest.Storage.Buckets });
        Assert.Equal(manifest.Totals, parsed.Totals);
        Assert.Equal(manifest.Failures, parsed.Failures);
    }

    [Fact]
    public void Serialize_Storage_IsWrittenInWords()
    {
        var text = Encoding.UTF8.GetString(ManifestFile.Serialize(Sample()));

        Assert.Contains("\"listing\": \"store\"", text, StringComparison.Ordinal);
        Assert.Contains("\"kind\": \"object\"", text, StringComparison.Ordinal);
        Assert.Contains("\"objects\": 5", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_ImpossibleBucket_Throws()
    {
        Func<BucketRecord, BucketRecord?>[] lies =
        [
            _ => null,
            bucket => bucket with { Path = "storage/avatars" },
            bucket => bucket with { Path = "storage/" },
            bucket => bucket with { Path = "storage//" },
            bucket => bucket with { Path = "storage/../" },
            bucket => bucket with { Path = "storage/a/b/" },
            bucket => bucket with { Path = "storage/Buckets.json/" },
            bucket => bucket with { Path = "database/data/" },
            bucket => bucket with { Path = "storage/NOTES/" },
            bucket => bucket with { Id = "notes" },
            bucket => bucket with { Objects = -1 },
            bucket => bucket with { Objects = bucket.Objects + 1, Listed = bucket.Listed + 1 },
            bucket => bucket with { Listed = bucket.Objects - 1 },
            bucket => bucket with { RawBytes = -1 },
            bucket => bucket with { Objects = long.MaxValue, Listed = long.MaxValue },
            bucket => bucket with { Listed = long.MaxValue },
            bucket => bucket with { RawBytes = long.MaxValue },
        ];
        foreach (var lie in lies)
        {
            var manifest = Sample();
            manifest = manifest with
            {
                Storage = manifest.Storage! with { Buckets = [lie(manifest.Storage.Buckets[0])!, manifest.Storage.Buckets[1]] },
            };

            Assert.Throws<ArchiveFormatException>(() => ManifestFile.Parse(ManifestFile.Serialize(manifest), "manifest.json"));
        }
    }

    [Fact]
    public void Parse_ObjectsWithoutBuckets_Throws() => Assert.Throws<ArchiveFormatException>(
        () => ManifestFile.Parse(ManifestFile.Serialize(Sample() with { Storage = null }), "manifest.json"));

    [Fact]
    public void Parse_ValuesThatAreNone_Throws()
    {
        var manifest = Sample();
        Assert.Throws<ArchiveFormatException>(() => ManifestFile.Parse(
            ManifestFile.Serialize(manifest with { Storage = manifest.Storage! with { Listing = (ObjectListingMethod)7 } }), "manifest.json"));
        Assert.Throws<ArchiveFormatException>(() => ManifestFile.Parse(
            ManifestFile.Serialize(manifest with { Failures = [manifest.Failures[0] with { Kind = (FailureKind)7 }] }), "manifest.json"));
    }

    private static BackupManifest Sample() => ArchiveBuilder.ManifestOf(new ArchiveContents(
        [new VolumeRecord("volume-0001.zip", 1000, new string('a', 64), 6)],
        [new IndexPartRecord("index-0001.ndjson.gz", 200, new string('b', 64), 6, 1, "a", "z")],
        6,
        100,
        1000)) with
    {
        Storage = new StorageSection
        {
            Location = "https://project.example",
            Listing = ObjectListingMethod.Store,
            Prefix = "2026/",
            Buckets =
            [
                new BucketRecord { Id = "avatars", Path = "storage/avatars/", Listed = 4, Objects = 3, RawBytes = 90 },
                new BucketRecord { Id = "notes", Path = "storage/notes/", Listed = 2, Objects = 2, RawBytes = 1 },
            ],
        },
        Totals = new BackupTotals(6, 0, 100, 1000) { Objects = 5 },
        Failures = [new FailureRecord("avatars/gone.png", "It was deleted.") { Kind = FailureKind.StoredObject }],
    };
}
