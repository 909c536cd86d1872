using System.Text;
using Backup.Core.Archives;
using Backup.Core.Archives.Manifest;
using Backup.Core.Compression;
using Backup.Core.Sinks;
using Backup.TestKit.Archives;

namespace Backup.Core.Tests.Verification;

/// <summary>A backup of a database with two tables in two volumes, with every codec and a streamed entry, of a few kilobytes.</summary>
internal static class SmallBackup
{
    private static readonly byte[] Films = Encoding.UTF8.GetBytes("1\tAlien\n2\tBrazil\n3\tCube\n");
    private static readonly byte[] MoreFilms = Encoding.UTF8.GetBytes("4\tDune\n");
    private static readonly byte[] Actors = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(1, 60).Select(i => $"{i}\tactor\n")));

    /// <summary>Writes the backup.</summary>
    /// <param name="sink">Where to.</param>
    /// <param name="id">Its id.</param>
    /// <param name="change">Changes the manifest before it is committed.</param>
    /// <param name="append">Appends further entries.</param>
    public static async Task<BackupManifest> CreateAsync(
        IBackupSink sink,
        BackupId? id = null,
        Func<BackupManifest, BackupManifest>? change = null,
        Func<ArchiveWriter, Task>? append = null)
    {
        var backup = id ?? ArchiveBuilder.Id;
        await using var writer = new ArchiveWriter(sink, backup, new ArchiveWriterOptions { MaxEntriesPerVolume = 5 });
        var deflate = new DeflateCompressor();
        await writer.AppendAsync(EntryPaths.RestoreGuide, "# How to restore\n"u8.ToArray(), deflate);
        await writer.AppendAsync(EntryPaths.Toc, "{}"u8.ToArray(), new NoCompressor());
        await writer.AppendAsync(EntryPaths.PreData, "SELECT 1;\n"u8.ToArray(), new NoCompressor());
        await writer.StreamAsync("database/data/public.actor/000001.copy", Actors, new ZstandardCompressor());
        await writer.AppendAsync("database/data/public.film/000001.copy", Films, deflate);
        await writer.AppendAsync("database/data/public.film/000002.copy", MoreFilms, deflate);
        await writer.AppendAsync(EntryPaths.LoadData, "\\copy\n"u8.ToArray(), deflate);
        await writer.AppendAsync(EntryPaths.PostData, [], deflate);
        await (append?.Invoke(writer) ?? Task.CompletedTask);
        var manifest = ArchiveBuilder.ManifestOf(await writer.CompleteAsync(CancellationToken.None)) with
        {
            Id = backup,
            Database = new DatabaseSection
            {
                Name = "cinema",
                ServerVersion = "15.18",
                ServerVersionNumber = 150018,
                Encoding = "UTF8",
                SnapshotAt = new DateTimeOffset(2026, 11, 22, 3, 15, 0, TimeSpan.Zero),
                Tables =
                [
                    Table("actor", 1, 60, Actors.Length),
                    Table("film", 2, 4, Films.Length + MoreFilms.Length),
                ],
            },
        };
        manifest = manifest with { Totals = manifest.Totals with { Rows = 64 } };
        manifest = change?.Invoke(manifest) ?? manifest;
        await writer.CommitAsync(manifest, CancellationToken.None);
        return manifest;
    }

    private static TableRecord Table(string name, int pages, long rows, long rawBytes) => new()
    {
        Schema = "public",
        Name = name,
        Path = EntryPaths.TableFolder("public", name),
        Columns = ["id", "name"],
        Pages = pages,
        Rows = rows,
        RawBytes = rawBytes,
    };
}
