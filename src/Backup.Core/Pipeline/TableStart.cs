using Backup.Core.Archives.Manifest;
using Backup.Core.Pipeline.Incremental;
using Backup.Core.Postgres;

namespace Backup.Core.Pipeline;

/// <summary>Where a part of a run begins with a table: what it keeps of earlier parts, and how it reads the rest.</summary>
internal sealed record TableStart
{
    private static readonly HashSet<int> NoPages = [];

    /// <summary>The folder of the pages.</summary>
    public required string Folder { get; init; }

    /// <summary>How the table is cut into pages.</summary>
    public required PageLayout Layout { get; init; }

    /// <summary>The table as an earlier part completed it; <see langword="null"/> when there is something to read.</summary>
    public TableRecord? Kept { get; init; }

    /// <summary>The numbers of the pages that earlier parts stored, of a table that is mixed of several snapshots.</summary>
    public IReadOnlySet<int> HeldPages { get; init; } = NoPages;

    /// <summary>What the parent of an incremental run has of the table, where its pages may be the same; <see langword="null"/> for nothing.</summary>
    public ParentTable? Parent { get; init; }

    /// <summary>Whether the server's statistics say that it is as the parent has it, and are trusted.</summary>
    public bool IsUnchanged { get; init; }

    /// <summary>How many pages are kept.</summary>
    public int Pages { get; init; }

    /// <summary>How many rows they hold.</summary>
    public long Rows { get; init; }

    /// <summary>Their size, in bytes.</summary>
    public long RawBytes { get; init; }

    /// <summary>Whether pages are to be remembered one by one, because a later part may go on behind them.</summary>
    public bool RemembersPages { get; init; }

    /// <summary>The part of the table's blocks that is kept, from 0 to 1.</summary>
    public double Fraction => Kept is not null ? 1
        : Layout is { PageBlocks: > 0, HeapBlocks: > 0 } ? Math.Min(1, HeldPages.Count * (double)Layout.PageBlocks / Layout.HeapBlocks) : 0;
}
