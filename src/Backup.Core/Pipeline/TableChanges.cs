using Backup.Core.Postgres;

namespace Backup.Core.Pipeline;

/// <summary>What has become of one table since the parent of an incremental backup.</summary>
/// <param name="Table">The table.</param>
/// <param name="Stored">The pages that are new or differ: they are stored.</param>
/// <param name="Reused">The pages that are as they were: they are referenced.</param>
/// <param name="Dropped">The parent's pages that the backup has no use for, replaced ones among them; all of them where the table is gone.</param>
public sealed record TableChanges(QualifiedName Table, ChangeAmount Stored, ChangeAmount Reused, ChangeAmount Dropped);
