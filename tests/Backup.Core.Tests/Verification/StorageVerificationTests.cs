using Backup.Core.Archives;
using Backup.Core.Archives.Manifest;
using Backup.Core.Compression;
using Backup.Core.ObjectStores;
using Backup.Core.Sinks;
using Backup.Core.Verification;
using Backup.TestKit.Archives;

namespace Backup.Core.Tests.Verification;

public sealed class StorageVerificationTests
{
    [Fact]
    public async Task VerifyAsync_IntactStorageBackup_FindsNothingAndCountsObjects()
    {
        var sink = new InMemorySink();
        var manifest = await StorageBackup.CreateAsync(sink);
        var progress = new LastProgress();

        var report = await new BackupVerifier(sink).VerifyAsync(ArchiveBuilder.Id, progress: progress);

        Assert.Empty(report.Findings);
        Assert.Equal(5, report.Objects);
        Assert.Equal(7, report.Entries);
        Assert.Equal((5, 5), (progress.Last!.Objects, progress.Last.ObjectsTotal));
        Assert.Equal(2, manifest.Volumes.Count);
    }

    [Fact]
    public async Task VerifyAsync_ManifestCountsBucketsWrongly_FindsIt()
    {
        Func<BucketRecord, BucketRecord>[] lies =
        [
            bucket => bucket with { RawBytes = bucket.RawBytes + 1 },
            bucket => bucket with { Listed = bucket.Listed + 1 },
            bucket => bucket with { Path = "storage/other/" },
            bucket => bucket with { Id = "other" },
        ];
        foreach (var lie in lies)
        {
            var report = await VerifyAsync(change: manifest => manifest with
            {
                Storage = manifest.Storage! with { Buckets = [lie(manifest.Storage.Buckets[0]), manifest.Storage.Buckets[1]] },
            });

            Assert.Contains(report.Findings, finding => finding.Kind is VerificationFindingKind.Inconsistent);
        }
    }

    [Fact]
    public async Task VerifyAsync_ObjectIsMissing_NamesTheBucket()
    {
        var report = await VerifyAsync(change: manifest => manifest with
        {
            Storage = manifest.Storage! with
            {
                Buckets = [manifest.Storage.Buckets[0], manifest.Storage.Buckets[1] with { Objects = 4, Listed = 4 }],
            },
            Totals = manifest.Totals with { Objects = 6 },
        });

        var finding = Assert.Single(report.Findings);
        Assert.Equal((VerificationFindingKind.Inconsistent, "storage/notes/"), (finding.Kind, finding.Subject));
        Assert.Equal("The manifest says 4 objects, the backup holds 3.", finding.Message);
    }

    [Fact]
    public async Task VerifyAsync_FailureIsNotNamed_FindsIt() =>
        Assert.Equal(
            "By its buckets 1 objects could not be backed up; it names 0.",
            Assert.Single((await VerifyAsync(change: manifest => manifest with { Failures = [] })).Findings).Message);

    [Fact]
    public async Task VerifyAsync_IndexLiesAboutAnObject_FindsIt()
    {
        Func<StoredObject, StoredObject?>[] lies =
        [
            _ => null,
            stored => stored with { Bucket = "notes" },
            stored => stored with { Name = "other" },
        ];
        foreach (var lie in lies)
        {
            var report = await VerifyAsync(entry: header =>
                header.Object!.Bucket == "avatars" && header.Object.Name[0] == '.' ? header with { Object = lie(header.Object) } : header);

            var finding = Assert.Single(report.Findings);
            Assert.Equal(
                (VerificationFindingKind.Inconsistent, "storage/avatars/.emptyFolderPlaceholder"), (finding.Kind, finding.Subject));
        }
    }

    [Fact]
    public async Task VerifyAsync_ObjectOutsideThePrefix_FindsIt() =>
        Assert.Equal(2, (await VerifyAsync(change: manifest => manifest with
        {
            Storage = manifest.Storage! with { Prefix = "a" },
        })).Findings.Count(finding => finding.Subject.StartsWith("storage/avatars/", StringComparison.Ordinal)));

    [Fact]
    public async Task VerifyAsync_ObjectOfNoBucket_FindsIt()
    {
        foreach (var path in (string[])["storage/other/a", "storage/a", "storage/buckets.json2"])
        {
            var report = await VerifyAsync(append: writer => writer.AppendAsync(path, [], new NoCompressor()));

            Assert.Contains(report.Findings, finding => finding.Kind == VerificationFindingKind.Unexpected && finding.Subject == path);
        }
    }

    [Fact]
    public async Task VerifyAsync_ObjectOutsideStorage_FindsIt()
    {
        var report = await VerifyAsync(append: writer => writer.AppendAsync(
            new EntryHeader("notes/x", null, CompressionMethod.None, new StoredObject { Bucket = "notes", Name = "x" }),
            ArchiveBuilder.ContentOf([]),
            [],
            CancellationToken.None).AsTask());

        Assert.Equal("notes/x", Assert.Single(report.Findings).Subject);
    }

    [Fact]
    public async Task VerifyAsync_BucketsAreNotThere_FindsIt()
    {
        var report = await VerifyAsync(hasBuckets: false);

        var finding = Assert.Single(report.Findings);
        Assert.Equal((VerificationFindingKind.Missing, EntryPaths.Buckets), (finding.Kind, finding.Subject));
    }

    [Theory]
    [InlineData("[]", VerificationFindingKind.Inconsistent, 2)]
    [InlineData("{}", VerificationFindingKind.Malformed, 1)]
    [InlineData("""[{"id":"avatars","name":"a"}]""", VerificationFindingKind.Inconsistent, 1)]
    public async Task VerifyAsync_BucketsAreOthers_FindsIt(string text, VerificationFindingKind kind, int findings)
    {
        var report = await VerifyAsync(buckets: System.Text.Encoding.UTF8.GetBytes(text));

        Assert.Equal(findings, report.Findings.Count);
        Assert.All(report.Findings, finding => Assert.Equal((kind, EntryPaths.Buckets), (finding.Kind, finding.Subject)));
    }

    [Fact]
    public async Task VerifyAsync_LocalHeaderIsDestroyed_StillNamesTheEntry()
    {
        var sink = new InMemorySink();
        await StorageBackup.CreateAsync(sink);
        var reader = await ArchiveReader.OpenAsync(sink, ArchiveBuilder.Id, CancellationToken.None);
        var entry = await reader.FindAsync("storage/notes/a", CancellationToken.None);
        var name = ArchiveNames.InSink(ArchiveBuilder.Id, ArchiveNames.Volume(entry!.Volume));
        var bytes = await sink.ReadObjectAsync(name);
        bytes.AsSpan((int)entry.Offset, 30).Clear();
        await sink.WriteObjectAsync(name, bytes);

        var report = await new BackupVerifier(sink).VerifyAsync(ArchiveBuilder.Id);

        Assert.Contains(report.Findings, finding =>
            finding.Kind == VerificationFindingKind.WrongDigest && finding.Subject.EndsWith(": storage/notes/a", StringComparison.Ordinal));
    }

    [Fact]
    public async Task VerifyAsync_AnyByteOfAStorageBackupChanged_FindsIt()
    {
        var sink = new InMemorySink();
        await StorageBackup.CreateAsync(sink);
        foreach (var file in await sink.ListAsync("").ToListAsync())
        {
            var bytes = await sink.ReadObjectAsync(file.Name);
            for (var position = 0; position < bytes.Length; position += 7)
            {
                bytes[position] ^= 0x04;
                await sink.WriteObjectAsync(file.Name, bytes);
                Assert.False((await new BackupVerifier(sink).VerifyAsync(ArchiveBuilder.Id)).IsIntact, $"{file.Name} at {position}");
                bytes[position] ^= 0x04;
            }

            await sink.WriteObjectAsync(file.Name, bytes);
        }
    }

    private static async Task<VerificationReport> VerifyAsync(
        Func<BackupManifest, BackupManifest>? change = null,
        Func<EntryHeader, EntryHeader>? entry = null,
        byte[]? buckets = null,
        bool hasBuckets = true,
        Func<ArchiveWriter, Task>? append = null)
    {
        var sink = new InMemorySink();
        await StorageBackup.CreateAsync(sink, change, entry, buckets, hasBuckets, append);
        return await new BackupVerifier(sink).VerifyAsync(ArchiveBuilder.Id);
    }

    private sealed class LastProgress : IProgress<VerificationProgress>
    {
        public VerificationProgress? Last { get; private set; }

        public void Report(VerificationProgress value) => Last = value;
    }
}
