namespace Backup.Core.Pipeline.Suspension;

/// <summary>When a run with a time budget stops taking work, and when it drops what is still in flight. For any number of threads.</summary>
/// <remarks>
/// What is left of the budget then closes the open volume and makes it durable. A run without a budget never reaches either.
/// </remarks>
internal sealed class RunDeadline : IDisposable
{
    /// <summary>The part of the budget that is kept back for the end.</summary>
    public const double ReserveShare = 0.15;

    /// <summary>The least that is kept back, of a budget that is at least twice as long.</summary>
    public static readonly TimeSpan MinReserve = TimeSpan.FromSeconds(2);

    /// <summary>The most that is kept back.</summary>
    public static readonly TimeSpan MaxReserve = TimeSpan.FromMinutes(1);

    private readonly CancellationTokenSource? _stop;
    private readonly CancellationTokenSource? _drop;

    /// <summary>Starts to count.</summary>
    /// <param name="budget">The time that the run may take; <see langword="null"/> for as long as it takes.</param>
    /// <param name="timeProvider">The clock.</param>
    public RunDeadline(TimeSpan? budget, TimeProvider timeProvider)
    {
        if (budget is { } time)
        {
            var reserve = ReserveOf(time);
            _stop = new CancellationTokenSource(time - reserve, timeProvider);
            _drop = new CancellationTokenSource(time - (reserve / 2), timeProvider);
        }
    }

    /// <summary>Whether nothing new is to be begun.</summary>
    public bool IsReached => _stop?.IsCancellationRequested ?? false;

    /// <summary>Cancelled when nothing new is to be begun.</summary>
    public CancellationToken StopToken => _stop?.Token ?? CancellationToken.None;

    /// <summary>Cancelled when what is in flight is to be dropped.</summary>
    public CancellationToken DropToken => _drop?.Token ?? CancellationToken.None;

    /// <summary>How much of a budget is kept back for the end.</summary>
    public static TimeSpan ReserveOf(TimeSpan budget)
    {
        var reserve = budget * ReserveShare;
        if (reserve > MaxReserve)
        {
            return MaxReserve;
        }

        return reserve >= MinReserve ? reserve : TimeSpan.FromTicks(Math.Min(MinReserve.Ticks, budget.Ticks / 2));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop?.Dispose();
        _drop?.Dispose();
    }
}
