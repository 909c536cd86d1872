namespace Backup.Core.Archives.Zip;

/// <summary>What the end of a volume says of its central directory.</summary>
/// <param name="Entries">The number of entries.</param>
/// <param name="DirectoryOffset">Where the directory begins, in bytes.</param>
/// <param name="DirectoryBytes">Its size in bytes.</param>
internal readonly record struct ZipEnd(long Entries, long DirectoryOffset, long DirectoryBytes);
