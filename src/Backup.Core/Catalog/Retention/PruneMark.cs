namespace Backup.Core.Catalog.Retention;

/// <summary>The content of a <c>prune-mark.json</c>.</summary>
/// <param name="MarkedAt">When the backup was marked.</param>
internal sealed record PruneMark(DateTimeOffset MarkedAt);
