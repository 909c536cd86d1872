using System.IO.Hashing;
using System.Text;
using Backup.Core.Archives;
using Backup.Core.Archives.Manifest;
using Backup.Core.Compression;
using Backup.Core.Postgres.Schema;
using Backup.Core.Sinks;

namespace Backup.Core.IntegrationTests.Restore;

/// <summary>A valid archive whose content no backup run would write: rows that do not fit, statements that fail.</summary>
internal sealed class HandMadeBackup
{
    public static readonly BackupId Id = new("20261122T031500Z-7f3a");

    private readonly List<TocEntry> _entries = [];
    private readonly List<(string Table, string[] Pages)> _tables = [];

    /// <summary>Adds an object of the schema <c>public</c>.</summary>
    public HandMadeBackup With(TocSection section, string kind, string name, string create, string? table = null, params string[] needs)
    {
        _entries.Add(new TocEntry
        {
            Id = _entries.Count + 1,
            Section = section,
            Kind = kind,
            Schema = "public",
            Name = name,
            Table = table,
            Create = create + ";\n",
            Drop = kind == "TABLE" ? $"DROP TABLE IF EXISTS public.{name};\n" : null,
            DependsOn = [.. _entries.Where(entry => needs.Contains(entry.Name)).Select(entry => entry.Id)],
        });
        return this;
    }

    /// <summary>Adds a table with one column, and its rows by pages.</summary>
    public HandMadeBackup WithTable(string name, params string[] pages)
    {
        With(TocSection.PreData, "TABLE", name, $"CREATE TABLE public.{name} (id int)", name);
        _tables.Add((name, pages));
        return this;
    }

    /// <summary>Adds rows of a table that the backup does not make, as those of an extension are.</summary>
    public HandMadeBackup WithRowsOnly(string name, params string[] pages)
    {
        _tables.Add((name, pages));
        return this;
    }

    /// <summary>Changes the entry added last.</summary>
    public HandMadeBackup Change(Func<TocEntry, TocEntry> change)
    {
        _entries[^1] = change(_entries[^1]);
        return this;
    }

    /// <summary>Writes the backup.</summary>
    public async Task<InMemorySink> WriteAsync()
    {
        var sink = new InMemorySink();
        var codec = new NoCompressor();
        await using var writer = new ArchiveWriter(sink, Id, new ArchiveWriterOptions());
        using var toc = new MemoryStream();
        await TocFile.WriteAsync(toc, new DatabaseSchema(_entries), CancellationToken.None);
        await AppendAsync(EntryPaths.Toc, toc.ToArray());
        foreach (var (table, pages) in _tables)
        {
            for (var page = 0; page < pages.Length; page++)
            {
                await AppendAsync(EntryPaths.Page(EntryPaths.TableFolder("public", table), page + 1), Encoding.UTF8.GetBytes(pages[page]));
            }
        }

        var contents = await writer.CompleteAsync(CancellationToken.None);
        await writer.CommitAsync(ToManifest(contents), CancellationToken.None);
        return sink;

        async Task AppendAsync(string path, byte[] raw) => await writer.AppendAsync(
            new EntryHeader(path, null, codec.Method),
            new EntryContent(raw.Length, Crc32.HashToUInt32(raw), ContentHash.Compute(raw)),
            [raw],
            CancellationToken.None);
    }

    private BackupManifest ToManifest(ArchiveContents contents) => new()
    {
        FormatVersion = "1.0",
        Id = Id,
        WrittenBy = "Backup.Core tests",
        StartedAt = new DateTimeOffset(2026, 11, 22, 3, 15, 0, TimeSpan.Zero),
        FinishedAt = new DateTimeOffset(2026, 11, 22, 3, 16, 0, TimeSpan.Zero),
        Volumes = contents.Volumes,
        IndexParts = contents.IndexParts,
        Totals = new BackupTotals(contents.Entries, 0, contents.RawBytes, contents.StoredBytes),
        Database = new DatabaseSection
        {
            Name = "made",
            ServerVersion = "15.0",
            ServerVersionNumber = 150000,
            Encoding = "UTF8",
            SnapshotAt = new DateTimeOffset(2026, 11, 22, 3, 15, 0, TimeSpan.Zero),
            Tables =
            [
                .. _tables.Select(item => new TableRecord
                {
                    Schema = "public",
                    Name = item.Table,
                    Path = EntryPaths.TableFolder("public", item.Table),
                    Columns = ["id"],
                    Pages = item.Pages.Length,
                    Rows = item.Pages.Sum(page => page.Count(character => character == '\n')),
                    RawBytes = item.Pages.Sum(page => page.Length),
                }),
            ],
        },
    };
}
