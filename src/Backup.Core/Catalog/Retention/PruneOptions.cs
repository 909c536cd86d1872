namespace Backup.Core.Catalog.Retention;

/// <summary>How a prune goes about it.</summary>
public sealed record PruneOptions
{
    /// <summary>Whether only to say what would be removed; nothing is written into the sink then.</summary>
    /// <value><see langword="false"/> by default.</value>
    public bool DryRun { get; init; }
}
