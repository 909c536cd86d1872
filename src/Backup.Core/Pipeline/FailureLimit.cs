using System.Globalization;

namespace Backup.Core.Pipeline;

/// <summary>How many items of one kind may fail before the whole run does. Immutable; compared by value.</summary>
public sealed record FailureLimit
{
    /// <summary>The most failures that a backup can name: 100,000. One more fails the run under any limit.</summary>
    public const int MaxNamed = 100_000;

    private FailureLimit(int maxCount, double? maxShare)
    {
        MaxCount = maxCount;
        MaxShare = maxShare;
    }

    /// <summary>Nothing may fail: the first failure ends the run, and nothing is committed.</summary>
    public static FailureLimit FailFast { get; } = new(0, null);

    /// <summary>The run goes on whatever fails, up to <see cref="MaxNamed"/>; each failure is named.</summary>
    public static FailureLimit Continue { get; } = new(MaxNamed, null);

    /// <summary>The most that may fail; 0 when nothing may.</summary>
    public int MaxCount { get; }

    /// <summary>The largest part of all items that may fail, from 0 to 1; <see langword="null"/> when only the number counts.</summary>
    public double? MaxShare { get; }

    /// <summary>Whether the first failure ends the run.</summary>
    internal bool IsFailFast => MaxCount == 0;

    /// <summary>The run goes on while no more than a number of items fail.</summary>
    /// <param name="count">The number, from 0 to <see cref="MaxNamed"/>; 0 is <see cref="FailFast"/>.</param>
    /// <returns>The limit.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative or greater than <see cref="MaxNamed"/>.</exception>
    public static FailureLimit AtMost(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MaxNamed);
        return new FailureLimit(count, null);
    }

    /// <summary>
    /// The run goes on while no more than a part of all items fail. Where it is not known beforehand how many there are, as with a
    /// listing by the Storage API, it is judged when all are known.
    /// </summary>
    /// <param name="share">The part, from 0 to 1: 0.01 for one in a hundred; 0 is <see cref="FailFast"/>.</param>
    /// <returns>The limit.</returns>
    /// <exception cref="ArgumentOutOfRangeException">It is not from 0 to 1.</exception>
    public static FailureLimit AtMostShare(double share)
    {
        if (!(share is >= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(share), share, "A share is from 0 to 1.");
        }

        return share == 0 ? FailFast : new FailureLimit(MaxNamed, share);
    }

    /// <summary>The limit for people: <c>at most 10</c>, <c>at most 1 %</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => this switch
    {
        { MaxShare: { } share } => string.Create(CultureInfo.InvariantCulture, $"at most {share * 100:0.###} %"),
        { MaxCount: 0 } => "none",
        { MaxCount: MaxNamed } => "any number",
        _ => string.Create(CultureInfo.InvariantCulture, $"at most {MaxCount}"),
    };

    /// <summary>Whether there are too many failures.</summary>
    /// <param name="failures">How many there are.</param>
    /// <param name="total">Of how many items; <see langword="null"/> while that is not known.</param>
    internal bool IsExceededBy(long failures, long? total) =>
        failures > MaxCount || (MaxShare is { } share && total is { } all && failures > share * all);
}
