namespace Backup.Core.Pipeline;

/// <summary>How far the download of one object has come.</summary>
/// <param name="Bucket">The bucket's id.</param>
/// <param name="Name">The object's name.</param>
/// <param name="Bytes">What has been read, in bytes.</param>
/// <param name="TotalBytes">The object's size in bytes; <see langword="null"/> while it is not known.</param>
public sealed record ObjectProgress(string Bucket, string Name, long Bytes, long? TotalBytes);
