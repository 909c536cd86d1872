namespace Backup.Core.Merging;

/// <summary>How a merge ended.</summary>
public enum MergeOutcome
{
    /// <summary>There is a new backup, which needs no other.</summary>
    Merged,

    /// <summary>Nothing was done: the backup needs no other one as it is.</summary>
    NotNeeded,

    /// <summary>Nothing was done: an earlier merge of the same backup is there.</summary>
    AlreadyMerged,
}
