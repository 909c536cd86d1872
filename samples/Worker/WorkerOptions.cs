using System.ComponentModel.DataAnnotations;
using Cronos;
using Microsoft.Extensions.Options;

namespace Worker;

/// <summary>What to back up, where to, and when: the section <c>Backup</c> of the configuration.</summary>
public sealed class WorkerOptions
{
    public const string Section = "Backup";

    /// <summary>The database: a connection string or a <c>postgres://</c> URI. From a secret store or the variable <c>Backup__Database</c>.</summary>
    public string? Database { get; set; }

    /// <summary>The address of the Supabase project whose buckets are backed up too.</summary>
    public Uri? StorageUrl { get; set; }

    /// <summary>Its service key. From a secret store or the variable <c>Backup__StorageKey</c>.</summary>
    public string? StorageKey { get; set; }

    /// <summary>The folder that the backups are kept in.</summary>
    [Required]
    public string Folder { get; set; } = "";

    /// <summary>When to back up: a cron expression of five fields, in <see cref="TimeZone"/>.</summary>
    [Required]
    public string Schedule { get; set; } = "15 3 * * *";

    /// <summary>The time zone of <see cref="Schedule"/>; daylight saving neither skips nor doubles a run.</summary>
    [Required]
    public string TimeZone { get; set; } = "UTC";

    /// <summary>How long one run may take, such as a night; what is left then is done at the next time of the schedule.</summary>
    public TimeSpan? TimeBudget { get; set; }

    /// <summary>Whether each backup is verified right after it was made.</summary>
    public bool Verify { get; set; } = true;
}

/// <summary>Checks what one setting alone does not tell, so that a mistake ends the start and not the night's run.</summary>
internal sealed class WorkerOptionsValidator : IValidateOptions<WorkerOptions>
{
    public ValidateOptionsResult Validate(string? name, WorkerOptions options)
    {
        var failures = new List<string>();
        if (options.Database is null && options.StorageUrl is null)
        {
            failures.Add($"Set {WorkerOptions.Section}:{nameof(options.Database)}, {nameof(options.StorageUrl)} or both: there is nothing to back up.");
        }

        if (!CronExpression.TryParse(options.Schedule, out _))
        {
            failures.Add($"{WorkerOptions.Section}:{nameof(options.Schedule)} is '{options.Schedule}'; it must be a cron expression of five fields.");
        }

        if (!TimeZoneInfo.TryFindSystemTimeZoneById(options.TimeZone, out _))
        {
            failures.Add($"{WorkerOptions.Section}:{nameof(options.TimeZone)} is '{options.TimeZone}', which this system does not know.");
        }

        return failures.Count > 0 ? ValidateOptionsResult.Fail(failures) : ValidateOptionsResult.Success;
    }
}
