using Backup.Core.Archives.Resuming;

namespace Backup.Core.Pipeline;

/// <summary>What the archive holds of a table's pages. Guarded by its owner's lock.</summary>
internal sealed class StoredPages
{
    private List<CheckpointPage>? _new;

    /// <summary>Begins with what earlier parts of the run have stored.</summary>
    public StoredPages(TableStart start)
    {
        Pages = start.Pages;
        Rows = start.Rows;
        RawBytes = start.RawBytes;
        _new = start.RemembersPages ? [] : null;
    }

    /// <summary>How many pages.</summary>
    public int Pages { get; private set; }

    /// <summary>Their rows.</summary>
    public long Rows { get; private set; }

    /// <summary>Their size, in bytes.</summary>
    public long RawBytes { get; private set; }

    /// <summary>How many of them another backup holds.</summary>
    public int ReusedPages { get; private set; }

    /// <summary>The size of these, in bytes.</summary>
    public long ReusedBytes { get; private set; }

    /// <summary>Counts a page.</summary>
    public void Add(int number, long rows, long bytes, bool isReused)
    {
        Add(1, rows, bytes);
        ReusedPages += isReused ? 1 : 0;
        ReusedBytes += isReused ? bytes : 0;
        _new?.Add(new CheckpointPage(number, rows, bytes));
    }

    /// <summary>Counts pages of which no more is known.</summary>
    public void Add(int pages, long rows, long bytes)
    {
        Pages += pages;
        Rows += rows;
        RawBytes += bytes;
    }

    /// <summary>The pages that were counted since this was asked last; empty unless they are to be remembered.</summary>
    public IReadOnlyList<CheckpointPage> TakeNew()
    {
        if (_new is not { Count: > 0 } pages)
        {
            return [];
        }

        _new = [];
        return pages;
    }
}
