using Backup.Core.Compression;

namespace Backup.Core.Archives;

/// <summary>What is known of an entry before its bytes.</summary>
/// <param name="Path">The path in the zip; follows <see cref="EntryPaths.IsValid"/>.</param>
/// <param name="Name">The true name from outside where the path had to be encoded; otherwise <see langword="null"/>.</param>
/// <param name="Method">How the bytes are packed.</param>
internal readonly record struct EntryHeader(string Path, string? Name, CompressionMethod Method);
