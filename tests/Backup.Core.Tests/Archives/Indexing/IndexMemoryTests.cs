using Backup.Core.Archives;
using Backup.Core.Archives.Manifest;
using Backup.Core.Compression;
using Backup.Core.ObjectStores;
using Backup.Core.Sinks;
using Backup.Core.Verification;
using Backup.TestKit;
using Backup.TestKit.Archives;
using Xunit.Abstractions;

namespace Backup.Core.Tests.Archives.Indexing;

/// <summary>Measures the heap of the whole process, so nothing may run beside it.</summary>
[CollectionDefinition(nameof(IndexMemoryTests), DisableParallelization = true)]
public sealed class IndexMemoryTestsAlone;

[Collection(nameof(IndexMemoryTests))]
public sealed class IndexMemoryTests(ITestOutputHelper output)
{
    private const int Entries = 320_000;
    private const long MostLiveBytes = 24 * 1024 * 1024;

    [Fact]
    public async Task ArchiveWriterReaderAndVerifier_ManyObjects_StayWithinFlatMemory()
    {
        using var folder = new TemporaryFolder();
        var sink = new DirectorySink(folder.Path);
        var memory = new PeakMemory();
        await WriteAsync(sink, memory);
        output.WriteLine($"The most live bytes of writing: {memory.Peak:N0}.");

        await ReadAsync(sink, memory);
        output.WriteLine($"With reading: {memory.Peak:N0}.");

        var report = await new BackupVerifier(sink).VerifyAsync(ArchiveBuilder.Id, progress: memory);
        output.WriteLine($"With verifying: {memory.Peak:N0}.");

        Assert.Empty(report.Findings);
        Assert.Equal(Entries, report.Objects);
        Assert.InRange(memory.Peak, 0, MostLiveBytes);
    }

    private static async Task WriteAsync(DirectorySink sink, PeakMemory memory)
    {
        await using var writer = new ArchiveWriter(sink, ArchiveBuilder.Id, new ArchiveWriterOptions());
        var content = ArchiveBuilder.ContentOf([]);
        await writer.AppendAsync(EntryPaths.RestoreGuide, [], new NoCompressor());
        await writer.AppendAsync(EntryPaths.Buckets, """[{"id":"bucket","name":"bucket"}]"""u8.ToArray(), new NoCompressor());
        for (var i = 0; i < Entries; i++)
        {
            // Downloads end out of order, so that the parts of the index overlap.
            var number = (i & ~0x3f) | (i * 7 & 0x3f);
            await writer.AppendAsync(HeaderOf(number), content, [], CancellationToken.None);
            if (i % 60_000 == 59_999)
            {
                memory.Measure();
            }
        }

        var manifest = ArchiveBuilder.ManifestOf(await writer.CompleteAsync(CancellationToken.None));
        await writer.CommitAsync(
            manifest with
            {
                Storage = new StorageSection
                {
                    Location = "memory",
                    Listing = ObjectListingMethod.Store,
                    Buckets = [new BucketRecord { Id = "bucket", Path = "storage/bucket/", Listed = Entries, Objects = Entries, RawBytes = 0 }],
                },
                Totals = manifest.Totals with { Objects = Entries },
            },
            CancellationToken.None);
    }

    private static async Task ReadAsync(DirectorySink sink, PeakMemory memory)
    {
        var reader = await ArchiveReader.OpenAsync(sink, ArchiveBuilder.Id, CancellationToken.None);
        var read = 0;
        await foreach (var entry in reader.ReadIndexAsync("storage/bucket/", CancellationToken.None))
        {
            Assert.EndsWith($"{read:D7}.jpg", entry.Path, StringComparison.Ordinal);
            if (++read % 100_000 == 0)
            {
                memory.Measure();
            }
        }

        Assert.Equal(Entries, read);
    }

    private static EntryHeader HeaderOf(int number)
    {
        var stored = new StoredObject
        {
            Bucket = "bucket",
            Name = $"users/{number / 1000:D4}/photos/object {number:D7}.jpg",
            Id = $"{number * 2654435761L:x8}-6f3a-4f8e-9a57-1f2e3d4c5b6a",
            ETag = $"\"{number * 40503L:x32}\"",
            Version = $"{number * 69069L:x8}-1b2c-4f8e-9a57-1f2e3d4c5b6a",
            ContentType = "image/jpeg",
            CacheControl = "max-age=3600",
            UserMetadata = """{"camera": "Nikon Coolpix", "rotated": false}""",
            OwnerId = "0b2d4c1e-6f3a-4f8e-9a57-1f2e3d4c5b6a",
            CreatedAt = DateTimeOffset.UnixEpoch.AddMinutes(number),
            UpdatedAt = DateTimeOffset.UnixEpoch.AddMinutes(number + 1),
        };
        return new EntryHeader(EntryPaths.StoredObject(stored.Bucket, stored.Name), null, CompressionMethod.None, stored);
    }

    /// <summary>Live bytes above those at the beginning.</summary>
    private sealed class PeakMemory : IProgress<VerificationProgress>
    {
        private readonly long _before = GC.GetTotalMemory(forceFullCollection: true);
        private int _reports;

        public long Peak { get; private set; }

        public void Measure() => Peak = Math.Max(Peak, GC.GetTotalMemory(forceFullCollection: true) - _before);

        public void Report(VerificationProgress value)
        {
            if (_reports++ % 8 == 0)
            {
                Measure();
            }
        }
    }

    [Fact]
    public void Assign_OneMillionNames_TakesNoMemoryForThemAndMarksFew()
    {
        var paths = new ObjectPaths();
        var marked = 0;
        paths.Assign("bucket", "first");
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < 1_000_000; i++)
        {
            marked += paths.Assign("bucket", $"folder {i / 1000:D4}/object {i:D7}.jpg").Contains('~', StringComparison.Ordinal) ? 1 : 0;
        }

        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 1024 * 1024);
        Assert.InRange(marked, 0, 5000);
        GC.KeepAlive(paths);
    }
}
