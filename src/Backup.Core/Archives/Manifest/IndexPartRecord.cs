namespace Backup.Core.Archives.Manifest;

/// <summary>One part of a backup's index.</summary>
/// <param name="Name">The file's name inside the backup's folder: <c>index-0001.ndjson.gz</c>.</param>
/// <param name="Bytes">Its size in bytes.</param>
/// <param name="Sha256">The SHA-256 of the whole file, as 64 lower-case hex digits.</param>
/// <param name="Entries">The number of entries listed in it.</param>
public sealed record IndexPartRecord(string Name, long Bytes, string Sha256, int Entries);
