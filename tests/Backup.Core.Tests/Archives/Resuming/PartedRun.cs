using System.Globalization;
using System.Text;
using Backup.Core.Archives;
using Backup.Core.Archives.Manifest;
using Backup.Core.Archives.Resuming;
using Backup.Core.Compression;
using Backup.Core.ObjectStores;
using Backup.Core.Sinks;
using Backup.TestKit.Archives;
using Microsoft.Extensions.Time.Testing;

namespace Backup.Core.Tests.Archives.Resuming;

/// <summary>A run of three tables and some objects that can be suspended after a number of entries and taken up again.</summary>
internal sealed class PartedRun(IBackupSink sink, FakeTimeProvider time, bool allowMixed = false)
{
    public const string Fingerprint = "f";

    private static readonly NoCompressor None = new();
    private static readonly (string Name, int Pages)[] Tables = [("actor", 2), ("empty", 0), ("film", 3)];

    private readonly List<CheckpointTable> _added = [];
    private readonly List<CheckpointTable> _complete = [];
    private readonly List<((string Name, string Path) Table, CheckpointPage Page)> _pages = [];
    private readonly List<StoredObject> _stored = [];

    /// <summary>The names of all objects, in the order of a listing.</summary>
    public static IReadOnlyList<string> Objects { get; } = ["A", "a", "a/b", "c/d", "c/e", "f"];

    /// <summary>Runs one part: the first, or the next where there are checkpoints.</summary>
    /// <param name="entries">After how many entries it is suspended; <see langword="null"/> to go to the end.</param>
    /// <returns>What was committed; <see langword="null"/> when it was suspended.</returns>
    public async Task<BackupManifest?> RunAsync(int? entries = null)
    {
        await using var lease = await RunLease.AcquireAsync(sink, ArchiveBuilder.Id, time, CancellationToken.None);
        var hasBegun = await sink.ListAsync($"{ArchiveBuilder.Id}/checkpoint-").AnyAsync();
        var resumed = hasBegun ? await ResumeState.ReadAsync(sink, ArchiveBuilder.Id, time, CancellationToken.None) : null;
        var header = new RunHeader { Fingerprint = Fingerprint, Part = resumed?.NextPart ?? 1, StartedAt = time.GetUtcNow() };
        await using var writer = new ArchiveWriter(
            sink,
            ArchiveBuilder.Id,
            new ArchiveWriterOptions { MaxEntriesPerVolume = 2, Checkpoints = Take, Header = header, Lease = lease, TimeProvider = time },
            resumed);
        if (!await CopyAsync(writer, resumed, header.Part, entries))
        {
            await writer.SuspendAsync(CancellationToken.None);
            return null;
        }

        await writer.BeginClosingVolumeAsync(CancellationToken.None);
        await writer.AppendAsync(EntryPaths.RestoreGuide, "#"u8.ToArray(), None);
        foreach (var path in new[] { EntryPaths.Toc, EntryPaths.PreData, EntryPaths.PostData, EntryPaths.LoadData })
        {
            await writer.AppendAsync(path, "{}"u8.ToArray(), None);
        }

        using var settings = new MemoryStream();
        await BucketsFile.WriteAsync(settings, [new BucketInfo { Id = "b", Name = "b" }], CancellationToken.None);
        await writer.AppendAsync(EntryPaths.Buckets, settings.ToArray(), None);
        var manifest = ManifestOf(await writer.CompleteAsync(CancellationToken.None), resumed, writer.FirstVolume, header);
        await writer.CommitAsync(manifest, CancellationToken.None);
        return manifest;
    }

    private ValueTask<CheckpointContent> Take(CancellationToken cancellationToken)
    {
        var content = new CheckpointContent
        {
            Tables = [.. _added],
            Pages = [.. _pages.GroupBy(page => page.Table).Select(pages => PlanOf(pages.Key.Name, pages.Key.Path, pages.Select(page => page.Page)))],
        };
        _added.Clear();
        _pages.Clear();
        return ValueTask.FromResult(content);
    }

    private static CheckpointPages PlanOf(string name, string path, IEnumerable<CheckpointPage> pages) => new()
    {
        Schema = "public",
        Name = name,
        Path = path,
        Fingerprint = name,
        RelationFile = 1,
        HeapBlocks = 8,
        PageBlocks = 2,
        Pages = [.. pages],
    };

    private async Task<bool> CopyAsync(ArchiveWriter writer, ResumeState? resumed, int part, int? entries)
    {
        var left = entries ?? int.MaxValue;
        _complete.AddRange(resumed?.Tables ?? []);
        foreach (var (name, pages) in Tables.Where(table => !_complete.Any(kept => kept.Record.Name == table.Name)).ToList())
        {
            var begun = resumed?.Pages.SingleOrDefault(kept => kept.Name == name);
            var folder = begun?.Path ?? EntryPaths.TableFolder("public", name, part);
            foreach (var page in Enumerable.Range(1, pages).Except(begun?.Pages.Select(page => page.Number) ?? []))
            {
                if (left-- == 0)
                {
                    return false;
                }

                var rows = PageOf(name, page);
                await writer.AppendAsync(EntryPaths.Page(folder, page), rows, None);
                if (allowMixed)
                {
                    _pages.Add(((name, folder), new CheckpointPage(page, 1, rows.Length)));
                }
            }

            _pages.RemoveAll(page => page.Table.Name == name);
            var table = new CheckpointTable { Record = RecordOf(name, folder, pages) with { Mixed = begun is not null }, Fingerprint = name };
            _added.Add(table);
            _complete.Add(table);
        }

        var paths = resumed?.ObjectPaths ?? new ObjectPaths();
        foreach (var name in Objects)
        {
            if (resumed is not null && await resumed.Objects.HoldsAsync("b", name, CancellationToken.None))
            {
                continue;
            }

            if (left-- == 0)
            {
                return false;
            }

            var bytes = Encoding.UTF8.GetBytes(name);
            var stored = new StoredObject { Bucket = "b", Name = name, Bytes = bytes.Length };
            await writer.AppendAsync(
                new EntryHeader(paths.Assign("b", name), null, CompressionMethod.None, stored),
                ArchiveBuilder.ContentOf(bytes),
                [bytes],
                CancellationToken.None);
            _stored.Add(stored);
        }

        return true;
    }

    private BackupManifest ManifestOf(ArchiveContents contents, ResumeState? resumed, int firstVolume, RunHeader header)
    {
        var tables = _complete.Select(table => table.Record).OrderBy(table => table.Name, StringComparer.Ordinal).ToList();
        var superseded = contents.PageFolders.Except(tables.Select(table => table.Path)).Order(StringComparer.Ordinal).ToList();
        return ArchiveBuilder.ManifestOf(contents) with
        {
            FormatVersion = "1.2",
            Parts = resumed is null ? null :
            [
                .. resumed.Parts,
                new PartRecord { Number = header.Part, StartedAt = header.StartedAt, FinishedAt = time.GetUtcNow(), FirstVolume = firstVolume },
            ],
            Superseded = superseded.Count == 0 ? null : superseded,
            Database = new DatabaseSection
            {
                Name = "cinema",
                ServerVersion = "15.18",
                ServerVersionNumber = 150018,
                Encoding = "UTF8",
                SnapshotAt = header.StartedAt,
                Tables = tables,
            },
            Storage = new StorageSection
            {
                Location = "memory",
                Listing = ObjectListingMethod.Store,
                Buckets =
                [
                    new BucketRecord
                    {
                        Id = "b",
                        Path = "storage/b/",
                        Listed = Objects.Count,
                        Objects = _stored.Count + (resumed?.Buckets.GetValueOrDefault("b").Objects ?? 0),
                        RawBytes = _stored.Sum(item => item.Bytes!.Value) + (resumed?.Buckets.GetValueOrDefault("b").RawBytes ?? 0),
                    },
                ],
            },
            Totals = new BackupTotals(contents.Entries, tables.Sum(table => table.Rows), contents.RawBytes, contents.StoredBytes)
            {
                Objects = Objects.Count,
            },
        };
    }

    private static byte[] PageOf(string table, int page) => Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{page}\t{table}\n"));

    private static TableRecord RecordOf(string name, string folder, int pages) => new()
    {
        Schema = "public",
        Name = name,
        Path = folder,
        Columns = ["id", "name"],
        Pages = pages,
        Rows = pages,
        RawBytes = Enumerable.Range(1, pages).Sum(page => PageOf(name, page).Length),
    };
}
