namespace Backup.Cli.Documents;

/// <summary>The values of a document's <c>status</c>.</summary>
internal static class DocumentStatus
{
    /// <summary>All that was asked for was done.</summary>
    public const string Complete = "complete";

    /// <summary>The command went to its end, but some items failed.</summary>
    public const string CompletedWithFailures = "completedWithFailures";

    /// <summary>A run was suspended by its time budget.</summary>
    public const string Suspended = "suspended";

    /// <summary>A dry run: nothing was changed.</summary>
    public const string Planned = "planned";

    /// <summary>The verified backup is damaged.</summary>
    public const string Damaged = "damaged";

    /// <summary>The command line or a setting is wrong.</summary>
    public const string Usage = "usage";

    /// <summary>The command failed.</summary>
    public const string Failed = "failed";

    /// <summary>The command was cancelled.</summary>
    public const string Cancelled = "cancelled";
}
