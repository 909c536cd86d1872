using System.Text;
using Backup.Core.Archives;
using Backup.Core.Archives.Manifest;
using Backup.Core.Compression;
using Backup.Core.ObjectStores;
using Backup.Core.Sinks;

namespace Backup.TestKit.Archives;

/// <summary>A backup of stored objects alone, written entry by entry: also such as no run would write.</summary>
internal sealed class FilesBackup
{
    private readonly Dictionary<string, BucketInfo> _buckets = new(StringComparer.Ordinal);
    private readonly List<(StoredObject Object, byte[] Content)> _objects = [];

    /// <summary>Objects that the manifest counts in a bucket and that are not there.</summary>
    public Dictionary<string, long> AdditionalRecords { get; } = new(StringComparer.Ordinal);

    /// <summary>Changes the header of an entry on its way.</summary>
    public Func<EntryHeader, EntryHeader> ChangeHeader { get; set; } = header => header;

    /// <summary>Adds a bucket.</summary>
    public FilesBackup With(BucketInfo bucket)
    {
        _buckets[bucket.Id] = bucket;
        return this;
    }

    /// <summary>Adds an object, and its bucket if need be.</summary>
    public FilesBackup With(StoredObject item, byte[] content)
    {
        _buckets.TryAdd(item.Bucket, new BucketInfo { Id = item.Bucket, Name = item.Bucket });
        _objects.Add((item with { Bytes = content.Length }, content));
        return this;
    }

    /// <summary>Adds an object of a text.</summary>
    public FilesBackup With(string bucket, string name, string content) =>
        With(new StoredObject { Bucket = bucket, Name = name }, Encoding.UTF8.GetBytes(content));

    /// <summary>Writes the backup.</summary>
    public async Task<InMemorySink> WriteAsync(ICompressor? compressor = null)
    {
        var sink = new InMemorySink();
        var codec = compressor ?? new NoCompressor();
        var paths = new ObjectPaths();
        await using var writer = new ArchiveWriter(sink, ArchiveBuilder.Id, new ArchiveWriterOptions());
        using var settings = new MemoryStream();
        await BucketsFile.WriteAsync(settings, [.. _buckets.Values], CancellationToken.None);
        await writer.AppendAsync(EntryPaths.Buckets, settings.ToArray(), codec);
        foreach (var (item, content) in _objects)
        {
            await writer.AppendAsync(
                ChangeHeader(new EntryHeader(paths.Assign(item.Bucket, item.Name), null, codec.Method, item)),
                ArchiveBuilder.ContentOf(content),
                [ArchiveBuilder.Pack(codec, content)],
                CancellationToken.None);
        }

        var contents = await writer.CompleteAsync(CancellationToken.None);
        await writer.CommitAsync(ToManifest(contents), CancellationToken.None);
        return sink;
    }

    private BackupManifest ToManifest(ArchiveContents contents)
    {
        var buckets = _buckets.Keys.Order(StringComparer.Ordinal).Select(ToRecord).ToList();
        var manifest = ArchiveBuilder.ManifestOf(contents);
        return manifest with
        {
            Totals = manifest.Totals with { Objects = buckets.Sum(bucket => bucket.Objects) },
            Storage = new StorageSection { Location = "memory", Listing = ObjectListingMethod.Store, Buckets = buckets },
        };
    }

    private BucketRecord ToRecord(string bucket)
    {
        var objects = _objects.Where(item => item.Object.Bucket == bucket).ToList();
        var count = objects.Count + AdditionalRecords.GetValueOrDefault(bucket);
        return new BucketRecord
        {
            Id = bucket,
            Path = EntryPaths.BucketFolder(bucket),
            Listed = count,
            Objects = count,
            RawBytes = objects.Sum(item => (long)item.Content.Length),
        };
    }
}
