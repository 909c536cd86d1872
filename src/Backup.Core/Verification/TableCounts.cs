using System.Collections.Concurrent;
using System.Globalization;
using Backup.Core.Archives;
using Backup.Core.Archives.Manifest;

namespace Backup.Core.Verification;

/// <summary>Counts the pages, bytes and rows of each table and compares them with the manifest. Rows may be counted by several threads.</summary>
internal sealed class TableCounts
{
    private const string PageSuffix = ".copy";

    private readonly Dictionary<string, Count> _counts;
    private readonly List<Count> _byNumber = [];

    // Folders of tables that failed after pages of them had been written, or that were read anew: those pages are passed over.
    private readonly HashSet<string> _leftOver;

    public TableCounts(BackupManifest manifest)
    {
        _leftOver = manifest.Failures.Select(failure => failure.Path).OfType<string>().Concat(manifest.Superseded ?? [])
            .ToHashSet(StringComparer.Ordinal);
        _counts = new Dictionary<string, Count>(StringComparer.Ordinal);
        foreach (var table in manifest.Database?.Tables ?? [])
        {
            var count = new Count(table, _byNumber.Count);
            if (_counts.TryAdd(table.Path, count))
            {
                _byNumber.Add(count);
            }
            else
            {
                Duplicates.Add(table);
            }
        }
    }

    private ConcurrentBag<TableRecord> Duplicates { get; } = [];

    /// <summary>The number of the table whose page an entry is, for <see cref="AddRows"/>.</summary>
    /// <returns>The number; <see langword="null"/> when it is no page.</returns>
    public int? FindTable(IndexEntry entry) => _counts.TryGetValue(FolderOf(entry.Path), out var count) ? count.Number : null;

    /// <summary>Counts a page that the index lists.</summary>
    public void AddPage(VerificationRun run, IndexEntry entry)
    {
        if (!_counts.TryGetValue(FolderOf(entry.Path), out var count))
        {
            if (entry.Path.StartsWith("database/data/", StringComparison.Ordinal) && !_leftOver.Contains(FolderOf(entry.Path)))
            {
                run.Find(VerificationFindingKind.Unexpected, entry.Path, "The manifest names no table whose page this is.");
            }

            return;
        }

        count.Pages++;
        count.HasPagesElsewhere |= entry.Backup is not null;
        count.RawBytes += (UInt128)entry.RawBytes;
        var name = entry.Path.AsSpan(count.Table.Path.Length);
        if (!name.EndsWith(PageSuffix, StringComparison.Ordinal)
            || !int.TryParse(name[..^PageSuffix.Length], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || number < 1 || number > count.Table.Pages
            || EntryPaths.Page(count.Table.Path, number) != entry.Path)
        {
            run.Find(VerificationFindingKind.Unexpected, entry.Path, $"The table has the pages 1 to {count.Table.Pages}; this is none of them.");
        }
    }

    /// <summary>Counts rows of a page of a table.</summary>
    public void AddRows(int table, long rows) => Interlocked.Add(ref _byNumber[table].Rows, rows);

    /// <summary>Compares pages and bytes with the manifest, once the whole index has been counted.</summary>
    public void ComparePages(VerificationRun run)
    {
        foreach (var table in Duplicates)
        {
            run.Find(
                VerificationFindingKind.Unsafe, ArchiveNames.Manifest, $"Two tables claim the folder {table.Path}, one of them {table.Schema}.{table.Name}.");
        }

        foreach (var count in _counts.Values)
        {
            Compare(run, count.Table, "pages", count.Table.Pages, (UInt128)count.Pages);
            Compare(run, count.Table, "raw bytes", count.Table.RawBytes, count.RawBytes);
        }
    }

    /// <summary>Compares rows with the manifest, once all volumes have been read.</summary>
    /// <param name="run">Takes what is found.</param>
    /// <param name="manifest">The manifest.</param>
    /// <param name="isFull">Whether pages that other backups hold were read too; otherwise tables that have such pages are passed over.</param>
    public void CompareRows(VerificationRun run, BackupManifest manifest, bool isFull)
    {
        foreach (var count in _counts.Values.Where(count => isFull || !count.HasPagesElsewhere))
        {
            Compare(run, count.Table, "rows", count.Table.Rows, (UInt128)count.Rows);
        }

        var total = _counts.Values.Sum(count => count.Table.Rows);
        if (total != manifest.Totals.Rows)
        {
            run.Find(
                VerificationFindingKind.Inconsistent,
                ArchiveNames.Manifest,
                $"It says {manifest.Totals.Rows} rows in all, its tables {total}.");
        }
    }

    private static void Compare(VerificationRun run, TableRecord table, string what, long expected, UInt128 actual)
    {
        if ((UInt128)expected != actual)
        {
            run.Find(
                VerificationFindingKind.Inconsistent, table.Path, $"The manifest says {expected} {what}, the backup holds {actual}.");
        }
    }

    private static string FolderOf(string path) => path[..(path.LastIndexOf('/') + 1)];

    private sealed class Count(TableRecord table, int number)
    {
        public long Rows;

        public int Number { get; } = number;

        public bool HasPagesElsewhere { get; set; }

        public TableRecord Table { get; } = table;

        public int Pages { get; set; }

        public UInt128 RawBytes { get; set; }
    }
}
