using Backup.Core.Compression;
using Backup.Core.ObjectStores;

namespace Backup.Core.Archives;

/// <summary>What is known of an entry before its bytes.</summary>
/// <param name="Path">The path in the zip; follows <see cref="EntryPaths.IsValid"/>.</param>
/// <param name="Name">The true name from outside where the path had to be encoded; otherwise <see langword="null"/>.</param>
/// <param name="Method">How the bytes are packed.</param>
/// <param name="Object">What the store knows of the object that the entry holds; <see langword="null"/> for other entries.</param>
internal readonly record struct EntryHeader(string Path, string? Name, CompressionMethod Method, StoredObject? Object = null);
