namespace Backup.Core.Catalog;

/// <summary>What is wrong with a backup that another one refers to.</summary>
public enum BrokenReferenceKind
{
    /// <summary>It is not there.</summary>
    Missing,

    /// <summary>Its manifest cannot be read, or a file that the manifest names is missing or of another size.</summary>
    Damaged,

    /// <summary>It is not the one that was referred to: its manifest has another digest.</summary>
    Changed,
}
