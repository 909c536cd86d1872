namespace Backup.Cli.Progress;

/// <summary>Shows nothing.</summary>
internal sealed class NoProgress : ProgressDisplay
{
    /// <inheritdoc/>
    public override void Report(ProgressSnapshot snapshot)
    {
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
