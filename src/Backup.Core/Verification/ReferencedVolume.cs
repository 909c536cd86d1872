using Backup.Core.Archives;

namespace Backup.Core.Verification;

/// <summary>A volume of another backup that holds entries of the verified one.</summary>
/// <param name="Backup">The other backup.</param>
/// <param name="Number">The volume's number.</param>
internal readonly record struct ReferencedVolume(BackupId Backup, int Number) : IComparable<ReferencedVolume>
{
    /// <summary>Where an entry lies that another backup holds.</summary>
    public static ReferencedVolume Of(IndexEntry entry) => new(entry.Backup!.Value, entry.Volume);

    /// <inheritdoc/>
    public int CompareTo(ReferencedVolume other) =>
        Backup.CompareTo(other.Backup) is var order and not 0 ? order : Number.CompareTo(other.Number);
}
