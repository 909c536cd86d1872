using Backup.Core.Archives;

namespace Backup.Core.Catalog;

/// <summary>A backup that another one refers to, and that cannot give what it should.</summary>
/// <param name="Backup">The backup that is referred to.</param>
/// <param name="Kind">What is wrong with it.</param>
/// <param name="Entries">How many entries it should give.</param>
public sealed record BrokenReference(BackupId Backup, BrokenReferenceKind Kind, long Entries)
{
    /// <summary>One sentence for people.</summary>
    public override string ToString() => Kind switch
    {
        BrokenReferenceKind.Missing => $"Backup {Backup}, which holds {Entries} of its entries, is not there.",
        BrokenReferenceKind.Damaged => $"Backup {Backup}, which holds {Entries} of its entries, is damaged.",
        _ => $"Backup {Backup}, which holds {Entries} of its entries, is not the one that was referred to: its manifest has another digest.",
    };
}
