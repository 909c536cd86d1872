namespace Backup.Core.Hosting.Probes;

/// <summary>What came of trying to write into a folder.</summary>
/// <param name="Fault">Why it cannot be written; <see langword="null"/> when it can.</param>
/// <param name="FreeBytes">The free space, in bytes; <see langword="null"/> when it is not known.</param>
internal readonly record struct FolderProbe(string? Fault, long? FreeBytes);
