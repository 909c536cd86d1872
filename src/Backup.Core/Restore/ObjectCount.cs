namespace Backup.Core.Restore;

/// <summary>A number of stored objects and their size.</summary>
/// <param name="Objects">How many.</param>
/// <param name="Bytes">Their size in bytes.</param>
public readonly record struct ObjectCount(long Objects, long Bytes);
