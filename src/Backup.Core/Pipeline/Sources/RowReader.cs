using Backup.Core.Postgres;

namespace Backup.Core.Pipeline.Sources;

/// <summary>Reads pages, one at a time. For one caller, who awaits each call where it is made: behind a read the next one may block.</summary>
internal abstract class RowReader : IAsyncDisposable
{
    /// <summary>Whether another page can be opened after one that failed.</summary>
    public abstract bool IsUsable { get; }

    /// <summary>Whether the snapshot still stands: without it no reader can go on.</summary>
    public abstract bool IsSnapshotHeld { get; }

    /// <summary>Opens a lost connection anew, on the same snapshot. No page is open.</summary>
    /// <exception cref="Errors.DatabaseException">It cannot be had, or the snapshot is gone with it.</exception>
    public abstract Task ReopenAsync(CancellationToken cancellationToken);

    /// <summary>Says which pages will be begun next, in that order; a reader may ask the server for all of them at once.</summary>
    /// <param name="pages">Pages of one table or of several. What is said again of pages that were asked for already changes nothing.</param>
    public abstract void Announce(IReadOnlyList<TablePage> pages);

    /// <summary>Begins a page.</summary>
    /// <exception cref="Errors.DatabaseException">The page cannot be read; it must be closed all the same.</exception>
    public abstract Task OpenAsync(TablePage page, CancellationToken cancellationToken);

    /// <summary>Reads rows as COPY text, each ending in a newline: as many bytes as fit, 0 at the end of the page.</summary>
    /// <exception cref="Errors.DatabaseException">The page cannot be read to its end; it must be closed all the same.</exception>
    public abstract ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken);

    /// <summary>Ends the page, wherever the reading stands.</summary>
    public abstract ValueTask CloseAsync();

    /// <summary>Ends the page, if one is open, and the reader.</summary>
    public abstract ValueTask DisposeAsync();
}
