namespace Backup.Core.Verification;

/// <summary>What is wrong with a part of a backup.</summary>
public enum VerificationFindingKind
{
    /// <summary>A file or an entry that the backup names is not there.</summary>
    Missing,

    /// <summary>A file or an entry is there that the backup does not name.</summary>
    Unexpected,

    /// <summary>A file or an entry has another size than the backup says.</summary>
    WrongSize,

    /// <summary>A digest or a checksum does not match the bytes.</summary>
    WrongDigest,

    /// <summary>Bytes are not what the format allows: they cannot be parsed or unpacked.</summary>
    Malformed,

    /// <summary>Two parts of the backup say different things of the same item.</summary>
    Inconsistent,

    /// <summary>A name that could leave its folder, or two entries that claim the same bytes or the same name.</summary>
    Unsafe,

    /// <summary>A newer major version of the format, which this library does not read.</summary>
    UnsupportedVersion,

    /// <summary>The file could not be read: the sink or its medium failed.</summary>
    Unreadable,
}
