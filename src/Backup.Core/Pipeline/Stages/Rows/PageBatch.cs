namespace Backup.Core.Pipeline.Stages.Rows;

/// <summary>What one reader reads next, one after another: a page, or the only pages of many small tables.</summary>
/// <param name="Tasks">The pages; more than one only where each is a whole table, read without a query.</param>
internal readonly record struct PageBatch(IReadOnlyList<PageTask> Tasks);
