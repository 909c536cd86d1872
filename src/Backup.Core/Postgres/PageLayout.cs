namespace Backup.Core.Postgres;

/// <summary>How a relation is cut into pages: what a page's number means.</summary>
/// <param name="HeapBlocks">The heap's size in blocks; the last page takes what has come behind them.</param>
/// <param name="PageBlocks">The blocks of a page; 0 where the one page is the whole relation.</param>
internal readonly record struct PageLayout(long HeapBlocks, long PageBlocks);
