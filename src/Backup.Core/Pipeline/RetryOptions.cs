using System.ComponentModel.DataAnnotations;

namespace Backup.Core.Pipeline;

/// <summary>
/// How often what failed for a passing reason is tried again: opening a connection, reading a page, a call of the sink. Delays double
/// each time and have jitter. A store's own calls have retries of their own, and objects are tried again at the end of a run.
/// </summary>
public sealed class RetryOptions
{
    /// <summary>The default of <see cref="MaxAttempts"/>.</summary>
    public const int DefaultMaxAttempts = 4;

    /// <summary>The default of <see cref="BaseDelay"/>: half a second.</summary>
    public static readonly TimeSpan DefaultBaseDelay = TimeSpan.FromSeconds(0.5);

    /// <summary>The default of <see cref="MaxDelay"/>: 15 seconds.</summary>
    public static readonly TimeSpan DefaultMaxDelay = TimeSpan.FromSeconds(15);

    /// <summary>How often something is tried at the most, from 1, which is never again, to 20.</summary>
    /// <value><see cref="DefaultMaxAttempts"/> by default.</value>
    [Range(1, 20)]
    public int MaxAttempts { get; set; } = DefaultMaxAttempts;

    /// <summary>How long to wait before the second attempt, from 0 to one minute.</summary>
    /// <value><see cref="DefaultBaseDelay"/> by default.</value>
    public TimeSpan BaseDelay { get; set; } = DefaultBaseDelay;

    /// <summary>How long to wait before any attempt at the most, from <see cref="BaseDelay"/> to ten minutes.</summary>
    /// <value><see cref="DefaultMaxDelay"/> by default.</value>
    public TimeSpan MaxDelay { get; set; } = DefaultMaxDelay;

    /// <summary>The same settings apart from these.</summary>
    internal RetryOptions Copy() => (RetryOptions)MemberwiseClone();
}
