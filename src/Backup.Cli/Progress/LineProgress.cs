using System.Globalization;

namespace Backup.Cli.Progress;

/// <summary>Writes a line at each change of phase and every few seconds between: for logs.</summary>
internal sealed class LineProgress(Action<string> writeLine, TimeProvider timeProvider) : ProgressDisplay
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private string? _phase;
    private long _writtenAt;

    /// <inheritdoc/>
    public override void Report(ProgressSnapshot snapshot)
    {
        if (snapshot.Phase == ProgressSnapshot.Over
            || (snapshot.Phase == _phase && timeProvider.GetElapsedTime(_writtenAt) < Interval))
        {
            return;
        }

        var isBeginning = snapshot.Phase != _phase && snapshot.Percent == 0;
        _phase = snapshot.Phase;
        _writtenAt = timeProvider.GetTimestamp();
        if (isBeginning)
        {
            writeLine(snapshot.Phase);
            return;
        }

        string[] parts = [string.Create(CultureInfo.InvariantCulture, $"{snapshot.Percent:0} %"), .. snapshot.Facts];
        writeLine($"{snapshot.Phase}: {string.Join(", ", parts)}");
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
