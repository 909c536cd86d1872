namespace Backup.Core.Archives.Manifest;

/// <summary>One zip file of a backup.</summary>
/// <param name="Name">The file's name inside the backup's folder: <c>volume-0001.zip</c>.</param>
/// <param name="Bytes">Its size in bytes.</param>
/// <param name="Sha256">The SHA-256 of the whole file, as 64 lower-case hex digits.</param>
/// <param name="Entries">The number of entries in it.</param>
public sealed record VolumeRecord(string Name, long Bytes, string Sha256, int Entries);
