namespace Backup.Core.Postgres;

/// <summary>A bounded range of one table's rows: the unit of reading, an entry of the archive.</summary>
/// <param name="Table">The table.</param>
/// <param name="Number">The page's number in its table, from 1.</param>
/// <param name="FirstBlock">The first heap block; <see langword="null"/> when the relation is read whole.</param>
/// <param name="EndBlock">The block after the last; <see langword="null"/> when the range is open-ended, as a table's last page is.</param>
internal sealed record TablePage(TableInfo Table, int Number, long? FirstBlock, long? EndBlock);
