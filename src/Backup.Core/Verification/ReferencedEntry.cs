namespace Backup.Core.Verification;

/// <summary>An entry that another backup holds.</summary>
/// <param name="Entry">What the verified backup says of it, with the path that it has in the other one.</param>
/// <param name="Table">The number of the table whose page it is; <see langword="null"/> where it is none.</param>
/// <param name="IsObject">Whether it is a stored object.</param>
internal readonly record struct ReferencedEntry(VolumeEntry Entry, int? Table, bool IsObject);
