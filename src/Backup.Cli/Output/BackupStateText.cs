using Backup.Core.Archives.Manifest;
using Backup.Core.Catalog;

namespace Backup.Cli.Output;

/// <summary>What a backup is and is good for, in words, the same in every command.</summary>
internal static class BackupStateText
{
    /// <summary>How it came to hold what it holds.</summary>
    public static string Kind(BackupKind kind) => kind switch
    {
        BackupKind.Incremental => "incremental",
        BackupKind.Merged => "merged",
        _ => "full",
    };

    /// <summary>Its state.</summary>
    public static string State(CatalogEntry entry)
    {
        var state = entry.State switch
        {
            BackupState.Damaged => "damaged",
            BackupState.BrokenReference => $"lacks {entry.BrokenReferences[0].Backup}, which is {Broken(entry.BrokenReferences[0].Kind)}",
            BackupState.WithFailures => $"{Words.Count(entry.Missing, "item")} missing",
            _ => "complete",
        };
        return entry.IsMarked ? $"{state}, being removed" : state;
    }

    /// <summary>What is wrong with a backup that is referred to.</summary>
    public static string Broken(BrokenReferenceKind kind) => kind switch
    {
        BrokenReferenceKind.Missing => "missing",
        BrokenReferenceKind.Damaged => "damaged",
        _ => "another one",
    };
}
