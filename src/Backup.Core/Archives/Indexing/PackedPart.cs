namespace Backup.Core.Archives.Indexing;

/// <summary>Lines of the index, sorted and packed.</summary>
/// <param name="Bytes">The file's bytes.</param>
/// <param name="Entries">The number of lines.</param>
/// <param name="FirstPath">The path of the first entry.</param>
/// <param name="LastPath">The path of the last entry.</param>
internal sealed record PackedPart(ChunkedBuffer Bytes, int Entries, string FirstPath, string LastPath);
