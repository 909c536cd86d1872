namespace Backup.Core.Pipeline.Stages.Rows;

/// <summary>What one reader reads next, one after another, and may ask the server for at once.</summary>
/// <param name="Tasks">A page, pages of one table, or the only pages of many small tables.</param>
internal readonly record struct PageBatch(IReadOnlyList<PageTask> Tasks);
