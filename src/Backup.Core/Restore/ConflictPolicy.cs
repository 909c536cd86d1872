namespace Backup.Core.Restore;

/// <summary>What a restore does with a stored object that the bucket already holds.</summary>
public enum ConflictPolicy
{
    /// <summary>
    /// An object that is identical stays as it is, one that differs is overwritten. Identical means: same size, same ETag, and
    /// same content type, cache control and user metadata where the store keeps them. ETags of different stores differ even for
    /// the same bytes; the object is then uploaded again.
    /// </summary>
    SkipIdentical,

    /// <summary>It is overwritten, whatever it is.</summary>
    Overwrite,

    /// <summary>It stays as it is and is named in <see cref="RestoreResult.Failures"/>.</summary>
    Fail,
}
