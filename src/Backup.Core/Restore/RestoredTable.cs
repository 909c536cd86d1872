namespace Backup.Core.Restore;

/// <summary>What became of one table's rows.</summary>
/// <param name="Schema">The schema's true name.</param>
/// <param name="Name">The table's true name.</param>
/// <param name="Rows">The rows in the table: all of the backup's, or none.</param>
/// <param name="RawBytes">Their size as text, in bytes.</param>
/// <param name="IsComplete">Whether all rows are there. A table that is not complete is empty.</param>
public sealed record RestoredTable(string Schema, string Name, long Rows, long RawBytes, bool IsComplete);
