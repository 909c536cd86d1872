using System.CommandLine;
using System.Globalization;
using Backup.Cli.Output;
using Backup.Core.Catalog.Retention;

namespace Backup.Cli.Commands;

/// <summary>The options of <c>prune</c> that say which backups are kept.</summary>
internal sealed class RetentionOptions
{
    private static readonly TimeSpan MaxTime = TimeSpan.FromDays(36_525);

    private readonly Option<int> _last = Count("--keep-last", "Keep the N newest backups.");
    private readonly Option<int> _daily = Count("--keep-daily", "Keep the newest backup of each of the last N days that have one.");
    private readonly Option<int> _weekly = Count("--keep-weekly", "Keep the newest backup of each of the last N weeks that have one.");
    private readonly Option<int> _monthly = Count("--keep-monthly", "Keep the newest backup of each of the last N months that have one.");
    private readonly Option<int> _yearly = Count("--keep-yearly", "Keep the newest backup of each of the last N years that have one.");
    private readonly Option<TimeSpan?> _within = Time("--keep-within", "30d", "Keep all backups that are less than this older than the newest one.");
    private readonly Option<TimeSpan?> _minimumAge = Time("--min-age", "1h", "Never remove a backup that was finished less than this ago. Default: 1h.");

    private readonly Option<TimeZoneInfo> _timeZone = new("--time-zone")
    {
        Description = "Where days, weeks, months and years begin, such as Europe/Berlin. Default: UTC.",
        HelpName = "ZONE",
        DefaultValueFactory = _ => TimeZoneInfo.Utc,
        CustomParser = result =>
        {
            if (TimeZoneInfo.TryFindSystemTimeZoneById(result.Tokens[0].Value, out var zone))
            {
                return zone;
            }

            result.AddError($"'{result.Tokens[0].Value}' is no time zone that this system knows: write it like Europe/Berlin.");
            return null;
        },
    };

    private Option[] Rules => [_last, _daily, _weekly, _monthly, _yearly, _within];

    /// <summary>Adds the options to a command, and the rule that joins them.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[.. Rules, _minimumAge, _timeZone])
        {
            command.Add(option);
        }

        command.Validators.Add(result =>
        {
            if (Rules.All(option => result.GetResult(option) is null or { Implicit: true }))
            {
                result.AddError($"Nothing says what is kept: give at least one of {string.Join(", ", Rules.Select(option => option.Name))}.");
            }
        });
    }

    /// <summary>The policy that the options give.</summary>
    public RetentionPolicy ToPolicy(ParseResult line) => new()
    {
        KeepLast = line.GetValue(_last),
        KeepDaily = line.GetValue(_daily),
        KeepWeekly = line.GetValue(_weekly),
        KeepMonthly = line.GetValue(_monthly),
        KeepYearly = line.GetValue(_yearly),
        KeepWithin = line.GetValue(_within) ?? TimeSpan.Zero,
        MinimumAge = line.GetValue(_minimumAge) ?? RetentionPolicy.DefaultMinimumAge,
        TimeZone = line.GetRequiredValue(_timeZone),
    };

    private static Option<int> Count(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "N",
        CustomParser = result =>
        {
            // Zero would turn the rule off: whoever writes it means something else.
            if (int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0)
            {
                return count;
            }

            result.AddError($"'{result.Tokens[0].Value}' is no number for {name}: write 1 or more.");
            return 0;
        },
    };

    private static Option<TimeSpan?> Time(string name, string example, string description) => new(name)
    {
        Description = description,
        HelpName = example,
        CustomParser = result =>
        {
            if (DurationText.TryParse(result.Tokens[0].Value, out var time) && time >= TimeSpan.Zero && time <= MaxTime)
            {
                return time;
            }

            result.AddError($"'{result.Tokens[0].Value}' is no time for {name}: write it like 30d, 2w, 12h or 45m, up to 100 years.");
            return null;
        },
    };
}
