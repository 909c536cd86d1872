using System.Text;
using Backup.Core.Archives;
using Backup.Core.Archives.Manifest;
using Backup.Core.Archives.Referencing;
using Backup.Core.Compression;
using Backup.Core.Sinks;
using Xunit;

namespace Backup.TestKit.Archives;

/// <summary>Backups of one small table, each upon another one: an incremental one changes one page and refers to the others.</summary>
internal static class SmallChain
{
    /// <summary>How many pages the table has.</summary>
    public const int Pages = 4;

    private const string Folder = "database/data/public.film/";

    /// <summary>Writes a backup.</summary>
    /// <param name="sink">Where to.</param>
    /// <param name="id">Its id, which also says when it was made.</param>
    /// <param name="parent">The backup upon which it is made; <see langword="null"/> for a full one.</param>
    /// <param name="changed">The page that has changed since the parent.</param>
    /// <param name="change">Changes the manifest before it is committed.</param>
    /// <param name="reference">Changes a reference before it is written.</param>
    public static async Task<BackupManifest> CreateAsync(
        IBackupSink sink,
        BackupId id,
        BackupId? parent = null,
        int changed = 1,
        Func<BackupManifest, BackupManifest>? change = null,
        Func<IndexEntry, IndexEntry>? reference = null)
    {
        var older = parent is { } parentId ? await ArchiveReader.OpenAsync(sink, parentId, CancellationToken.None) : null;
        await using var writer = new ArchiveWriter(sink, id, OptionsOf(older));
        await writer.AppendAsync(EntryPaths.RestoreGuide, "# How to restore\n"u8.ToArray(), new NoCompressor());
        foreach (var path in (string[])[EntryPaths.Toc, EntryPaths.PreData, EntryPaths.LoadData, EntryPaths.PostData])
        {
            await writer.AppendAsync(path, "{}"u8.ToArray(), new DeflateCompressor());
        }

        var rawBytes = 0L;
        for (var page = 1; page <= Pages; page++)
        {
            var path = EntryPaths.Page(Folder, page);
            if (older is not null && page != changed)
            {
                var entry = await older.FindAsync(path, CancellationToken.None);
                entry = entry! with { Backup = entry.Backup ?? older.Manifest.Id };
                await writer.AddReferenceAsync(reference?.Invoke(entry) ?? entry, CancellationToken.None);
                rawBytes += entry.RawBytes;
            }
            else
            {
                var rows = RowsOf(id, page);
                await writer.AppendAsync(path, rows, new ZstandardCompressor());
                rawBytes += rows.Length;
            }
        }

        var manifest = ManifestOf(id, older?.Manifest, await writer.CompleteAsync(CancellationToken.None), rawBytes);
        manifest = change?.Invoke(manifest) ?? manifest;
        await writer.CommitAsync(manifest, CancellationToken.None);
        return manifest;
    }

    /// <summary>Reads every entry of a backup, wherever it lies: fails unless all is as it was written.</summary>
    public static async Task AssertWholeAsync(IBackupSink sink, BackupId id)
    {
        var reader = await ArchiveReader.OpenAsync(sink, id, CancellationToken.None);
        var entries = 0;
        await foreach (var entry in reader.ReadIndexAsync("", CancellationToken.None))
        {
            await using var stream = await reader.OpenEntryAsync(entry, CancellationToken.None);
            await stream.CopyToAsync(Stream.Null);
            entries++;
        }

        Assert.Equal(reader.Manifest.Totals.Entries, entries);
    }

    private static ArchiveWriterOptions OptionsOf(ArchiveReader? older) => older is null
        ? new ArchiveWriterOptions { MaxEntriesPerVolume = 5 }
        : new ArchiveWriterOptions { MaxEntriesPerVolume = 5, Referable = ReferableBackups.Of(older.Manifest) };

    private static byte[] RowsOf(BackupId id, int page) =>
        Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(1, 10).Select(row => $"{row}\tpage {page} of {id}\n")));

    private static BackupManifest ManifestOf(BackupId id, BackupManifest? parent, ArchiveContents contents, long rawBytes) => new()
    {
        FormatVersion = contents.FormatVersion,
        Id = id,
        Kind = parent is null ? BackupKind.Full : BackupKind.Incremental,
        Parent = parent?.Id,
        Chain = parent is null ? 0 : parent.Chain + 1,
        WrittenBy = "Backup.Core tests",
        StartedAt = id.StartedAt,
        FinishedAt = id.StartedAt + TimeSpan.FromMinutes(1),
        Volumes = contents.Volumes,
        IndexParts = contents.IndexParts,
        ReferenceParts = contents.ReferenceParts,
        References = contents.References,
        Totals = contents.ToTotals(Pages * 10, 0),
        Database = new DatabaseSection
        {
            Name = "cinema",
            ServerVersion = "15.18",
            ServerVersionNumber = 150018,
            Encoding = "UTF8",
            SnapshotAt = id.StartedAt,
            Tables =
            [
                new TableRecord
                {
                    Schema = "public",
                    Name = "film",
                    Path = Folder,
                    Columns = ["id", "title"],
                    Pages = Pages,
                    Rows = Pages * 10,
                    RawBytes = rawBytes,
                },
            ],
        },
    };
}
