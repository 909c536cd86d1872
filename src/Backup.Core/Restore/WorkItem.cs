using Backup.Core.Postgres.Schema;

namespace Backup.Core.Restore;

/// <summary>Something that one connection does at a time: rows, an entry, or, when neither, what the end of all rows asks for.</summary>
/// <param name="Rows">The rows to load.</param>
/// <param name="Entry">The entry to make.</param>
internal readonly record struct WorkItem(LoadUnit? Rows, TocEntry? Entry);
