using System.Globalization;
using System.Text;
using Backup.Core.Archives;
using Backup.Core.Archives.Manifest;
using Backup.Core.Archives.Referencing;
using Backup.Core.Compression;
using Backup.Core.ObjectStores;
using Backup.Core.Sinks;
using Backup.TestKit.Archives;

namespace Backup.Core.Tests.Archives.Referencing;

/// <summary>
/// A database of two tables and a bucket on three days: a full backup and two incremental ones upon one another, each in another codec.
/// On the third day an object has another path than before, because one came whose name differs from its own only in case.
/// </summary>
internal static class ChainScene
{
    private const string Actor = "database/data/public.actor/";
    private const string Film = "database/data/public.film/";

    /// <summary>The days, in order.</summary>
    public static readonly IReadOnlyList<ChainDay> Days =
    [
        new(new BackupId("20261121T031500Z-0001"), new DeflateCompressor(), ["1 1 1", "2 1 2", "3 1 3"], [("a", "first a"), ("c/d", "d"), ("e", "first e")]),
        new(new BackupId("20261122T031500Z-0002"), new NoCompressor(), ["1 1 1", "2 2 2", "3 1 3", "4 2"], [("a", "first a"), ("e", "second e"), ("f", "f")]),
        new(new BackupId("20261123T031500Z-0003"), new ZstandardCompressor(), ["1 3", "2 2 2", "3 1 3", "4 2"], [("A", "third A"), ("a", "first a"), ("e", "second e")]),
    ];

    /// <summary>Writes all backups.</summary>
    public static async Task WriteAsync(IBackupSink sink)
    {
        ArchiveReader? parent = null;
        foreach (var day in Days)
        {
            await WriteAsync(sink, day, parent);
            parent = await ArchiveReader.OpenAsync(sink, day.Id, CancellationToken.None);
        }
    }

    /// <summary>What all entries of a day hold, by their paths.</summary>
    public static IReadOnlyDictionary<string, string> ContentOf(ChainDay day) =>
        EntriesOf(day).ToDictionary(entry => entry.Path, entry => entry.Text, StringComparer.Ordinal);

    private static async Task WriteAsync(IBackupSink sink, ChainDay day, ArchiveReader? parent)
    {
        var options = new ArchiveWriterOptions { MaxEntriesPerVolume = 5 };
        await using var writer = new ArchiveWriter(
            sink, day.Id, parent is null ? options : options with { Referable = ReferableBackups.Of(parent.Manifest) });
        foreach (var (path, text, stored) in EntriesOf(day))
        {
            var raw = Encoding.UTF8.GetBytes(text);
            var before = parent is null || IsAlwaysOwn(path) ? null : await FindAsync(parent, path, stored);
            if (before is not null && before.Digest == ContentHash.Compute(raw))
            {
                await writer.AddReferenceAsync(
                    IncrementalScene.ReferenceTo(before, parent!.Manifest.Id, path) with { Object = stored }, CancellationToken.None);
            }
            else
            {
                await writer.AppendAsync(
                    new EntryHeader(path, null, day.Compressor.Method, stored),
                    ArchiveBuilder.ContentOf(raw),
                    [ArchiveBuilder.Pack(day.Compressor, raw)],
                    CancellationToken.None);
            }
        }

        var manifest = ManifestOf(day, await writer.CompleteAsync(CancellationToken.None), parent?.Manifest);
        await writer.CommitAsync(manifest, CancellationToken.None);
    }

    private static bool IsAlwaysOwn(string path) => path is EntryPaths.RestoreGuide or EntryPaths.LoadData or EntryPaths.Buckets;

    private static async Task<IndexEntry?> FindAsync(ArchiveReader parent, string path, StoredObject? stored) =>
        await parent.ReadIndexAsync(string.Empty, CancellationToken.None)
            .FirstOrDefaultAsync(entry => stored is null ? entry.Path == path : entry.Object?.Name == stored.Name);

    private static IEnumerable<(string Path, string Text, StoredObject? Object)> EntriesOf(ChainDay day)
    {
        yield return (EntryPaths.RestoreGuide, "# Golden\n", null);
        yield return (EntryPaths.Buckets, """[{"id":"b","name":"b","public":false}]""", null);
        yield return (EntryPaths.Toc, """{"version":1,"entries":[]}""", null);
        yield return (EntryPaths.PreData, "-- golden\n", null);
        yield return (EntryPaths.PostData, "-- golden\n", null);
        yield return (EntryPaths.Page(Actor, 1), "1\tactor\n", null);
        for (var page = 1; page <= day.Pages.Length; page++)
        {
            yield return (EntryPaths.Page(Film, page), day.Pages[page - 1].Replace(' ', '\n') + "\n", null);
        }

        var paths = new ObjectPaths();
        foreach (var (name, text) in day.Objects)
        {
            yield return (paths.Assign("b", name), text, new StoredObject { Bucket = "b", Name = name, ETag = $"\"{text}\"", Bytes = text.Length });
        }

        yield return (EntryPaths.LoadData, string.Create(CultureInfo.InvariantCulture, $"-- {day.Pages.Length} pages\n"), null);
    }

    private static BackupManifest ManifestOf(ChainDay day, ArchiveContents contents, BackupManifest? parent)
    {
        TableRecord[] tables = [TableOf("actor", Actor, ["1 actor"]), TableOf("film", Film, day.Pages)];
        return IncrementalScene.ManifestOf(contents, day.Id, parent) with
        {
            StartedAt = day.Id.StartedAt,
            FinishedAt = day.Id.StartedAt.AddMinutes(1),
            Database = new DatabaseSection
            {
                Name = "cinema",
                ServerVersion = "15.18",
                ServerVersionNumber = 150018,
                Encoding = "UTF8",
                SnapshotAt = day.Id.StartedAt,
                SchemaFingerprint = "golden",
                Tables = tables,
            },
            Storage = new StorageSection
            {
                Location = "memory",
                Listing = ObjectListingMethod.Database,
                Buckets =
                [
                    new BucketRecord
                    {
                        Id = "b",
                        Path = "storage/b/",
                        Listed = day.Objects.Length,
                        Objects = day.Objects.Length,
                        RawBytes = day.Objects.Sum(item => item.Text.Length),
                    },
                ],
            },
            Totals = contents.ToTotals(tables.Sum(table => table.Rows), day.Objects.Length),
        };
    }

    private static TableRecord TableOf(string name, string folder, string[] pages) => new()
    {
        Schema = "public",
        Name = name,
        Path = folder,
        Columns = ["id"],
        Pages = pages.Length,
        Rows = name == "actor" ? 1 : pages.Sum(page => page.Split(' ').Length),
        RawBytes = pages.Sum(page => page.Length + 1),
        PageBlocks = 128,
        Activity = new TableActivity { Oid = 16385, RelationFile = 16385, Fingerprint = name, Inserted = 9, Updated = 1, Deleted = 0, Epoch = "golden" },
    };
}

/// <summary>One day of the chain.</summary>
/// <param name="Id">The backup of that day.</param>
/// <param name="Compressor">How it packs what it stores.</param>
/// <param name="Pages">The pages of a table: rows between spaces.</param>
/// <param name="Objects">The objects of the bucket, in the order of a listing.</param>
internal sealed record ChainDay(BackupId Id, ICompressor Compressor, string[] Pages, (string Name, string Text)[] Objects);
