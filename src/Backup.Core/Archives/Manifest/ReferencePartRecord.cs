namespace Backup.Core.Archives.Manifest;

/// <summary>One part of a backup's references: entries whose bytes lie in other backups, sorted by path.</summary>
/// <param name="Name">The file's name inside the backup's folder: <c>references-0001.ndjson.gz</c>.</param>
/// <param name="Bytes">Its size in bytes.</param>
/// <param name="Sha256">The SHA-256 of the whole file, as 64 lower-case hex digits.</param>
/// <param name="Entries">The number of entries listed in it.</param>
/// <param name="FirstPath">The path of the first entry, so that a reader can skip a part without opening it.</param>
/// <param name="LastPath">The path of the last entry.</param>
public sealed record ReferencePartRecord(string Name, long Bytes, string Sha256, int Entries, string FirstPath, string LastPath);
