namespace Backup.Cli.Progress;

/// <summary>Shows progress until it is disposed.</summary>
internal abstract class ProgressDisplay : IAsyncDisposable
{
    /// <summary>Shows how far the command is now. Cheap; called from the library's threads, by one at a time.</summary>
    public abstract void Report(ProgressSnapshot snapshot);

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();

    /// <summary>Shows the progress that the library reports in its own type.</summary>
    public IProgress<T> From<T>(Func<T, ProgressSnapshot> convert) => new Converter<T>(this, convert);

    private sealed class Converter<T>(ProgressDisplay display, Func<T, ProgressSnapshot> convert) : IProgress<T>
    {
        public void Report(T value) => display.Report(convert(value));
    }
}
