using System.Globalization;
using Backup.Core.Archives;
using Backup.Core.Archives.Manifest;
using Backup.Core.Archives.Referencing;
using Backup.Core.Archives.Resuming;
using Backup.Core.Compression;
using Backup.Core.Errors;
using Backup.Core.ObjectStores;
using Backup.Core.Sinks;
using Backup.Core.Tests.Archives.Referencing;
using Backup.TestKit.Archives;

namespace Backup.Core.Tests.Archives.Resuming;

/// <summary>A resumable run that stores entries and references others: objects of one bucket, all of one parent.</summary>
public sealed class ResumedReferencesTests
{
    private readonly InMemorySink _sink = new();
    private BackupManifest? _parent;

    [Fact]
    public async Task SuspendAsync_EntriesStoredAndReferenced_KeepsBoth()
    {
        await WriteParentAsync(6);
        await using (var writer = Create())
        {
            await ReferenceAsync(writer, 0, 3);
            await StoreAsync(writer, "own");
            await ReferenceAsync(writer, 3, 4);
            Assert.True(await writer.SuspendAsync(CancellationToken.None));
        }

        var state = await ReadAsync();

        Assert.Single(state.ReferenceParts);
        Assert.Equal((4L, 5L), (state.References.Entries, state.Objects.Count));
        Assert.Equal(new StoredBucket(5, 5) { ReusedObjects = 4, ReusedBytes = 4 }, state.Buckets["b"]);
        Assert.Equal(5, state.RawBytes);
        Assert.True(await state.Objects.HoldsAsync("b", NameOf(3), CancellationToken.None));
        Assert.False(await state.Objects.HoldsAsync("b", NameOf(4), CancellationToken.None));
    }

    [Fact]
    public async Task SuspendAsync_OnlyReferences_IsWorthGoingOnFrom()
    {
        await WriteParentAsync(2);
        await using (var writer = Create())
        {
            await ReferenceAsync(writer, 0, 2);
            Assert.True(await writer.SuspendAsync(CancellationToken.None));
        }

        var state = await ReadAsync();

        Assert.Empty(state.Volumes);
        Assert.Equal(2, state.References.Entries);
    }

    [Fact]
    public async Task CommitAsync_AfterTwoParts_HasTheReferencesOfBoth()
    {
        await WriteParentAsync(6);
        await using (var first = Create())
        {
            await ReferenceAsync(first, 0, 4);
            await StoreAsync(first, "own");
            await first.SuspendAsync(CancellationToken.None);
        }

        await using (var second = Create(await ReadAsync()))
        {
            await ReferenceAsync(second, 4, 6);
            await second.BeginClosingVolumeAsync(CancellationToken.None);
            await second.AppendAsync(EntryPaths.RestoreGuide, "#"u8.ToArray(), new NoCompressor());
            var contents = await second.CompleteAsync(CancellationToken.None);
            await second.CommitAsync(IncrementalScene.ManifestOf(contents, IncrementalScene.Second, _parent), CancellationToken.None);
        }

        var reader = await ArchiveReader.OpenAsync(_sink, IncrementalScene.Second, CancellationToken.None);
        Assert.Equal((8L, 6L), (reader.Manifest.Totals.Entries, reader.Manifest.Totals.ReferencedEntries));
        Assert.Equal(2, reader.Manifest.ReferenceParts!.Count);
        Assert.Equal(8, await reader.ReadIndexAsync(string.Empty, CancellationToken.None).CountAsync());
        Assert.Equal("5"u8.ToArray(), await reader.ReadAllAsync($"storage/b/{NameOf(5)}"));
        Assert.DoesNotContain(await _sink.ListAsync($"{IncrementalScene.Second}/checkpoint").ToListAsync(), _ => true);
    }

    [Fact]
    public async Task AddReferenceAsync_ManySinceTheLastCheckpoint_ClosesTheVolumeAndWritesOne()
    {
        await WriteParentAsync(1);
        await using var writer = Create();
        await StoreAsync(writer, "own");
        await ReferenceManyAsync(writer, ArchiveLimits.MaxEntriesPerIndexPart + 1);

        var state = await ReadAsync();

        Assert.Equal(1, Assert.Single(state.Volumes).Entries);
        Assert.Equal(ArchiveLimits.MaxEntriesPerIndexPart, state.References.Entries);
    }

    [Fact]
    public async Task AddReferenceAsync_RowsAndObjectsMixed_GoIntoPartsOfTheirOwn()
    {
        await WriteParentAsync(1);
        await using var writer = Create(indexBytes: 4 * 20_000);
        await ReferenceManyAsync(writer, 200, mixed: true);
        await writer.SuspendAsync(CancellationToken.None);

        var parts = (await ReadAsync()).ReferenceParts;

        Assert.InRange(parts.Count, 4, 20);
        Assert.All(parts, part => Assert.Equal(part.FirstPath.Split('/')[0], part.LastPath.Split('/')[0]));
    }

    [Fact]
    public async Task ReadAsync_PartOfReferencesIsGone_Refuses()
    {
        await WriteParentAsync(2);
        await using (var writer = Create())
        {
            await ReferenceAsync(writer, 0, 2);
            await writer.SuspendAsync(CancellationToken.None);
        }

        await _sink.DeleteAsync($"{IncrementalScene.Second}/references-0001.ndjson.gz");

        var exception = await Assert.ThrowsAsync<ResumeException>(ReadAsync);
        Assert.Contains("references-0001.ndjson.gz", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadAsync_PartOfReferencesThatNoCheckpointNames_DeletesIt()
    {
        await WriteParentAsync(2);
        await using (var writer = Create())
        {
            await ReferenceAsync(writer, 0, 2);
            await writer.SuspendAsync(CancellationToken.None);
        }

        await _sink.WriteObjectAsync($"{IncrementalScene.Second}/references-0002.ndjson.gz", [1]);

        await ReadAsync();

        Assert.DoesNotContain(await _sink.ListAsync("").ToListAsync(), item => item.Name.Contains("references-0002", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Constructor_ResumedReferencesOfAnotherParent_Throws()
    {
        await WriteParentAsync(2);
        await using (var writer = Create())
        {
            await ReferenceAsync(writer, 0, 2);
            await writer.SuspendAsync(CancellationToken.None);
        }

        var state = await ReadAsync();

        Assert.Throws<ArgumentException>(() => new ArchiveWriter(_sink, IncrementalScene.Second, OptionsOf(null), state));
    }

    private static string NameOf(int number) => number.ToString("D3", CultureInfo.InvariantCulture);

    private static ArchiveWriterOptions OptionsOf(BackupManifest? parent) => new()
    {
        Checkpoints = _ => ValueTask.FromResult(CheckpointContent.Empty),
        Header = new RunHeader { Fingerprint = "f", Part = 1, StartedAt = DateTimeOffset.UnixEpoch },
        Referable = parent is null ? new Dictionary<BackupId, string>() : ReferableBackups.Of(parent),
    };

    private static async Task StoreAsync(ArchiveWriter writer, string name) => await writer.AppendAsync(
        new EntryHeader($"storage/b/{name}", null, CompressionMethod.None, new StoredObject { Bucket = "b", Name = name }),
        ArchiveBuilder.ContentOf("x"u8),
        ["x"u8.ToArray()],
        CancellationToken.None);

    private async Task WriteParentAsync(int objects)
    {
        await using (var writer = new ArchiveWriter(_sink, IncrementalScene.Full, new ArchiveWriterOptions()))
        {
            for (var i = 0; i < objects; i++)
            {
                var content = new[] { (byte)('0' + (i % 10)) };
                await writer.AppendAsync(
                    new EntryHeader($"storage/b/{NameOf(i)}", null, CompressionMethod.None, new StoredObject { Bucket = "b", Name = NameOf(i) }),
                    ArchiveBuilder.ContentOf(content),
                    [content],
                    CancellationToken.None);
            }

            var contents = await writer.CompleteAsync(CancellationToken.None);
            await writer.CommitAsync(IncrementalScene.ManifestOf(contents, IncrementalScene.Full, null), CancellationToken.None);
        }

        _parent = await ManifestFile.ReadAsync(_sink, IncrementalScene.Full, CancellationToken.None);
    }

    private ArchiveWriter Create(ResumeState? resumed = null, long indexBytes = ArchiveWriterOptions.DefaultIndexBytes)
    {
        var options = OptionsOf(_parent);
        options = options with { IndexBytes = indexBytes, Header = options.Header! with { Part = resumed?.NextPart ?? 1 } };
        return new ArchiveWriter(_sink, IncrementalScene.Second, options, resumed);
    }

    private async Task ReferenceAsync(ArchiveWriter writer, int from, int to)
    {
        var parent = await ArchiveReader.OpenAsync(_sink, IncrementalScene.Full, CancellationToken.None);
        var entries = await parent.ReadIndexAsync(string.Empty, CancellationToken.None).ToListAsync();
        foreach (var entry in entries[from..to])
        {
            await writer.AddReferenceAsync(IncrementalScene.ReferenceTo(entry, IncrementalScene.Full, entry.Path), CancellationToken.None);
        }
    }

    // All of them of the parent's one entry, under paths of their own.
    private async Task ReferenceManyAsync(ArchiveWriter writer, int count, bool mixed = false)
    {
        var parent = await ArchiveReader.OpenAsync(_sink, IncrementalScene.Full, CancellationToken.None);
        var entry = await parent.ReadIndexAsync(string.Empty, CancellationToken.None).SingleAsync();
        for (var i = 0; i < count; i++)
        {
            var isPage = mixed && i % 2 == 0;
            var path = isPage ? EntryPaths.Page("database/data/public.t/", i + 1) : "storage/b/" + i.ToString("D6", CultureInfo.InvariantCulture);
            var reference = IncrementalScene.ReferenceTo(entry, IncrementalScene.Full, path);
            await writer.AddReferenceAsync(
                reference with { Object = isPage ? null : new StoredObject { Bucket = "b", Name = i.ToString("D6", CultureInfo.InvariantCulture) } }, CancellationToken.None);
        }
    }

    private Task<ResumeState> ReadAsync() =>
        ResumeState.ReadAsync(_sink, IncrementalScene.Second, TimeProvider.System, CancellationToken.None);
}
