namespace Backup.Core.Catalog;

/// <summary>What a backup is good for, as far as the manifests of a sink and the sizes of its files say.</summary>
public enum BackupState
{
    /// <summary>It holds all that it should.</summary>
    Complete,

    /// <summary>Items failed while it was made, and are missing; the rest is there.</summary>
    WithFailures,

    /// <summary>It refers to a backup that is missing, damaged or another one: it cannot be restored whole.</summary>
    BrokenReference,

    /// <summary>Its manifest cannot be read, or a file that the manifest names is missing or of another size.</summary>
    Damaged,
}
