using System.Globalization;
using Backup.Core.Archives;
using Backup.Core.Archives.Manifest;
using Backup.Core.Archives.Referencing;
using Backup.Core.Compression;
using Backup.Core.ObjectStores;
using Backup.Core.Sinks;
using Xunit;

namespace Backup.TestKit.Archives;

/// <summary>Backups of one bucket, each but the first made upon the one before, and what was in the bucket each time.</summary>
internal sealed class BackupChain(IBackupSink sink)
{
    private const string Bucket = "files";

    private readonly List<(BackupId Id, SortedDictionary<string, byte[]> Files)> _backups = [];

    /// <summary>Where the backups are.</summary>
    public IBackupSink Sink => sink;

    /// <summary>The last backup.</summary>
    public BackupId Last => _backups[^1].Id;

    /// <summary>All backups, the oldest first.</summary>
    public IEnumerable<BackupId> Ids => _backups.Select(backup => backup.Id);

    /// <summary>The volumes of the next backups.</summary>
    public ArchiveWriterOptions Options { get; set; } = new();

    /// <summary>How the next backups are packed.</summary>
    public ICompressor Compressor { get; set; } = new ZstandardCompressor();

    /// <summary>Whether the objects of the next backups are streamed.</summary>
    public bool IsStreamed { get; set; }

    /// <summary>Changes the next manifests.</summary>
    public Func<BackupManifest, BackupManifest> Change { get; set; } = manifest => manifest;

    /// <summary>Appends to the next backups.</summary>
    public Func<ArchiveWriter, Task> Append { get; set; } = _ => Task.CompletedTask;

    /// <summary>Five backups of a few kilobytes: a full one in several volumes, and four with changes; all codecs, streamed entries too.</summary>
    public static async Task<BackupChain> CreateAsync(IBackupSink? target = null)
    {
        var scene = new BackupChain(target ?? new InMemorySink()) { Options = new ArchiveWriterOptions { MaxEntriesPerVolume = 7 } };
        var files = Enumerable.Range(1, 30).ToDictionary(i => $"{i:00}.txt", i => Text(i, 0));
        await scene.AddAsync(files);
        for (var day = 1; day <= 4; day++)
        {
            scene.Compressor = day % 2 == 0 ? new DeflateCompressor() : new NoCompressor();
            scene.IsStreamed = day == 3;
            foreach (var i in new[] { day, day + 1, day * 7 })
            {
                files[$"{i:00}.txt"] = Text(i, day);
            }

            files.Remove($"{20 + day:00}.txt");
            files[$"new-{day}.txt"] = Text(100, day);
            await scene.AddAsync(files);
        }

        return scene;
    }

    /// <summary>What a backup must give.</summary>
    public SortedDictionary<string, byte[]> FilesOf(BackupId id) => _backups.Single(backup => backup.Id == id).Files;

    /// <summary>Makes the next backup: what is as it was in the one before is referenced.</summary>
    /// <param name="files">What is in the bucket.</param>
    /// <param name="renamed">Names by the names that the same bytes had in the backup before.</param>
    public async Task<BackupManifest> AddAsync(IReadOnlyDictionary<string, byte[]> files, IReadOnlyDictionary<string, string>? renamed = null)
    {
        var id = new BackupId(string.Create(CultureInfo.InvariantCulture, $"202411{_backups.Count + 1:00}T031500Z-00ff"));
        var parent = _backups.Count == 0 ? null : await ArchiveReader.OpenAsync(sink, Last, CancellationToken.None);
        var options = parent is null ? Options : Options with { Referable = ReferableBackups.Of(parent.Manifest) };
        await using var writer = new ArchiveWriter(sink, id, options);
        await writer.AppendAsync(EntryPaths.RestoreGuide, "# How to restore\n"u8.ToArray(), new NoCompressor());
        using var buckets = new MemoryStream();
        await BucketsFile.WriteAsync(buckets, [new BucketInfo { Id = Bucket, Name = Bucket }], CancellationToken.None);
        await writer.AppendAsync(EntryPaths.Buckets, buckets.ToArray(), Compressor);
        await Append(writer);
        foreach (var (name, content) in files)
        {
            var before = renamed?.GetValueOrDefault(name) ?? name;
            var known = parent is null ? null : await parent.FindAsync(PathOf(before), CancellationToken.None);
            if (known is not null && known.Digest == ContentHash.Compute(content))
            {
                await writer.AddReferenceAsync(Reference(known, Last, name), CancellationToken.None);
            }
            else
            {
                await StoreAsync(writer, name, content);
            }
        }

        var manifest = ManifestOf(id, await writer.CompleteAsync(CancellationToken.None), files, parent?.Manifest);
        await writer.CommitAsync(manifest, CancellationToken.None);
        _backups.Add((id, new SortedDictionary<string, byte[]>(files.ToDictionary(), StringComparer.Ordinal)));
        return manifest;
    }

    /// <summary>Reads a backup and compares it with what was in the bucket at a time.</summary>
    public async Task AssertHoldsAsync(BackupId backup, BackupId state)
    {
        var reader = await ArchiveReader.OpenAsync(sink, backup, CancellationToken.None);
        var expected = FilesOf(state);
        var names = new List<string>();
        await foreach (var entry in reader.ReadIndexAsync("storage/files/", CancellationToken.None))
        {
            await using var content = await reader.OpenEntryAsync(entry, CancellationToken.None);
            using var copy = new MemoryStream();
            await content.CopyToAsync(copy);
            names.Add(entry.Object!.Name);
            Assert.Equal(expected[entry.Object.Name], copy.ToArray());
        }

        Assert.Equal(expected.Keys, names.Order(StringComparer.Ordinal));
    }

    /// <summary>All files of the sink below the backups of the scene, byte for byte.</summary>
    public async Task<Dictionary<string, string>> DigestsAsync()
    {
        var digests = new Dictionary<string, string>();
        foreach (var id in Ids)
        {
            await foreach (var item in sink.ListAsync(id.Value + "/"))
            {
                digests[item.Name] = ContentHash.Compute(await sink.ReadObjectAsync(item.Name)).ToString();
            }
        }

        return digests;
    }

    public static string PathOf(string name) => new ObjectPaths().Assign(Bucket, name);

    private static byte[] Text(int number, int day) => [.. Enumerable.Range(0, 40 + number).SelectMany(i => BitConverter.GetBytes((i * number) + (day << 16)))];

    private static StoredObject ObjectOf(string name) => new() { Bucket = Bucket, Name = name, ContentType = "text/plain", ETag = $"\"{name}\"" };

    private static IndexEntry Reference(IndexEntry known, BackupId parent, string name) => known with
    {
        Path = PathOf(name),
        EntryPath = PathOf(name) == known.PathInVolume ? null : known.PathInVolume,
        Backup = known.Backup ?? parent,
        Object = ObjectOf(name) with { Bytes = known.RawBytes },
    };

    private async Task StoreAsync(ArchiveWriter writer, string name, byte[] content)
    {
        var header = new EntryHeader(PathOf(name), null, Compressor.Method, ObjectOf(name));
        byte[][] packed = [ArchiveBuilder.Pack(Compressor, content)];
        if (!IsStreamed)
        {
            await writer.AppendAsync(header, ArchiveBuilder.ContentOf(content), [packed[0]], CancellationToken.None);
            return;
        }

        await writer.BeginAsync(header, CancellationToken.None);
        await writer.WriteAsync(packed[0], CancellationToken.None);
        await writer.EndAsync(ArchiveBuilder.ContentOf(content), CancellationToken.None);
    }

    private BackupManifest ManifestOf(BackupId id, ArchiveContents contents, IReadOnlyDictionary<string, byte[]> files, BackupManifest? parent) =>
        Change(ArchiveBuilder.ManifestOf(contents) with
        {
            Id = id,
            FormatVersion = contents.FormatVersion,
            StartedAt = id.StartedAt,
            FinishedAt = id.StartedAt.AddMinutes(1),
            Kind = parent is null ? BackupKind.Full : BackupKind.Incremental,
            Parent = parent?.Id,
            Chain = parent is null ? 0 : parent.Chain + 1,
            ReferenceParts = contents.ReferenceParts,
            References = contents.References,
            Totals = contents.ToTotals(0, files.Count),
            Storage = new StorageSection
            {
                Location = "memory",
                Listing = ObjectListingMethod.Store,
                Buckets =
                [
                    new BucketRecord
                    {
                        Id = Bucket,
                        Path = EntryPaths.BucketFolder(Bucket),
                        Listed = files.Count,
                        Objects = files.Count,
                        RawBytes = files.Values.Sum(file => (long)file.Length),
                    },
                ],
            },
        });
}
