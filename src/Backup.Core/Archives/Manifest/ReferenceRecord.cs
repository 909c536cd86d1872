namespace Backup.Core.Archives.Manifest;

/// <summary>A backup that physically holds entries of another one.</summary>
/// <param name="Id">The backup that holds them.</param>
/// <param name="Digest">The digest of its manifest, <c>sha256:</c> and 64 lower-case hex digits: with any other it is not the backup that was meant.</param>
/// <param name="Entries">How many entries it holds for the other one.</param>
/// <param name="StoredBytes">Their packed size, in bytes.</param>
public sealed record ReferenceRecord(BackupId Id, string Digest, long Entries, long StoredBytes);
