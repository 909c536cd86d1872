using Backup.Core.Archives;
using Backup.Core.Archives.Indexing;
using Backup.Core.Archives.Manifest;
using Backup.Core.Compression;
using Backup.Core.ObjectStores;
using Backup.Core.Sinks;
using Backup.TestKit.Archives;

namespace Backup.Core.Tests.Archives.Referencing;

/// <summary>A backup of an index without volumes: all that is needed to look entries up, in little time for very many of them.</summary>
internal static class MadeUpBackup
{
    /// <summary>The backup that holds what is referenced.</summary>
    public static readonly BackupId Older = new("20261101T000000Z-0001");

    private static readonly string AnySha256 = new('0', 64);

    /// <summary>Writes manifest and index.</summary>
    /// <param name="sink">Where to.</param>
    /// <param name="own">The entries of the backup's one volume, in the order of their writing.</param>
    /// <param name="referenced">Those that <see cref="Older"/> holds.</param>
    /// <param name="perPart">How many entries a part of the index lists.</param>
    public static Task<ArchiveReader> WriteAsync(
        IBackupSink sink, IEnumerable<IndexEntry> own, IEnumerable<IndexEntry>? referenced = null, int perPart = ArchiveLimits.MaxEntriesPerIndexPart) =>
        WritePartsAsync(sink, own.Chunk(perPart), (referenced ?? []).Chunk(perPart));

    /// <summary>Writes manifest and index, part by part. One that is given several times is packed once.</summary>
    public static async Task<ArchiveReader> WritePartsAsync(IBackupSink sink, IEnumerable<IndexEntry[]> own, IEnumerable<IndexEntry[]> referenced)
    {
        var ownParts = await PackAsync(sink, own, ArchiveNames.IndexPart);
        var referenceParts = await PackAsync(sink, referenced, ArchiveNames.ReferencePart);
        var (entries, references) = (ownParts.Sum(part => part.Entries), referenceParts.Sum(part => part.Entries));
        var isFull = references == 0;
        var manifest = ArchiveBuilder.ManifestOf(new ArchiveContents(
            [new VolumeRecord(ArchiveNames.Volume(1), 1, AnySha256, entries)],
            [.. ownParts.Select(part => new IndexPartRecord(part.Name, part.Bytes, part.Sha256, part.Entries, 1, part.FirstPath, part.LastPath))],
            entries,
            0,
            1)) with
        {
            FormatVersion = isFull ? FormatVersions.Plain : FormatVersions.Referencing,
            Kind = isFull ? BackupKind.Full : BackupKind.Incremental,
            Parent = isFull ? null : Older,
            Chain = isFull ? 0 : 1,
            ReferenceParts = isFull ? null : [.. referenceParts],
            References = isFull ? null : [new ReferenceRecord(Older, $"sha256:{AnySha256}", references, 0)],
        };
        await sink.WriteObjectAsync(
            ArchiveNames.InSink(manifest.Id, ArchiveNames.Manifest),
            ManifestFile.Serialize(manifest with { Totals = manifest.Totals with { Entries = entries + references, ReferencedEntries = references } }));
        return await ArchiveReader.OpenAsync(sink, manifest.Id, CancellationToken.None);
    }

    /// <summary>A page of a table.</summary>
    public static IndexEntry Page(string table, int number) => Entry(EntryPaths.Page(EntryPaths.TableFolder("public", table), number), number);

    /// <summary>An object.</summary>
    public static IndexEntry Object(StoredObject stored) =>
        Entry(EntryPaths.StoredObject(stored.Bucket, stored.Name), stored.Bytes ?? 0) with { Object = stored };

    /// <summary>An entry of which all sizes and digests follow from its path.</summary>
    public static IndexEntry Entry(string path, long bytes) => new()
    {
        Path = path,
        Volume = 1,
        Offset = bytes * 7,
        Method = CompressionMethod.Deflate,
        RawBytes = bytes,
        StoredBytes = bytes / 2,
        Crc32 = (uint)bytes,
        Digest = ContentHash.Compute(System.Text.Encoding.UTF8.GetBytes(path)),
    };

    private static async Task<List<ReferencePartRecord>> PackAsync(IBackupSink sink, IEnumerable<IndexEntry[]> chunks, Func<int, string> nameOf)
    {
        var parts = new List<ReferencePartRecord>();
        var packed = new Dictionary<IndexEntry[], PackedPart>();
        foreach (var chunk in chunks)
        {
            if (!packed.TryGetValue(chunk, out var part))
            {
                var packer = new IndexPartPacker();
                Array.ForEach(chunk, packer.Add);
                part = (await packer.PackAsync(CancellationToken.None))!;
                packed.Add(chunk, part);
            }

            var name = nameOf(parts.Count + 1);
            var published = new PublishedFiles(sink, ArchiveBuilder.Id, null);
            var sha256 = await published.WriteAsync(name, part.Bytes, CancellationToken.None);
            parts.Add(new ReferencePartRecord(name, part.Bytes.Length, sha256, part.Entries, part.FirstPath, part.LastPath));
        }

        return parts;
    }
}
