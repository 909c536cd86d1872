using Backup.Core.Archives.Manifest;
using Backup.Core.Postgres;
using Backup.Core.Postgres.LargeObjects;

namespace Backup.Core.Restore;

/// <summary>How far one table's rows are. Safe for several loaders at once.</summary>
/// <param name="table">The table as the manifest describes it.</param>
/// <param name="into">The partitioned table that takes its rows; <see langword="null"/> for itself.</param>
internal sealed class TableLoad(TableRecord table, QualifiedName? into = null)
{
    private int _touched;
    private int _loaded;
    private long _rows;
    private RestoreFailure? _failure;

    /// <summary>The table as the manifest describes it.</summary>
    public TableRecord Table { get; } = table;

    /// <summary>Its name.</summary>
    public QualifiedName Name { get; } = new(table.Schema, table.Name);

    /// <summary>Whether its rows are the contents of large objects, which are written by functions and in any order.</summary>
    public bool IsLargeObjects => Name == LargeObjectRelations.Contents;

    /// <summary>Whether a partitioned table takes the rows and gives each to the partition that it belongs to here.</summary>
    public bool IsDistributed { get; } = into is not null;

    /// <summary>The table that COPY names.</summary>
    public QualifiedName Target { get; } = into ?? new QualifiedName(table.Schema, table.Name);

    /// <summary>Why it failed first; <see langword="null"/> while it has not.</summary>
    public RestoreFailure? Failure => Volatile.Read(ref _failure);

    /// <summary>Whether all its rows are committed.</summary>
    public bool IsComplete => Failure is null && Volatile.Read(ref _loaded) == Table.Pages && Interlocked.Read(ref _rows) == Table.Rows;

    /// <summary>Whether rows may be in the table.</summary>
    public bool IsTouched => Volatile.Read(ref _touched) > 0;

    /// <summary>The rows committed.</summary>
    public long Rows => Interlocked.Read(ref _rows);

    /// <summary>Notes that rows may be committed from now on.</summary>
    public void Touch() => Interlocked.Increment(ref _touched);

    /// <summary>Notes that pages are committed.</summary>
    /// <returns>Whether they were the last.</returns>
    public bool Add(int pages, long rows)
    {
        Interlocked.Add(ref _rows, rows);
        return Interlocked.Add(ref _loaded, pages) == Table.Pages;
    }

    /// <summary>Notes a failure; the first one counts.</summary>
    /// <returns>Whether it was the first.</returns>
    public bool Fail(RestoreFailure failure) => Interlocked.CompareExchange(ref _failure, failure, null) is null;

    /// <summary>What there is to say once every page was offered: pages or rows that are not there.</summary>
    public RestoreFailure? FindShortfall()
    {
        if (Failure is not null || IsComplete)
        {
            return null;
        }

        return new RestoreFailure
        {
            Kind = TocKinds.TableData,
            Subject = Name.ToString(),
            Reason = _loaded != Table.Pages
                ? $"The backup's index holds {_loaded} pages of it, the manifest says {Table.Pages}."
                : $"Its pages hold {Rows} rows, the manifest says {Table.Rows}.",
            Hint = "Verify the backup and restore the table from another one.",
        };
    }
}
