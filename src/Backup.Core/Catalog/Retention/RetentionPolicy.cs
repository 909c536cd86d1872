namespace Backup.Core.Catalog.Retention;

/// <summary>
/// Which backups are kept. A backup is kept when any rule keeps it; the rules are those of restic's <c>forget</c>
/// (https://restic.readthedocs.io/en/stable/060_forget.html#removing-snapshots-according-to-a-policy).
/// </summary>
/// <remarks>
/// <para>Backups of different sources in one place (another database or server, another Storage or prefix) are judged apart, as if each
/// source had the policy for itself. What counts as the time of a backup is the instant that it shows: that of its snapshot, or of the
/// start of its run where it holds no database.</para>
/// <para>Days, weeks, months and years are those of the calendar in <see cref="TimeZone"/>, weeks as ISO 8601 has them. Of each the newest
/// backup is kept, and those without a backup do not count. Where fewer backups are there than a rule would keep, it keeps the
/// oldest as well, so that the history becomes as long as it can.</para>
/// <para>Whatever the rules say, the last good backup of a source stays, and so does every backup that a kept one, or a run that is
/// going on or suspended, refers to.</para>
/// </remarks>
public sealed record RetentionPolicy
{
    /// <summary>The default of <see cref="MinimumAge"/>: 1 hour.</summary>
    public static readonly TimeSpan DefaultMinimumAge = TimeSpan.FromHours(1);

    /// <summary>How many of the newest backups are kept.</summary>
    /// <value>0 by default: the rule keeps none.</value>
    public int KeepLast { get; init; }

    /// <summary>Of how many days with backups the newest one is kept.</summary>
    /// <value>0 by default: the rule keeps none.</value>
    public int KeepDaily { get; init; }

    /// <summary>Of how many weeks with backups the newest one is kept.</summary>
    /// <value>0 by default: the rule keeps none.</value>
    public int KeepWeekly { get; init; }

    /// <summary>Of how many months with backups the newest one is kept.</summary>
    /// <value>0 by default: the rule keeps none.</value>
    public int KeepMonthly { get; init; }

    /// <summary>Of how many years with backups the newest one is kept.</summary>
    /// <value>0 by default: the rule keeps none.</value>
    public int KeepYearly { get; init; }

    /// <summary>
    /// Keeps all backups that are less than this older than the newest one of their source, so that nothing goes away where no
    /// backups are made any more. A newest one that claims to be of the future does not count.
    /// </summary>
    /// <value><see cref="TimeSpan.Zero"/> by default: the rule keeps none.</value>
    public TimeSpan KeepWithin { get; init; }

    /// <summary>A backup whose run ended less than this ago is never removed.</summary>
    /// <value><see cref="DefaultMinimumAge"/>.</value>
    public TimeSpan MinimumAge { get; init; } = DefaultMinimumAge;

    /// <summary>Where days, weeks, months and years begin.</summary>
    /// <value><see cref="TimeZoneInfo.Utc"/> by default.</value>
    public TimeZoneInfo TimeZone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>Refuses a policy that makes no sense.</summary>
    /// <exception cref="ArgumentException">No rule keeps anything.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number or a time is negative.</exception>
    internal void ThrowIfInvalid()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(KeepLast);
        ArgumentOutOfRangeException.ThrowIfNegative(KeepDaily);
        ArgumentOutOfRangeException.ThrowIfNegative(KeepWeekly);
        ArgumentOutOfRangeException.ThrowIfNegative(KeepMonthly);
        ArgumentOutOfRangeException.ThrowIfNegative(KeepYearly);
        ArgumentOutOfRangeException.ThrowIfLessThan(KeepWithin, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(MinimumAge, TimeSpan.Zero);
        ArgumentNullException.ThrowIfNull(TimeZone);
        if ((KeepLast | KeepDaily | KeepWeekly | KeepMonthly | KeepYearly) == 0 && KeepWithin == TimeSpan.Zero)
        {
            // Most likely a setting that did not arrive. Nobody means to remove all but the last backup by saying nothing.
            throw new ArgumentException("The policy keeps nothing: give at least one of its rules.");
        }
    }
}
