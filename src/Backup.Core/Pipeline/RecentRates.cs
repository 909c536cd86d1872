namespace Backup.Core.Pipeline;

/// <summary>How fast counts grew over the last seconds. For one thread at a time.</summary>
/// <remarks>A window of samples, not an average over the run: a person who watches wants to see that it has just become slow.</remarks>
internal sealed class RecentRates(TimeProvider timeProvider, long startedAt)
{
    /// <summary>How far back the rates look.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    private readonly Queue<Sample> _samples = new([new Sample(startedAt, default)]);
    private Sample _newest = new(startedAt, default);

    /// <summary>Adds a sample, unless it comes so soon after the last one that a rate between the two would be noise.</summary>
    public void Add(long now, RunCounts counts, TimeSpan leastDistance)
    {
        if (timeProvider.GetElapsedTime(_newest.At, now) < leastDistance)
        {
            return;
        }

        _newest = new Sample(now, counts);
        _samples.Enqueue(_newest);

        // The oldest sample is the last one at or before the beginning of the window.
        while (_samples.Count > 2 && timeProvider.GetElapsedTime(Second().At, now) >= Window)
        {
            _samples.Dequeue();
        }
    }

    /// <summary>How much of something came in a second; 0 while there is nothing to tell it from.</summary>
    public double PerSecond(Func<RunCounts, long> count)
    {
        var oldest = _samples.Peek();
        var seconds = timeProvider.GetElapsedTime(oldest.At, _newest.At).TotalSeconds;
        return seconds > 0 ? (count(_newest.Counts) - count(oldest.Counts)) / seconds : 0;
    }

    private Sample Second() => _samples.ElementAt(1);

    private readonly record struct Sample(long At, RunCounts Counts);
}
