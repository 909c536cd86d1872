using Backup.Core.Archives.Manifest;

namespace Backup.Core.Pipeline.Incremental;

/// <summary>What kind of backup a run makes.</summary>
/// <param name="Base">What it builds on; <see langword="null"/> where it makes a full one.</param>
/// <param name="Reason">Why it is full though an incremental one was asked for, or builds on another backup than might be expected;
/// <see langword="null"/> where it is simply what was asked for.</param>
internal sealed record RunKind(IncrementalBase? Base, string? Reason)
{
    /// <summary>A full backup, as was asked for.</summary>
    public static readonly RunKind Full = new(null, null);

    /// <summary>The kind, as manifests name it.</summary>
    public BackupKind Kind => Base is null ? BackupKind.Full : BackupKind.Incremental;
}
