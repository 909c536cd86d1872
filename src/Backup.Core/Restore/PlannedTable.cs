namespace Backup.Core.Restore;

/// <summary>One table whose rows a restore loads.</summary>
/// <param name="Schema">The schema's true name.</param>
/// <param name="Name">The table's true name.</param>
/// <param name="Pages">How many pages hold the rows.</param>
/// <param name="Rows">The number of rows.</param>
/// <param name="RawBytes">Their size as text, in bytes.</param>
public sealed record PlannedTable(string Schema, string Name, int Pages, long Rows, long RawBytes);
