namespace Backup.Core.Archives;

/// <summary>The files of a backup that an abort could not delete.</summary>
/// <param name="Names">Their names inside the backup's folder; some may never have become visible.</param>
/// <param name="Cause">Why the first of them could not be deleted.</param>
internal sealed record LeftFiles(IReadOnlyList<string> Names, Exception Cause);
